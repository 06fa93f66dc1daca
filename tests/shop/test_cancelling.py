"""A buyer cancels what its merchant has not begun: once, merchant by merchant, and both are told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connections
from django.test import Client
from django.urls import reverse
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.core.loading import get_model

from portal.oscar_settings import ORDER_CANCELLED, ORDER_READY, ORDER_RECEIVED, ORDER_TO_CONFIRM
from shop import orders, purchases
from shop.models import MerchantOrder, Purchase
from tests.factories import make_user
from tests.shop.factories import CONTACT, confirm, order, order_and_confirm, put_in_basket, refuse

pytestmark = pytest.mark.usefixtures("strict_templates")

Order = get_model("order", "Order")
BREAD, CHEESE = "Le Fournil des Mines", "La Crèmerie du Gier"


def part_of(title):
    return MerchantOrder.objects.select_related("order", "purchase").get(storefront__merchant__title=title)


def promised(product):
    stock = product.stockrecords.get()
    return stock.num_in_stock, stock.num_allocated or 0


@pytest.fixture
def buyer(loaf, picodon):
    """A guest with two loaves and a cheese, which they have not confirmed yet."""
    client = Client()
    put_in_basket(client, loaf, 2)
    put_in_basket(client, picodon)
    order(client)
    mail.outbox.clear()
    return client


@pytest.fixture
def confirmed(buyer):
    confirm(buyer)
    mail.outbox.clear()
    return buyer


def address(part, key=""):
    return orders.cancel_url(part, key)


def test_her_order_is_cancelled_its_goods_come_back_and_both_are_told(confirmed, loaf, picodon, baker):
    bread = part_of(BREAD)
    page = confirmed.get(bread.purchase.get_absolute_url()).content.decode()
    assert address(bread) in page

    asked = confirmed.get(address(bread))
    assert "Annuler cette commande" in asked.content.decode()
    assert promised(loaf) == (5, 2)
    response = confirmed.post(address(bread), follow=True)

    bread = part_of(BREAD)
    assert (bread.order.status, bread.cancelled_because) == (ORDER_CANCELLED, "acheteur")
    assert promised(loaf) == (5, 0)
    assert (part_of(CHEESE).order.status, promised(picodon)) == (ORDER_RECEIVED, (18, 1))
    assert "Vous l’avez annulée." in response.content.decode()
    assert sorted(message.to[0] for message in mail.outbox) == sorted([CONTACT["email"], baker.email])
    to_baker = next(message for message in mail.outbox if message.to == [baker.email])
    for body in (to_baker.body, to_baker.alternatives[0][0]):
        assert "2 × Pain de seigle" in body
        assert "Picodon" not in body
    event = bread.events.get()
    assert (event.kind, event.actor, event.by) == ("annulee", "acheteur", None)


def test_a_second_press_changes_nothing_and_tells_nobody(confirmed, loaf):
    bread = part_of(BREAD)
    confirmed.post(address(bread))
    loaf.stockrecords.update(num_allocated=1)  # somebody else bought one meanwhile
    mail.outbox.clear()

    response = confirmed.post(address(bread))

    assert response.status_code == 302
    assert promised(loaf) == (5, 1)
    assert mail.outbox == []
    assert bread.events.count() == 1
    assert confirmed.get(address(bread)).status_code == 302


def test_what_is_not_confirmed_yet_is_given_up_part_by_part_and_no_merchant_hears_of_it(buyer, loaf, picodon):
    bread, cheese = part_of(BREAD), part_of(CHEESE)

    buyer.post(address(bread))

    assert part_of(BREAD).cancelled_because == "abandon"
    assert (promised(loaf), promised(picodon)) == ((5, 0), (18, 1))
    assert mail.outbox == []
    assert confirm(buyer).status_code == 303
    assert part_of(CHEESE).order.status == ORDER_RECEIVED
    assert part_of(BREAD).order.status == ORDER_CANCELLED
    assert "Pain de seigle" not in mail.outbox[0].body
    assert cheese.collection_code in mail.outbox[0].body


def test_who_gives_up_every_part_has_nothing_left_to_confirm(buyer, loaf, picodon):
    for title in (BREAD, CHEESE):
        buyer.post(address(part_of(title)))

    assert confirm(buyer).status_code == 410
    bought = Purchase.objects.get()
    assert bought.visitor_key == ""
    assert "Refaire ce panier" in buyer.get(bought.get_absolute_url()).content.decode()
    assert (promised(loaf), promised(picodon)) == ((5, 0), (18, 0))


@pytest.mark.parametrize("key", ["key", "confirmation_key"])
def test_the_links_of_her_e_mails_let_her_cancel_on_another_device(buyer, key):
    bread = part_of(BREAD)
    other = Client()
    link = address(bread, getattr(bread.purchase, key))
    came_from = {"key": "checkout:thank-you", "confirmation_key": "checkout:confirm"}[key]
    page = other.get(f"{reverse(came_from, args=[bread.purchase.number])}?cle={getattr(bread.purchase, key)}")
    assert link in page.content.decode()

    assert other.get(link).status_code == 200
    response = other.post(link)

    assert part_of(BREAD).order.status == ORDER_CANCELLED
    assert other.get(response["Location"]).status_code == 200
    assert set(other.cookies) <= {"sessionid", "messages", "csrftoken"}


def test_an_account_cancels_from_another_browser(client, shopper, loaf):
    client.force_login(shopper)
    put_in_basket(client, loaf)
    order(client, email=shopper.email)
    elsewhere = Client()
    elsewhere.force_login(shopper)
    bread = part_of(BREAD)

    elsewhere.post(address(bread))

    assert part_of(BREAD).order.status == ORDER_CANCELLED
    assert bread.events.get().by == shopper


@pytest.mark.parametrize("who", ["nobody", "another buyer", "a wrong key", "its merchant"])
def test_a_stranger_finds_nothing_and_cancels_nothing(confirmed, baker, who):
    bread = part_of(BREAD)
    stranger, key = Client(), "abc" if who == "a wrong key" else ""
    if who == "another buyer":
        stranger.force_login(make_user())
    if who == "its merchant":
        stranger.force_login(baker)

    for answer in (stranger.get(address(bread, key)), stranger.post(address(bread, key))):
        assert answer.status_code == 404
    assert part_of(BREAD).order.status == ORDER_RECEIVED


def test_what_is_ready_is_kept_and_she_reads_what_can_be_done(confirmed, bakery):
    bread = part_of(BREAD)
    bakery.phone = "04 75 64 01 01"
    bakery.save()
    orders.mark_ready(bread, by=None)
    mail.outbox.clear()

    asked = confirmed.get(address(bread)).content.decode()
    refused = confirmed.post(address(bread))

    assert refused.status_code == 409
    for page in (asked, refused.content.decode()):
        assert "ne s’annule plus ici" in page
        assert "04" in page
        assert "rétractation" in page
        assert f"Annuler ma commande chez {BREAD}" not in page
    assert "rien n’a été annulé" in refused.content.decode()
    assert part_of(BREAD).order.status == ORDER_READY
    assert mail.outbox == []
    assert address(bread) not in confirmed.get(bread.purchase.get_absolute_url()).content.decode()


@pytest.mark.parametrize("end", ["collected", "refused"])
def test_what_is_over_has_no_page_to_cancel_it(confirmed, end):
    bread = part_of(BREAD)
    if end == "refused":
        refuse(bread)
    else:
        orders.mark_collected(bread, by=None)
    before = part_of(BREAD).order.status

    assert confirmed.get(address(bread))["Location"] == bread.purchase.get_absolute_url()
    confirmed.post(address(bread))
    assert part_of(BREAD).order.status == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rival", ["ready", "collected", "refused", "confirmed", "cancelled twice"])
def test_of_two_at_once_the_first_decides_wholly(rival, loaf):
    buyer = Client()
    put_in_basket(buyer, loaf, 2)
    order(buyer)
    if rival != "confirmed":
        confirm(buyer)
    part = MerchantOrder.objects.get()
    mail.outbox.clear()
    acts = {
        "ready": lambda: orders.mark_ready(part, by=None),
        "collected": lambda: orders.mark_collected(part, by=None),
        "refused": lambda: refuse(part),
        "confirmed": lambda: purchases.confirm(part.purchase),
        "cancelled twice": lambda: purchases.cancel(part),
    }
    gate = Barrier(2)

    def run(act):
        try:
            gate.wait()
            return act()
        except (purchases.HasBegun, purchases.HoldIsOver, InvalidOrderStatus) as lost:
            return type(lost)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run, [lambda: purchases.cancel(MerchantOrder.objects.get()), acts[rival]]))

    status = MerchantOrder.objects.get().order.status
    stock = {ORDER_CANCELLED: (5, 0), ORDER_READY: (5, 2), ORDER_RECEIVED: (5, 2)}.get(status, (3, 0))
    assert promised(loaf) == stock
    assert (status == ORDER_CANCELLED) == (outcomes[0] is not purchases.HasBegun)
    assert status != ORDER_TO_CONFIRM
    told_merchant = [message for message in mail.outbox if "annulée par le client" in message.subject]
    cancelled_by_her = MerchantOrder.objects.get().cancelled_because == "acheteur"
    assert len(told_merchant) == cancelled_by_her


def test_the_mail_of_the_order_says_that_it_can_be_cancelled(client, loaf):
    put_in_basket(client, loaf)
    order_and_confirm(client)

    message = next(message for message in mail.outbox if message.subject.startswith("Votre commande"))

    for body in (message.body, message.alternatives[0][0]):
        assert "il annulera sans frais" not in body
        assert "nulez" in body
