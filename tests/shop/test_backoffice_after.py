"""Withdrawals, overdue refunds and reported messages in the back office: found, and acted on as the desk does."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.models import Consultation, User
from shop import orders
from shop.messages import sending
from shop.models import MerchantOrder, OrderEvent, Withdrawal
from tests.factories import make_user
from tests.shop.factories import make_withdrawal, order_and_confirm, put_in_basket

pytestmark = pytest.mark.django_db
ROOT = "/gestion/boutiques/"
DAY = timedelta(days=1)
State = Withdrawal.State


@pytest.fixture
def office(client, db):
    user = make_user("sami@region.example", first_name="Sami", last_name="Roux")
    user.groups.add(Group.objects.get(name="Responsables de boutiques"))
    client.force_login(user)
    return client


def sell(product, **contact):
    guest = Client()
    put_in_basket(guest, product, 2)
    order_and_confirm(guest, **contact)
    part = MerchantOrder.objects.latest("pk")
    orders.mark_ready(part, None)
    orders.mark_collected(MerchantOrder.objects.get(pk=part.pk), None)
    mail.outbox.clear()
    return MerchantOrder.objects.with_details().get(pk=part.pk)


@pytest.fixture
def given_back(knife):
    """A knife of Fernand's."""
    part = sell(knife, name="Fernand Giraud", email="fernand@voisins.example", phone="06 12 34 56 78")
    withdrawal = make_withdrawal(part)
    mail.outbox.clear()
    return withdrawal


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    "typed",
    [
        "withdrawal", "order", "Fernand", "giraud", "fernand@voisins", "06 12 34 56 78", "+33612345678", "345678",
        "Crèmerie",
    ],
)  # fmt: skip
def test_a_withdrawal_is_found(office, given_back, loaf, typed):
    other = sell(loaf, name="Odile Ray", email="odile@ailleurs.example", phone="06 39 98 00 11")
    number = given_back.merchant_order.order.number
    typed = {"withdrawal": given_back.number, "order": number}.get(typed, typed)

    page = text(office.get(f"{ROOT}retractations/", {"q": typed}))

    assert number in page
    assert other.order.number not in page
    assert number not in text(office.get(f"{ROOT}retractations/", {"q": "Personne de ce nom"}))


def test_staff_acts_in_the_place_of_the_merchant(office, given_back):
    address = f"{ROOT}retractations/{given_back.pk}/"
    assert "19,90 €" in text(office.get(address))
    assert Consultation.objects.filter(path=address).exists()

    office.post(address, {"faire": "recu", "shown_state": State.REQUESTED})
    stale = text(office.post(address, {"faire": "rembourse", "shown_state": State.REQUESTED}, follow=True))
    assert "Entre-temps" in stale
    given_back.refresh_from_db()
    assert given_back.state == State.RETURNED
    office.post(address, {"faire": "rembourse", "shown_state": State.RETURNED})

    given_back.refresh_from_db()
    assert given_back.state == State.REFUNDED
    done = OrderEvent.objects.filter(kind__in=["rendue", "rembours"])
    assert {(event.actor, event.by.email) for event in done} == {("equipe", "sami@region.example")}
    assert len(mail.outbox) == 2
    assert "Sami Roux, l’équipe du portail" in text(office.get(address))


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (14, False), (15, True), (40, True)])
def test_what_is_refunded_too_late_is_listed_with_the_telephone(office, given_back, cheesemonger, days, is_late):
    type(cheesemonger).objects.filter(pk=cheesemonger.pk).update(phone="04 77 00 00 01")
    number = given_back.merchant_order.order.number
    with time_machine.travel(timezone.now() + days * DAY, tick=True):
        office.force_login(User.objects.get(email="sami@region.example"))
        page = text(office.get(f"{ROOT}a-rembourser/"))
        assert (number in page) == is_late
        assert ("04 77 00 00 01" in page) == is_late
        assert (number in text(office.get(f"{ROOT}retractations/", {"late": "true"}))) == is_late


@pytest.mark.parametrize("who", ["editor", "neighbour", "shopper"])
def test_nobody_else_acts(client, request, given_back, who):
    client.force_login(request.getfixturevalue(who))
    address = f"{ROOT}retractations/{given_back.pk}/"
    assert client.get(address).status_code in (302, 403)
    client.post(address, {"faire": "rembourse", "shown_state": State.REQUESTED})
    given_back.refresh_from_db()
    assert given_back.state == State.REQUESTED


def test_only_reported_messages_are_read(office, loaf, picodon):
    part, other = sell(loaf), sell(picodon)
    sending.send(part, "commercant", "Payez en espèces.", None)
    sending.send(other, "acheteur", "Un secret", None)
    sending.report(part)
    sending.send(part, "acheteur", "Écrit après", None)

    listed = text(office.get(f"{ROOT}messages/"))
    page = text(office.get(f"{ROOT}messages/{part.order.number}/"))

    assert part.order.number in listed
    assert other.order.number not in listed
    assert "Payez en espèces" in page
    assert "Écrit après" not in page
    assert office.get(f"{ROOT}messages/{other.order.number}/").status_code == 404
