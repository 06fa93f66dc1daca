"""An editor chooses a product for a story."""

import pytest
from wagtail.images.tests.utils import get_test_image_file

from shop.choosers import product_chooser
from shop.products import Product, ProductImage, image_of
from tests.shop.factories import make_product


@pytest.fixture
def office(client, editor):
    client.force_login(editor)
    return client


def give_picture(product):
    ProductImage.objects.create(product=product, original=get_test_image_file("pain.png"))


def results(office, words=""):
    return office.get("/gestion/product_chooser/results/", {"q": words}).content.decode()


def test_products_are_listed_with_their_sellers(office, loaf, picodon):
    html = office.get("/gestion/product_chooser/").json()["html"]

    assert "Choisir un produit" in html
    assert "Pain de seigle" in html
    assert "Le Fournil des Mines, Privas" in html


def test_a_product_is_found_by_its_name_or_its_seller(office, loaf, picodon):
    assert "Picodon affiné" in results(office, "picodon")
    assert "Picodon affiné" in results(office, "crèmerie gier")
    assert "Picodon affiné" not in results(office, "seigle")


def test_each_is_shown_with_its_picture_and_price(office, loaf, picodon):
    give_picture(loaf)

    html = results(office)

    assert f'src="{image_of(Product.objects.get(pk=loaf.pk))}"' in html
    assert "sans-image" in html  # the other has none
    assert "4,90\u00a0€" in html


@pytest.mark.parametrize("way", ["one", "several"])
def test_the_chosen_one_shows_its_seller_price_and_picture(office, loaf, way):
    give_picture(loaf)
    told = "Pain de seigle – Le Fournil des Mines, Privas – 4,90\u00a0€"
    address = f"chosen/{loaf.pk}/" if way == "one" else f"chosen-multiple/?id={loaf.pk}"

    result = office.get(f"/gestion/product_chooser/{address}").json()["result"]
    chosen = result if way == "one" else result[0]

    assert chosen["title"] == told
    assert chosen["preview"]["url"] == image_of(Product.objects.get(pk=loaf.pk))
    widget = product_chooser.widget_class().render("produit", loaf.pk, {"id": "produit"})
    assert told in widget
    assert chosen["preview"]["url"] in widget


@pytest.mark.parametrize("gone", ["offline", "deleted page", "no stock"])
def test_one_that_is_sold_no_more_still_has_a_name(office, bakery, loaf, gone):
    if gone == "offline":
        bakery.unpublish()
    elif gone == "no stock":
        loaf.stockrecords.all().delete()
    else:
        loaf.details.delete()

    shown = product_chooser.widget_class().render("produit", loaf.pk, {"id": "produit"})

    assert "Pain de seigle (n’est plus en vente)" in shown


def test_what_is_no_longer_sold_cannot_be_chosen(office, loaf, bakery):
    bakery.unpublish()

    assert "Pain de seigle" not in results(office)


def test_the_list_costs_the_same_whatever_its_length(office, bakery, loaf, django_assert_max_num_queries):
    results(office)
    for _ in range(12):
        make_product(bakery)
    with django_assert_max_num_queries(10):
        assert "Article" in results(office)
