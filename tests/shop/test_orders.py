from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY, ORDER_RECEIVED
from shop import orders
from shop.models import MerchantOrder
from tests.browser_forms import filled_in
from tests.shop.factories import CONTACT, order_and_confirm, put_in_basket, refuse, someone_else

Order = get_model("order", "Order")


def stock_of(product):
    stock = product.stockrecords.get()
    return stock.num_in_stock, stock.num_allocated


@pytest.fixture
def bread_order(client, loaf, picodon):
    """Two loaves wait at the bakery; a cheese of the same purchase waits elsewhere."""
    buyer = Client()
    put_in_basket(buyer, loaf, 2)
    put_in_basket(buyer, picodon)
    order_and_confirm(buyer, note="Bien cuit, merci.")
    mail.outbox.clear()
    return MerchantOrder.objects.get(storefront__merchant__title="Le Fournil des Mines")


@pytest.fixture
def at_the_counter(client, baker):
    client.force_login(baker)
    return client


def act(client, part, what):
    url = f"/espace/{part.storefront.merchant_id}/commandes/{part.order.number}/"
    response = client.post(url, {"faire": what})
    part.order.refresh_from_db()
    return response


def refuse_all(client, part, **said):
    url = f"/espace/{part.storefront.merchant_id}/commandes/{part.order.number}/annuler/"
    response = client.post(url, {"shown": ORDER_RECEIVED, "motif": "delai", **said})
    part.order.refresh_from_db()
    return response


def test_a_merchant_sees_her_own_orders_only(at_the_counter, bread_order, bakery):
    page = at_the_counter.get(f"/espace/{bakery.pk}/commandes/").content.decode()

    assert "Pain de seigle" in page
    assert bread_order.collection_code in page
    assert "Camille Moulin" in page
    assert "Bien cuit, merci." in page
    assert "Picodon" not in page


def test_a_button_of_an_older_page_does_not_undo_what_a_colleague_did(at_the_counter, bread_order, bakery):
    page = at_the_counter.get(f"/espace/{bakery.pk}/commandes/")
    sent = filled_in(page, "shown_status") | {"faire": "prete"}
    act(at_the_counter, bread_order, "remise")

    url = f"/espace/{bakery.pk}/commandes/{bread_order.order.number}/"
    response = at_the_counter.post(url, sent, follow=True)

    bread_order.order.refresh_from_db()
    assert bread_order.order.status == ORDER_COLLECTED
    assert f"Entre-temps, {bread_order.collection_code} est devenue" in response.content.decode()


def test_a_stranger_finds_no_order(bread_order, bakery, neighbour):
    client = Client()
    client.force_login(neighbour)

    assert client.get(f"/espace/{bakery.pk}/commandes/").status_code == 404
    assert act(client, bread_order, "prete").status_code == 404
    assert refuse_all(client, bread_order).status_code == 404
    assert bread_order.order.status == ORDER_RECEIVED


def test_a_merchant_cannot_change_anothers_order_through_her_own_space(at_the_counter, bread_order, bakery):
    others = MerchantOrder.objects.exclude(pk=bread_order.pk).get()

    response = at_the_counter.post(f"/espace/{bakery.pk}/commandes/{others.order.number}/", {"faire": "prete"})

    assert response.status_code == 404


def test_orders_ask_who_is_there(bread_order, bakery):
    response = Client().get(f"/espace/{bakery.pk}/commandes/")

    assert response.status_code == 302
    assert response["Location"].startswith("/compte/connexion/")


def test_ready_tells_the_buyer(at_the_counter, bread_order):
    act(at_the_counter, bread_order, "prete")

    assert bread_order.order.status == ORDER_READY
    (message,) = mail.outbox
    assert message.to == [CONTACT["email"]]
    assert bread_order.collection_code in message.body


def test_collecting_takes_the_goods_out_of_stock_and_the_payment_in(at_the_counter, bread_order, loaf):
    act(at_the_counter, bread_order, "prete")
    act(at_the_counter, bread_order, "remise")

    assert bread_order.order.status == ORDER_COLLECTED
    assert stock_of(loaf) == (3, 0)
    source = bread_order.order.sources.get()
    assert source.amount_debited == bread_order.order.total_incl_tax


def test_cancelling_puts_the_goods_on_sale_again_and_tells_the_buyer(at_the_counter, bread_order, loaf, picodon):
    assert stock_of(loaf) == (5, 2)

    refuse_all(at_the_counter, bread_order)

    assert bread_order.order.status == ORDER_CANCELLED
    assert {line.status for line in bread_order.order.lines.all()} == {ORDER_CANCELLED}
    assert stock_of(loaf) == (5, 0)
    assert stock_of(picodon) == (18, 1)
    assert bread_order.order.sources.get().balance == 0
    assert "annulé" in mail.outbox[0].body


def test_cancelling_twice_releases_the_stock_once(at_the_counter, bread_order, loaf):
    refuse_all(at_the_counter, bread_order)
    put_in_basket(Client(), loaf)
    loaf.stockrecords.update(num_allocated=1)

    refuse_all(at_the_counter, bread_order)

    assert stock_of(loaf) == (5, 1)


def test_what_was_collected_cannot_be_cancelled(at_the_counter, bread_order, loaf):
    act(at_the_counter, bread_order, "remise")

    response = refuse_all(at_the_counter, bread_order)

    assert bread_order.order.status == ORDER_COLLECTED
    assert stock_of(loaf) == (3, 0)
    page = at_the_counter.get(response["Location"])
    assert "a changé (« Retirée »)" in [str(message) for message in page.context["messages"]][-1]


def test_what_was_collected_is_not_made_ready_again(at_the_counter, bread_order, loaf):
    act(at_the_counter, bread_order, "remise")

    response = act(at_the_counter, bread_order, "prete")

    assert bread_order.order.status == ORDER_COLLECTED
    page = at_the_counter.get(response["Location"])
    assert "est déjà « Retirée »" in [str(message) for message in page.context["messages"]][-1]


def test_the_database_itself_refuses_to_promise_more_than_there_is(loaf):
    with pytest.raises(IntegrityError, match="never_oversold"):
        loaf.stockrecords.update(num_allocated=6)


def test_a_stock_below_what_was_promised_is_explained(bread_order, loaf):
    stock = loaf.stockrecords.get()
    stock.num_in_stock = 1

    with pytest.raises(Exception, match="2 sont déjà commandés"):
        stock.full_clean()


def test_the_order_list_costs_the_same_however_many(
    at_the_counter, bread_order, bakery, loaf, django_assert_max_num_queries
):
    loaf.stockrecords.update(num_in_stock=50)
    for _ in range(5):
        buyer = Client()
        put_in_basket(buyer, loaf)
        order_and_confirm(buyer, **someone_else())

    with django_assert_max_num_queries(12):
        at_the_counter.get(f"/espace/{bakery.pk}/commandes/")


@pytest.mark.parametrize(("days", "is_told"), [(0, True), (29, True), (31, False), (400, False)])
@pytest.mark.parametrize("ending", ["collected", "cancelled"])
def test_a_month_after_an_order_its_merchant_no_longer_reads_how_to_reach_the_buyer(
    client, bread_order, baker, ending, days, is_told
):
    if ending == "collected":
        orders.mark_collected(bread_order, by=baker)
    else:
        refuse(bread_order, by=baker)
    phone, email = bread_order.purchase.phone, bread_order.purchase.email
    client.force_login(baker)
    desk = f"/espace/{bread_order.storefront.merchant_id}/"

    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        client.force_login(baker)
        page = printed(client.get(f"{desk}commandes/?etat={'remises' if ending == 'collected' else 'annulees'}"))
        data = client.get(f"{desk}mes-donnees.json").text

    assert bread_order.collection_code in page
    assert (phone in page, phone in data, email in data) == (is_told,) * 3


def test_an_order_that_goes_on_tells_the_telephone_for_as_long(client, bread_order, baker):
    with time_machine.travel(timezone.now() + timedelta(days=90), tick=False):
        client.force_login(baker)
        page = printed(client.get(f"/espace/{bread_order.storefront.merchant_id}/commandes/"))

    assert bread_order.purchase.phone in page


def printed(response):
    """Return a page with plain spaces."""
    return response.text.replace("\u00a0", " ").replace("\u202f", " ")
