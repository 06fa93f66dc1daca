"""« Commander à nouveau »: what is still on sale goes into the basket, and what is not is told."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from oscar.core.loading import get_model

from shop import orders
from shop.models import MerchantOrder, Purchase
from tests.factories import SAME_ORIGIN
from tests.shop.factories import make_product, order_and_confirm, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")

Line = get_model("basket", "Line")


@pytest.fixture
def bought(loaf, picodon, knife, baker, neighbour):
    """Two loaves, three cheeses and a knife, all collected."""
    client = Client()
    for article, count in ((loaf, 2), (picodon, 3), (knife, 1)):
        put_in_basket(client, article, count)
    order_and_confirm(client)
    for part in MerchantOrder.objects.all():
        orders.mark_ready(part, None)
        orders.mark_collected(part, None)
    return Purchase.objects.get()


def press(client, purchase):
    """Open the page by the link of an e-mail and press its button; return the basket's page."""
    page = client.get(f"{purchase.get_absolute_url()}?cle={purchase.key}").content.decode()
    address = re.search(r'action="([^"]+/refaire/[^"]+)"', page)[1].replace("&amp;", "&")
    assert "Commander à nouveau" in page
    return client.post(address, {"encore": ""}, headers=SAME_ORIGIN, follow=True)


def in_basket():
    return dict(Line.objects.filter(basket__status="Open").values_list("product__title", "quantity"))


def test_a_guest_fills_a_basket_by_the_link_of_the_email(bought):
    page = press(Client(), bought)

    assert page.status_code == 200
    assert in_basket() == {"Pain de seigle": 2, "Picodon affiné": 3, "Couteau à fromage": 1}
    assert Purchase.objects.count() == 1


def test_pressed_twice_it_is_put_in_once(bought):
    client = Client()
    press(client, bought)
    press(client, bought)

    assert in_basket()["Picodon affiné"] == 3


def test_what_is_not_on_sale_any_more_or_scarce_is_told(bought, loaf, picodon, knife):
    loaf.is_public = False
    loaf.save()
    picodon.stockrecords.update(num_in_stock=2)
    knife.stockrecords.update(num_in_stock=0)

    text = press(Client(), bought).content.decode().replace("\u00a0", " ")

    assert in_basket() == {"Picodon affiné": 2}
    assert "« Pain de seigle » n’est plus en vente" in text
    assert "Il n’en reste que 2 de « Picodon affiné »" in text
    assert "« Couteau à fromage » est épuisé" in text


def test_it_costs_what_it_costs_today(bought, picodon):
    picodon.stockrecords.update(price=Decimal("2.60"))

    assert "7,80" in press(Client(), bought).content.decode()


def test_a_purchase_on_its_way_can_be_ordered_anew_and_goes_on(cheesemonger, neighbour):
    cheese = make_product(cheesemonger, title="Tomme", stock=9)
    client = Client()
    put_in_basket(client, cheese, 2)
    order_and_confirm(client)

    press(client, Purchase.objects.get())

    assert in_basket() == {"Tomme": 2}
    assert MerchantOrder.objects.get().cancelled_because == ""


def test_a_stranger_orders_nothing_anew(bought):
    response = Client().post(f"/boutique/commande/refaire/{bought.number}/", {"encore": ""}, headers=SAME_ORIGIN)

    assert response.status_code == 404
    assert in_basket() == {}
