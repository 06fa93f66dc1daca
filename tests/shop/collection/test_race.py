"""The last place of a slot goes to one of those who press at once."""

from collections import Counter

import pytest
from django.test import Client

from portal.oscar_settings import ORDER_CANCELLED
from shop.models import MerchantOrder, Purchase, Storefront
from shop.purchases import release
from tests.shop.factories import BINDS, filled_form, make_product, order, put_in_basket, someone_else
from tests.shop.test_rush import all_at_once, ready_to_buy

CHECKOUT = "/boutique/commande/"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("most", [1, 3])
def test_a_slot_takes_no_more_orders_than_it_has_places(bakery, most):
    bread = make_product(bakery, title="Pain de seigle", stock=50)
    Storefront.objects.update(slot_places=most)
    visitors = [ready_to_buy(bread) for _ in range(8)]

    answers = all_at_once(visitors, lambda visitor: visitor[0].post(CHECKOUT, visitor[1]))

    served = [answer for answer in answers if answer.status_code == 303]
    assert len(served) == most == Purchase.objects.count() == MerchantOrder.objects.count()
    assert len({part.slot for part in MerchantOrder.objects.all()}) == 1
    assert {answer.status_code for answer in answers if answer not in served} == {409}
    assert all("n’est plus libre" in answer.content.decode() for answer in answers if answer not in served)
    assert bread.stockrecords.get().num_allocated == most


@pytest.mark.django_db(transaction=True)
def test_buying_and_cancelling_at_two_shops_at_once_blocks_nobody(bakery, cheesemonger):
    bread = make_product(bakery, title="Pain de seigle", stock=50)
    cheese = make_product(cheesemonger, title="Picodon affiné", stock=50)
    Storefront.objects.update(slot_places=2)
    for number in range(4):
        client = Client()
        for product in (bread, cheese) if number % 2 else (cheese, bread):
            put_in_basket(client, product)
        assert order(client, **someone_else()).status_code == 303
    visitors = []
    for number in range(4):
        client = Client()
        for product in (bread, cheese) if number % 2 else (cheese, bread):
            put_in_basket(client, product)
        visitors.append((client, filled_form(client, **BINDS, **someone_else())))

    def act(what):
        if isinstance(what, Purchase):
            return release(what, MerchantOrder.Cancelled.GIVEN_UP)
        return what[0].post(CHECKOUT, what[1]).status_code

    done = all_at_once([*Purchase.objects.all(), *visitors], act)

    assert done[:4] == [True] * 4
    assert set(done[4:]) <= {303, 409}
    alive = MerchantOrder.objects.exclude(order__status=ORDER_CANCELLED)
    assert max(Counter((part.storefront_id, part.slot) for part in alive).values()) <= 2
    assert len(alive) == 2 * done.count(303)
    for product in (bread, cheese):
        assert product.stockrecords.get().num_allocated == done.count(303)
