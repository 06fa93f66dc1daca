"""Mandates: a town hall acts for a merchant until a day, signs each act « pour », and is out the day after."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import MerchantManager, MerchantPage
from directory.people import mandates
from directory.people.models import Role
from directory.vetting.models import JournalEntry
from shop.models import MerchantOrder
from tests.factories import make_user

pytestmark = pytest.mark.django_db
UNTIL = timezone.localdate() + timedelta(days=30)


@pytest.fixture
def town_hall(db):
    """Ana works at the town hall."""
    return make_user("ana@mairie.example", first_name="Ana", last_name="Roux")


@pytest.fixture
def mandate(bakery, town_hall):
    return MerchantManager.objects.create(
        merchant=bakery, user=town_hall, role=Role.MANDATE, agency="Mairie de Privas", until=UNTIL
    )


@pytest.fixture
def ana(mandate, town_hall):
    client = Client()
    client.force_login(town_hall)
    return client


def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days))


def text(answer):
    return answer.content.decode().replace("\u00a0", " ")


def test_an_owner_gives_a_mandate_by_an_invitation(client, baker, bakery, town_hall):
    client.force_login(baker)
    where = reverse("people:invite", args=[bakery.pk])
    sent = {"email": town_hall.email, "role": "mandate", "agency": "Mairie de Privas", "until": UNTIL.isoformat()}
    client.post(where, sent)
    client.force_login(town_hall)
    link = re.search(r"/espace/invitation/\S+", mail.outbox[-1].body)[0]
    assert "Mairie de Privas" in text(client.get(link))
    client.post(link)

    access = MerchantManager.objects.get(user=town_hall)
    assert (access.role, access.agency, access.until) == (Role.MANDATE, "Mairie de Privas", UNTIL)


@pytest.mark.parametrize(
    ("agency", "until"),
    [
        ("", UNTIL.isoformat()),
        ("Mairie de Privas", ""),
        ("Mairie de Privas", timezone.localdate().isoformat()),
        ("Mairie de Privas", (timezone.localdate() + timedelta(days=400)).isoformat()),
        ("Mairie de Privas", "demain"),
    ],
)
def test_a_mandate_names_its_body_and_a_day_within_a_year(client, baker, bakery, agency, until):
    client.force_login(baker)
    sent = {"email": "ana@mairie.example", "role": "mandate", "agency": agency, "until": until}
    page = text(client.post(reverse("people:invite", args=[bakery.pk]), sent))

    assert "Écrivez" in page
    assert "ana@mairie.example" in page
    assert not bakery.invitations.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"role": "mandate", "agency": "Mairie", "until": None},
        {"role": "mandate", "agency": "", "until": UNTIL},
        {"role": "helper", "agency": "Mairie", "until": UNTIL},
        {"role": "owner", "agency": "", "until": UNTIL},
    ],
)
def test_the_database_wants_an_end_of_a_mandate_and_of_nothing_else(bakery, town_hall, told):
    with pytest.raises(IntegrityError), transaction.atomic():
        MerchantManager.objects.create(merchant=bakery, user=town_hall, **told)


def test_the_last_day_is_one_and_the_day_after_is_none_before_any_job_runs(ana, bakery, town_hall):
    where = reverse("space:profile", args=[bakery.pk])
    with later(30):
        assert MerchantPage.objects.managed_by(town_hall).exists()
    with later(31):
        assert not MerchantPage.objects.managed_by(town_hall).exists()
        assert not MerchantOrder.objects.managed_by(town_hall).exists()
    assert ana.get(where).status_code == 200
    MerchantManager.objects.filter(user=town_hall).update(until=timezone.localdate() - timedelta(days=1))
    for name in ("space:profile", "space:preview", "people:list", "merchant_products", "merchant_orders"):
        assert ana.get(reverse(name, args=[bakery.pk])).status_code == 404, name


def test_a_mandate_invites_nobody_and_answers_no_procedure(ana, bakery):
    invite = ana.post(reverse("people:invite", args=[bakery.pk]), {"email": "x@exemple.fr", "role": "owner"})
    assert invite.status_code == 404
    assert ana.get(reverse("sanctions:list", args=[bakery.pk])).status_code == 404


def test_each_act_by_mandate_is_noted_for_whom(ana, bakery, town_hall, baker):
    where = reverse("space:confirm_hours", args=[bakery.pk])
    ana.post(where, {"hours": bakery.opening_hours})
    ana.get(reverse("space:profile", args=[bakery.pk]))
    ana.post(reverse("space:profile", args=[bakery.pk]), {"delivery_note": "x" * 121})  # comes back with its fault
    owner = Client()
    owner.force_login(baker)
    owner.post(where, {"hours": bakery.opening_hours})

    entry = JournalEntry.objects.get(act="acted")
    assert (entry.actor, entry.on_behalf_of, entry.merchant_number) == (town_hall, bakery.title, bakery.pk)
    assert entry.facts == {"agency": "Mairie de Privas", "form": "space:confirm_hours"}
    assert entry.who.endswith("pour Le Fournil des Mines")


def test_a_mandate_that_is_over_is_taken_away_noted_and_told(mandate, bakery, town_hall, baker):
    assert mandates.end(UNTIL) == 0
    assert mandates.end(UNTIL + timedelta(days=1)) == 1
    assert mandates.end(UNTIL + timedelta(days=1)) == 0

    assert not MerchantManager.objects.filter(user=town_hall).exists()
    assert {address for message in mail.outbox for address in message.to} == {town_hall.email, baker.email}
    entry = JournalEntry.objects.get(act="access_withdrawn")
    assert (entry.actor, entry.facts["role"]) == (None, "mandate")
