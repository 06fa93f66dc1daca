"""All that a merchant sells can be reached from their page."""

import re

import pytest
from bs4 import BeautifulSoup

from shop.changes import merchants_with_list
from tests.shop.factories import make_product


def stock(merchant, count):
    return [make_product(merchant, title=f"Article {number:03}") for number in range(1, count + 1)]


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def articles_of(page):
    return [link["href"] for link in page.select(".product-card a") if "/boutique/produits/" in link["href"]]


@pytest.mark.parametrize(
    ("count", "shown", "label"),
    [(0, 0, None), (1, 1, None), (12, 12, None), (13, 12, "Voir les 13 articles"), (60, 12, "Voir les 60 articles")],
)
def test_every_article_can_be_reached_from_the_merchants_page(client, bakery, count, shown, label):
    products = stock(bakery, count)

    page = read(client, bakery.public_path)
    found = articles_of(page)
    assert len(set(found)) == shown

    links = [link for link in page.find_all("a") if re.match(r"Voir les \d", link.get_text().strip())]
    assert [" ".join(link.get_text().split()) for link in links] == ([label] if label else [])
    address = links[0]["href"] if links else ""
    while address:
        page = read(client, address)
        found += articles_of(page)
        following = page.find("a", rel="next")
        address = f"{bakery.public_path}produits/{following['href']}" if following else ""

    assert set(found) == {product.get_absolute_url() for product in products}


@pytest.mark.parametrize(("count", "pages"), [(13, 1), (24, 1), (25, 2), (60, 3)])
def test_each_page_of_the_list_has_its_own_name_and_address(client, bakery, settings, count, pages):
    stock(bakery, count)
    names = set()

    for number in range(1, pages + 1):
        path = f"{bakery.public_path}produits/" + (f"?page={number}" if number > 1 else "")
        page = read(client, path)
        assert page.find("link", rel="canonical")["href"] == f"{settings.SITE_URL}{path}"
        assert len(page.find_all("h1")) == 1
        assert bakery.title in page.h1.get_text()
        assert page.find("meta", attrs={"name": "robots"})["content"] == "index, follow"
        names.add((page.title.get_text(), page.find("meta", attrs={"name": "description"})["content"]))

    assert len({title for title, _ in names}) == len({description for _, description in names}) == pages
    assert client.get(f"{bakery.public_path}produits/?page={pages + 1}").status_code == 404
    assert client.get(f"{bakery.public_path}produits/?page=deux").status_code == 404


@pytest.mark.parametrize("count", [0, 1, 12])
def test_who_sells_what_her_page_shows_has_no_list_apart(client, bakery, count):
    stock(bakery, count)

    response = client.get(f"{bakery.public_path}produits/")

    assert response.status_code == 302
    assert response["Location"] == f"{bakery.public_path}#produits"
    assert not merchants_with_list().exists()


def test_a_merchant_who_left_has_no_list(client, bakery):
    stock(bakery, 13)
    bakery.unpublish()

    assert client.get(f"{bakery.public_path}produits/").status_code == 404


def test_the_list_shows_her_own_articles_on_sale_alone(client, bakery, picodon):
    hidden = stock(bakery, 14)[0]
    hidden.is_public = False
    hidden.save()

    found = articles_of(read(client, f"{bakery.public_path}produits/"))

    assert len(set(found)) == 13
    assert not {hidden.get_absolute_url(), picodon.get_absolute_url()} & set(found)


@pytest.mark.parametrize("count", [2, 13])
def test_all_articles_are_one_click_from_each(client, bakery, count):
    product = stock(bakery, count)[-1]

    page = read(client, product.get_absolute_url())

    (link,) = (link for link in page.find_all("a") if "Tout voir" in link.get_text())
    assert link["href"] == f"{bakery.public_path}{'produits/' if count > 12 else '#produits'}"


def test_the_number_of_queries_does_not_grow_with_the_articles(client, bakery, django_assert_max_num_queries):
    stock(bakery, 13)
    client.get(f"{bakery.public_path}produits/")
    with django_assert_max_num_queries(21) as few:
        client.get(f"{bakery.public_path}produits/")
        client.get(bakery.public_path)
    for number in range(14, 61):
        make_product(bakery, title=f"Article {number:03}")

    with django_assert_max_num_queries(len(few)):
        client.get(f"{bakery.public_path}produits/")
        client.get(bakery.public_path)


def test_the_sitemap_names_the_list_from_the_thirteenth_article_on(client, bakery, cheesemonger, settings):
    stock(bakery, 13)
    stock(cheesemonger, 12)

    listed = re.findall(r"<loc>([^<]+/produits/)</loc>", client.get("/sitemap-pages.xml").content.decode())

    assert listed == [f"{settings.SITE_URL}{bakery.public_path}produits/"]


@pytest.mark.django_db(transaction=True)
def test_a_new_article_is_on_the_list_at_once(client, bakery, settings):
    settings.PAGE_SECONDS = 60
    stock(bakery, 13)
    assert len(set(articles_of(read(client, f"{bakery.public_path}produits/")))) == 13

    new = make_product(bakery, title="Brioche")

    assert new.get_absolute_url() in articles_of(read(client, f"{bakery.public_path}produits/"))
