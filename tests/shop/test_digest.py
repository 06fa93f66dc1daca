"""The Monday digest: to whom, of what, once a week, and how one leaves it."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from directory.models import MerchantManager, MerchantPage
from shop import digest
from tests.factories import make_user
from tests.shop.factories import order_and_confirm, put_in_basket

MONDAY = date(2027, 1, 11)  # no public holiday in the two weeks that follow


@pytest.fixture
def settled(bakery):
    """A merchant for whom nothing waits."""
    MerchantPage.objects.filter(pk=bakery.pk).update(confirmed_on=MONDAY)
    bakery.refresh_from_db()
    return bakery


@pytest.fixture
def waiting(client, settled, loaf):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    mail.outbox.clear()
    return settled


def test_nothing_is_written_when_nothing_waits(settled):
    assert digest.send_all(MONDAY) == 0
    assert not mail.outbox


def test_what_waits_is_told_with_its_link_to_each_who_keeps_the_page(waiting, baker):
    helper = make_user("aide@fournil.example")
    waiting.managers.add(helper)

    assert digest.send_all(MONDAY) == 2

    assert sorted(message.to[0] for message in mail.outbox) == sorted([baker.email, helper.email])
    assert "1 commande à préparer" in mail.outbox[0].body
    assert f"/espace/{waiting.pk}/commandes/" in mail.outbox[0].body


def test_a_second_run_writes_nobody_twice_and_the_next_monday_does(waiting):
    assert [digest.send_all(MONDAY + timedelta(days)) for days in (0, 0, 3, 7)] == [1, 0, 0, 1]


def test_public_holidays_are_told_as_visitors_read_them(settled):
    digest.send_all(date(2027, 4, 26))  # the 1st and the 6th of May, Ascension, are within two weeks

    body = mail.outbox[0].body.replace("\u00a0", " ")
    assert re.search(r"Samedi 1er mai \(.*\) : fermé", body)
    assert "Jeudi 6 mai" in body


def test_old_hours_are_confirmed_by_the_link_without_login(client, settled):
    MerchantPage.objects.filter(pk=settled.pk).update(confirmed_on=MONDAY - timedelta(300))

    digest.send_all(MONDAY)
    client.post(re.search(r"/espace/horaires-justes/\S+", mail.outbox[0].body)[0])

    settled.refresh_from_db()
    assert settled.confirmed_on == timezone.localdate()


@pytest.mark.parametrize("state", ["offline", "inactive", "unwanted", "removed"])
def test_nothing_is_written_to_who(waiting, baker, state):
    if state == "offline":
        MerchantPage.objects.filter(pk=waiting.pk).update(live=False)
    elif state == "inactive":
        baker.is_active = False
        baker.save()
    elif state == "unwanted":
        MerchantManager.objects.update(wants_digest=False)
    else:
        MerchantManager.objects.all().delete()

    assert digest.send_all(MONDAY) == 0


@pytest.fixture
def leave(waiting):
    digest.send_all(MONDAY)
    return re.search(r"/espace/resume/\S+", mail.outbox[0].body)[0]


def wants():
    return MerchantManager.objects.get().wants_digest


def test_the_link_shows_and_its_button_ends_or_resumes(client, strict_templates, leave):
    assert "Ne plus le recevoir" in client.get(leave).content.decode()
    assert wants()

    client.post(leave, {"choice": "stop"})
    assert not wants()

    assert "Le recevoir" in client.get(leave).content.decode()
    client.post(leave, {"choice": "resume"})
    assert wants()


def test_a_mail_program_leaves_by_itself(leave):
    """As RFC 8058 has it: a post without cookie, to the address of the header."""
    header = mail.outbox[0].extra_headers["List-Unsubscribe"]
    assert leave in header

    answer = Client(enforce_csrf_checks=True).post(leave, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not wants()


def test_the_link_of_who_keeps_the_page_no_more_and_a_forged_one_lead_nowhere(client, leave):
    assert client.post(leave[:-3] + "zz/").status_code == 404
    MerchantManager.objects.all().delete()
    assert client.post(leave).status_code == 404


def test_who_keeps_the_page_finds_the_choice_there(client, waiting, baker):
    client.force_login(baker)
    page = client.get(f"/espace/{waiting.pk}/personnes/").content.decode()

    assert client.get(re.search(r'href="(/espace/resume/[^"]+)"', page)[1]).status_code == 200
