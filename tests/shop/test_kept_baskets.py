"""A basket waits thirty days, comes along at the login without surprise, and can be printed."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from shop import baskets
from tests.shop.factories import put_in_basket

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")
StockRecord = get_model("partner", "StockRecord")
BASKET, LIST = "/boutique/panier/", "/boutique/panier/liste/"
THIRTY_DAYS = 30 * 24 * 3600


def told(page):
    return [str(message) for message in page.context["messages"]]


@pytest.mark.parametrize(
    ("own", "before", "stock", "kept", "word"),
    [
        (2, 3, 18, 3, ""),
        (3, 2, 18, 3, ""),
        (0, 2, 18, 2, ""),
        (4, 4, 18, 4, ""),
        (2, 4, 3, 3, "Il n’en reste que 3"),
        (12, 13, 90, 13, ""),
    ],
)
def test_the_same_article_chosen_before_the_login_and_on_the_account_is_not_doubled(
    client, shopper, picodon, own, before, stock, kept, word
):
    elsewhere = Client()
    elsewhere.force_login(shopper)
    if own:
        put_in_basket(elsewhere, picodon, own)
    put_in_basket(client, picodon, before)
    client.get(BASKET)
    client.force_login(shopper)
    StockRecord.objects.filter(product=picodon).update(num_in_stock=stock)

    page = client.get(BASKET)

    assert Line.objects.get(basket__status=Basket.OPEN).quantity == kept
    assert f"Les {before} articles choisis avant votre connexion" in told(page)[0]
    assert any(word in sentence for sentence in told(page))
    again = client.get(BASKET)
    assert told(again) == []
    assert Line.objects.get(basket__status=Basket.OPEN).quantity == kept


def test_another_persons_basket_stays_theirs(client, shopper, baker, picodon, loaf):
    put_in_basket(client, picodon)
    client.force_login(shopper)
    client.get(BASKET)
    client.logout()
    put_in_basket(client, loaf)
    client.force_login(baker)

    (group,) = (group for group, *_ in client.get(BASKET).context["groups"])

    assert [line.title for line in group.lines] == ["Pain de seigle"]
    assert {basket.owner for basket in Basket.objects.filter(status=Basket.OPEN)} == {shopper, baker}


def test_its_cookie_lasts_thirty_days_from_the_last_change(client, picodon, loaf):
    put_in_basket(client, picodon)
    assert client.cookies["oscar_open_basket"]["max-age"] == THIRTY_DAYS
    client.cookies["oscar_open_basket"]["max-age"] = ""

    client.get(BASKET)
    assert client.cookies["oscar_open_basket"]["max-age"] == ""
    put_in_basket(client, loaf)
    assert client.cookies["oscar_open_basket"]["max-age"] == THIRTY_DAYS


@pytest.mark.parametrize(("days", "is_there"), [(1, True), (29, True), (31, False), (400, False)])
def test_it_is_deleted_thirty_days_after_its_last_article(client, picodon, days, is_there):
    from home.purges import PURGES

    put_in_basket(client, picodon)
    (purge,) = (purge for purge in PURGES if purge.name == "guest baskets")
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        now = timezone.now()
        found = purge.due(now - purge.term, now)
        assert found.exists() != is_there


def test_the_list_to_print_has_all_of_it_and_changes_nothing(client, picodon, loaf):
    put_in_basket(client, picodon, 3)
    put_in_basket(client, loaf)
    assert LIST in client.get(BASKET).text

    page = client.get(LIST)

    for word in (
        "3 × Picodon affiné, 7,20\u00a0€",
        "1 × Pain de seigle, 4,90\u00a0€",
        "12 cours du Palais",
        "12,10\u00a0€",
    ):
        assert word in page.text, word
    assert "no-store" in page["Cache-Control"]
    assert baskets.count(page.wsgi_request) == 4
    assert "votre panier est vide" in Client().get(LIST).text.lower()


def test_the_list_says_what_is_gone(client, picodon):
    put_in_basket(client, picodon, 3)
    client.get(BASKET)
    StockRecord.objects.filter(product=picodon).update(num_in_stock=0)

    assert told(client.get(LIST)) == ["« Picodon affiné » est épuisé : nous l’avons retiré de votre panier."]
