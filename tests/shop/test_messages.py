"""Buyer and merchant write each other about an order, through the portal, and nobody else reads it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from home.purges import PURGES
from shop.messages import sending
from shop.models import MerchantOrder, Message, Purchase
from tests.factories import make_user
from tests.shop.factories import CONTACT, order, order_and_confirm, put_in_basket

pytestmark = pytest.mark.usefixtures("strict_templates")


@pytest.fixture
def part(loaf, picodon):
    """A guest's order at the baker's, beside another at the cheesemonger's; the mailbox is empty."""
    client = Client()
    put_in_basket(client, loaf)
    put_in_basket(client, picodon)
    order_and_confirm(client)
    mail.outbox.clear()
    return MerchantOrder.objects.select_related("order", "purchase").get(
        storefront__merchant__title="Le Fournil des Mines"
    )


def path(part, key=None):
    return f"{sending.buyer_path(part)}?cle={part.purchase.key if key is None else key}"


def desk(part):
    return reverse("merchant_messages", args=[part.storefront.merchant_id, part.order.number])


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_each_side_reads_the_other_and_no_address(part, baker):
    buyer, counter = Client(), logged_in(baker)
    page = buyer.get(f"{part.purchase.get_absolute_url()}?cle={part.purchase.key}").content.decode()
    assert path(part).replace("&", "&amp;") in page

    buyer.post(path(part), {"text": "Je peux passer à midi ?\n<b>Merci</b>"})

    (told,) = mail.outbox
    assert told.to == [baker.email]
    assert "Je peux passer à midi" in told.body
    assert "&lt;b&gt;" in told.alternatives[0][0]
    assert CONTACT["email"] not in told.body + told.alternatives[0][0] + str(told.message())
    shown = counter.get(re.search(r"http://[^/]+(/espace/\S+)", told.body)[1]).content.decode()
    assert "Je peux passer à midi" in shown
    assert "&lt;b&gt;Merci" in shown
    assert CONTACT["email"] not in shown
    mail.outbox.clear()

    counter.post(desk(part), {"text": "Oui, jusqu’à 12 h 30."})

    (told,) = mail.outbox
    assert told.to == [CONTACT["email"]]
    assert baker.email not in str(told.message())
    shown = buyer.get(re.search(r"http://[^/]+(/boutique/\S+)", told.body)[1]).content.decode()
    assert "jusqu’à 12" in shown
    assert "Maud" not in shown
    assert "Maud" in counter.get(desk(part)).content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "\n\n"])
def test_what_is_no_message_says_why_and_is_kept(part, text):
    page = Client().post(path(part), {"text": text})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Message.objects.exists()
    assert mail.outbox == []


def test_the_same_text_twice_is_sent_once(part):
    for _ in range(2):
        Client().post(path(part), {"text": "Bonjour"})
    assert (Message.objects.count(), len(mail.outbox)) == (1, 1)

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        Client().post(path(part), {"text": "Bonjour"})
    assert Message.objects.count() == 2


def test_the_eleventh_within_an_hour_waits_and_the_other_side_may_answer(part, baker):
    for number in range(10):
        Client().post(path(part), {"text": f"Message {number}"})

    page = Client().post(path(part), {"text": "Un de plus"})

    assert page.status_code == 429
    assert "Un de plus" in page.content.decode()
    assert Message.objects.count() == 10
    logged_in(baker).post(desk(part), {"text": "J’ai lu."})
    assert Message.objects.count() == 11
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        Client().post(path(part), {"text": "Un de plus"})
    assert Message.objects.count() == 12


@pytest.mark.parametrize("key", ["", "perdue"])
def test_a_stranger_reads_and_writes_nothing(part, key, neighbour, editor):
    sending.send(part, "acheteur", "Secret")
    for client in (Client(), logged_in(neighbour), logged_in(editor), logged_in(make_user())):
        assert client.get(path(part, key)).status_code == 404
        assert client.post(path(part, key), {"text": "Bonjour"}).status_code == 404
    assert logged_in(neighbour).get(desk(part)).status_code == 404
    assert logged_in(editor).get(desk(part)).status_code == 404
    assert Message.objects.count() == 1


def test_who_owns_the_address_reads_it_from_the_account(part, shopper):
    assert shopper.email == part.purchase.email
    assert logged_in(shopper).get(sending.buyer_path(part)).status_code == 200


@pytest.mark.parametrize("who", ["buyer", "merchant"])
def test_editors_read_what_was_reported_and_what_came_before_alone(part, baker, editor, who):
    sending.send(part, "commercant", "Payez en espèces, sinon rien.", baker)
    client, address = (Client(), path(part)) if who == "buyer" else (logged_in(baker), desk(part))

    response = client.post(address, {"signaler": ""})

    assert response["Location"].startswith("/signaler/?page=")
    sending.send(part, "acheteur", "Écrit après")
    page = logged_in(editor).get(sending.buyer_path(part))
    assert "Payez en espèces" in page.content.decode()
    assert "Écrit après" not in page.content.decode()
    assert "<textarea" not in page.content.decode()
    logged_in(editor).post(sending.buyer_path(part), {"text": "Bonjour"})
    assert Message.objects.count() == 2
    other = MerchantOrder.objects.exclude(pk=part.pk).get()
    assert logged_in(editor).get(sending.buyer_path(other)).status_code == 404


def test_nobody_writes_about_what_is_not_confirmed_or_names_nobody_any_more(part, loaf, baker):
    client = Client()
    put_in_basket(client, loaf)
    order(client, email="autre@voisins.example")
    waiting = Purchase.objects.latest("pk").merchant_orders.get()
    assert client.get(sending.buyer_path(waiting)).status_code == 404
    assert logged_in(baker).get(desk(waiting)).status_code == 404

    Purchase.objects.filter(pk=part.purchase_id).update(
        name="", email="", phone="", note="", email_key="", phone_key="", pseudonymised_at=timezone.now()
    )
    assert Client().get(path(part)).status_code == 404
    assert logged_in(baker).get(desk(part)).status_code == 404


def test_what_was_written_stays_as_it_was_for_a_year(part):
    sending.send(part, "acheteur", "Bonjour")
    for change in ({"text": "Autre"}, {"at": timezone.now()}, {"author": "commercant"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.update(**change)
    (purge,) = (purge for purge in PURGES if purge.name == "messages")
    now = timezone.now()
    assert not purge.due(now - purge.term, now).exists()
    assert purge.due(now + timedelta(minutes=1), now).count() == 1


def test_many_messages_cost_no_more_queries(part, baker, django_assert_max_num_queries):
    for number in range(8):
        sending.send(part, "commercant", f"Message {number}", baker)
    with django_assert_max_num_queries(10):
        Client().get(path(part))
