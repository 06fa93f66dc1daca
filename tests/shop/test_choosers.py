"""An editor chooses a product for a story."""

import pytest

from tests.shop.factories import make_product


@pytest.fixture
def office(client, editor):
    client.force_login(editor)
    return client


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


def test_what_is_no_longer_sold_cannot_be_chosen(office, loaf, bakery):
    bakery.unpublish()

    assert "Pain de seigle" not in results(office)


def test_the_list_costs_the_same_whatever_its_length(office, bakery, loaf, django_assert_max_num_queries):
    results(office)
    for _ in range(12):
        make_product(bakery)
    with django_assert_max_num_queries(10):
        assert "Article" in results(office)
