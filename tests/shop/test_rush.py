"""Many buyers at once, through the real views, on the real database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from oscar.core.loading import get_model

from shop.models import Purchase
from tests.shop.factories import BINDS, filled_form, put_in_basket, someone_else

Order = get_model("order", "Order")

CHECKOUT = "/boutique/commande/"


def all_at_once(visitors, act):
    """Run ``act(visitor)`` in a thread each, started together; return the results."""
    gate = Barrier(len(visitors))

    def run(visitor):
        try:
            gate.wait()
            return act(visitor)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(visitors)) as pool:
        return list(pool.map(run, visitors))


def ready_to_buy(product, quantity=1):
    """Return a new guest's browser with a filled basket, and the form they are about to send."""
    client = Client()
    put_in_basket(client, product, quantity)
    return client, filled_form(client, **BINDS, **someone_else())


@pytest.mark.django_db(transaction=True)
def test_thirty_buyers_of_five_loaves_make_five_orders_and_twenty_five_clear_refusals(loaf):
    visitors = [ready_to_buy(loaf) for _ in range(30)]

    answers = all_at_once(visitors, lambda visitor: visitor[0].post(CHECKOUT, visitor[1], follow=True))

    served = [answer for answer in answers if "/merci/" in answer.redirect_chain[-1][0]]
    refused = [answer for answer in answers if answer not in served]
    assert len(served) == Purchase.objects.count() == Order.objects.count() == 5
    assert len(refused) == 25
    for answer in refused:
        assert (
            "«\u00a0Pain de seigle\u00a0» est épuisé\u00a0: nous l’avons retiré de votre panier."
            in answer.content.decode()
        )
    stock = loaf.stockrecords.get()
    assert (stock.num_in_stock, stock.num_allocated) == (5, 5)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_eight_times_at_once_makes_one_purchase(loaf):
    client, form = ready_to_buy(loaf, 2)
    tabs = []
    for _ in range(8):
        tab = Client()
        tab.cookies["oscar_open_basket"] = client.cookies["oscar_open_basket"].value
        tabs.append(tab)

    answers = all_at_once(tabs, lambda tab: tab.post(CHECKOUT, form))

    purchase = Purchase.objects.get()
    assert {answer["Location"] for answer in answers} == {purchase.get_absolute_url()}
    assert loaf.stockrecords.get().num_allocated == 2


@pytest.mark.django_db(transaction=True)
def test_buyers_of_the_same_two_articles_in_opposite_order_do_not_block_each_other(loaf, picodon):
    visitors = []
    for number in range(12):
        client = Client()
        for product in (loaf, picodon) if number % 2 else (picodon, loaf):
            put_in_basket(client, product)
        visitors.append((client, filled_form(client, **BINDS, **someone_else())))

    all_at_once(visitors, lambda visitor: visitor[0].post(CHECKOUT, visitor[1]))

    assert loaf.stockrecords.get().num_allocated == Purchase.objects.count() == 5
    assert picodon.stockrecords.get().num_allocated == 5
