"""Before the checkout: the basket says who comes to a town."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.delivery.address import town_typed
from tests.factories import make_merchant
from tests.shop.delivery.ordering import CHECKOUT, deliver
from tests.shop.factories import make_product, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")
BASKET = reverse("basket:summary")


def test_a_basket_that_nobody_delivers_asks_for_no_town(client, loaf):
    put_in_basket(client, loaf)
    assert "Voir qui livre" not in client.get(BASKET).content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Privas", "Livre à Privas : 4,00 €"),
        ("07000 privas", "Livre à Privas : 4,00 €"),
        ("Die", "Ne livre pas à Die : à retirer à la boutique."),
        ("Trifouillis", "Aucune commune de la région ne répond à « Trifouillis »"),
        ("", "Aucune commune"),
    ],
)
def test_a_town_told_once_is_kept(client, loaf, round_of, typed, told):
    put_in_basket(client, loaf)
    client.post(reverse("basket:town"), {"commune": typed})
    page = client.get(BASKET).content.decode().replace("\u00a0", " ")
    assert told in page
    if typed == "Privas":
        assert told in client.get(BASKET).content.decode().replace("\u00a0", " ")
        assert client.get(CHECKOUT).status_code == 200


@pytest.mark.parametrize(
    ("typed", "name"), [("DIE", "Die"), ("26150 Die", "Die"), ("saint-étienne", "Saint-Étienne"), ("Lyon", "Lyon")]
)
def test_any_writing_of_a_town(places, typed, name):
    town, told = town_typed(typed)
    assert (town.name, told) == (name, "")


def test_the_basket_asks_as_little_for_five_who_deliver_as_for_one(client, places):
    counts = []
    for _ in range(5):
        merchant = make_merchant(opening_hours="Mo-Sa 08:00-12:00")
        put_in_basket(client, make_product(merchant, stock=9))
        deliver(merchant, [places.privas, places.die])
        client.get(BASKET)
        with CaptureQueriesContext(connection) as queries:
            client.get(BASKET)
        counts.append(len(queries))
    assert counts[0] == counts[-1], counts
