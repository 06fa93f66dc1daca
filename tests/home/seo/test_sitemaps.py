"""The sitemap lists each indexable page once, with the date it changed, and no other."""

from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from home.seo.sitemaps import Merchants, Products
from tests.factories import make_merchant
from tests.shop.factories import make_product

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(autouse=True)
def public_address(settings):
    settings.SITE_URL = "https://www.region.example"


def read(client, path):
    """Return {address: date or None} of a sitemap or of the index."""
    response = client.get(path)
    assert response.status_code == 200
    tree = ElementTree.fromstring(response.content)
    return {entry.findtext("s:loc", "", NAMESPACE): entry.findtext("s:lastmod", None, NAMESPACE) for entry in tree}


def make_cheese(merchant, title="Picodon"):
    return make_product(merchant, title=title, price=Decimal("3.20"), stock=4, unit="60 g")


def test_the_index_names_one_file_a_type_at_the_public_address(client, places):
    assert set(read(client, "/sitemap.xml")) == {
        f"https://www.region.example/sitemap-{section}.xml"
        for section in ("pages", "commercants", "produits", "communes", "pays", "metiers", "categories", "rappels")
    }


def test_a_long_list_is_cut_into_files_that_the_index_all_names(client, places, monkeypatch):
    monkeypatch.setattr(Merchants, "limit", 2)
    merchants = [make_merchant() for _ in range(3)]

    files = [address for address in read(client, "/sitemap.xml") if "commercants" in address]

    listed = [url for file in files for url in read(client, file.removeprefix("https://www.region.example"))]
    assert len(files) == 2
    assert sorted(listed) == sorted(f"https://www.region.example{merchant.public_path}" for merchant in merchants)


def test_a_merchant_who_leaves_leaves_the_sitemap(client, bakery, cheesemonger):
    assert len(read(client, "/sitemap-commercants.xml")) == 2

    bakery.unpublish()

    assert list(read(client, "/sitemap-commercants.xml")) == [f"https://www.region.example{cheesemonger.public_path}"]


def test_a_merchants_page_is_dated_by_her_last_price_or_stock_change(client, cheesemonger):
    address = f"https://www.region.example{cheesemonger.public_path}"
    published = datetime.fromisoformat(read(client, "/sitemap-commercants.xml")[address])

    make_cheese(cheesemonger)

    product = Products().items().get()
    [changed] = [item.changed for item in Merchants().items()]
    assert changed == product.changed > cheesemonger.last_published_at
    assert datetime.fromisoformat(read(client, "/sitemap-commercants.xml")[address]) >= published


def test_a_product_is_listed_while_its_merchant_is_live(client, cheesemonger):
    cheese = make_cheese(cheesemonger)
    assert list(read(client, "/sitemap-produits.xml")) == [f"https://www.region.example{cheese.get_absolute_url()}"]

    cheesemonger.unpublish()

    assert read(client, "/sitemap-produits.xml") == {}


def test_the_third_merchant_brings_in_the_town_and_the_third_of_a_trade_the_trade(client, places):
    town = f"https://www.region.example{places.die.get_absolute_url()}"
    for category in ("primeur", "primeur", "boulangerie-patisserie"):
        assert read(client, "/sitemap-communes.xml") == {}
        make_merchant(town=places.die, category=category)
    assert list(read(client, "/sitemap-communes.xml")) == [town]
    assert list(read(client, "/sitemap-metiers.xml")) == [f"{town}alimentation/"]

    make_merchant(town=places.die, category="primeur")

    assert set(read(client, "/sitemap-metiers.xml")) == {f"{town}alimentation/", f"{town}primeur/"}


def test_the_pages_everyone_starts_from_are_listed_and_drafts_are_not(client, places):
    listed = read(client, "/sitemap-pages.xml")

    for path in ("/", "/commercants/", "/histoires/", "/commerces/"):
        assert f"https://www.region.example{path}" in listed


@pytest.mark.parametrize("section", ["pages", "commercants", "produits", "communes", "metiers"])
def test_each_file_costs_the_same_queries_whatever_its_length(
    client, places, section, django_assert_max_num_queries, django_assert_num_queries
):
    def fill(town):
        for category in ("fromagerie-cremerie", "primeur", "librairie"):
            make_cheese(make_merchant(town=town, category=category))

    fill(places.die)
    read(client, "/sitemap-pages.xml")  # loads what is loaded once
    with django_assert_max_num_queries(6) as few:
        read(client, f"/sitemap-{section}.xml")
    asked = len(few)  # the next request forgets what was noted
    fill(places.privas)
    fill(places.lyon_3)
    read(client, "/sitemap-pages.xml")

    with django_assert_num_queries(asked):
        read(client, f"/sitemap-{section}.xml")


def test_an_unknown_file_or_page_is_not_found(client, db):
    assert client.get("/sitemap-inconnu.xml").status_code == 404
    assert client.get("/sitemap-pages.xml?p=2").status_code == 404
