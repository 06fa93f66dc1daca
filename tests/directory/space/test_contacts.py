"""Telephone, e-mail and site are online at once, whatever else of the page waits for an editor."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from directory.models import Check, MerchantManager
from directory.vetting.kinds import Kind, Means, Result
from tests.browser_forms import filled_in
from tests.factories import make_user


@pytest.fixture
def contacts(bakery):
    return reverse("space:contacts", args=[bakery.pk])


def change(space, contacts, **typed):
    return space.client.post(contacts, filled_in(space.client.get(contacts), "phone") | typed)


@pytest.mark.parametrize(
    "typed", ["04 75 64 01 01", "04.75.64.01.01", "+33 4 75 64 01 01", "0033475640101", "+33 (0)4 75 64 01 01"]
)
def test_a_phone_number_is_online_at_once_and_written_one_way(space, contacts, typed):
    assert change(space, contacts, phone=typed).status_code == 302

    assert space.live().phone == space.draft().phone == "04 75 64 01 01"
    assert "04 75 64 01 01" in Client().get(space.live().public_path).content.decode().replace("\u00a0", " ")
    assert not space.live().workflow_in_progress


def test_a_review_under_way_neither_blocks_nor_takes_it_back(space, contacts, desk):
    space.send(story="Du seigle.")

    change(space, contacts, phone="0475640101", website="https://fournil.example", email="pain@fournil.example")
    desk.approve()

    page = space.live()
    assert (page.phone, page.website, page.email) == (
        "04 75 64 01 01", "https://fournil.example", "pain@fournil.example",
    )  # fmt: skip
    assert "Du seigle." in page.story


def test_it_is_noted_who_changed_what(space, contacts, baker):
    change(space, contacts, phone="0475640101")

    entry = PageLogEntry.objects.filter(page=space.pk, action="wagtail.edit").latest("timestamp")
    assert (entry.user, entry.data["fields"]) == (baker, ["phone"])


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        ("phone", "04 75 64", "Un numéro français compte dix chiffres"),
        ("email", "maud@fournil", "Écrivez une adresse entière"),
        ("website", "mon site", "Écrivez une adresse entière"),
    ],
)
def test_bad_input_says_how_to_mend_it_and_loses_nothing(space, contacts, field, value, advice):
    response = change(space, contacts, **{"email": "pain@fournil.example"} | {field: value})

    html = response.content.decode()
    assert advice in html
    assert f'value="{value}"' in html
    assert space.live().email == ""


def test_two_people_who_change_the_same_see_both(space, contacts, bakery):
    paul = make_user(first_name="Paul", last_name="Serre")
    MerchantManager.objects.create(merchant=bakery, user=paul)
    hers = filled_in(space.client.get(contacts), "phone")
    his = Client()
    his.force_login(paul)
    his.post(contacts, filled_in(his.get(contacts), "phone") | {"phone": "0475640202"})

    response = space.client.post(contacts, hers | {"phone": "0475640101", "email": "pain@fournil.example"})

    page = response.content.decode().replace("\u00a0", " ")
    assert "04 75 64 02 02" in page
    assert "par Paul Serre" in page
    assert space.live().email == ""
    assert space.client.post(contacts, filled_in(response, "phone")).status_code == 302
    assert (space.live().phone, space.live().email) == ("04 75 64 01 01", "pain@fournil.example")


@pytest.mark.parametrize(
    ("typed", "kind", "means", "stands"),
    [
        ({"website": "https://autre.example"}, Kind.WEBSITE, Means.WEB, False),
        ({"phone": "0475640101"}, Kind.CONTACT, Means.PHONE, False),
        ({"phone": "0475640101"}, Kind.CONTACT, Means.LETTER, True),
        ({"email": "pain@fournil.example"}, Kind.WEBSITE, Means.WEB, True),
    ],
)
def test_what_was_proved_of_the_former_one_proves_nothing_of_the_new_one(
    space, contacts, bakery, typed, kind, means, stands
):
    today = timezone.localdate()
    Check.objects.create(
        merchant=bakery, siret=bakery.siret, kind=kind, result=Result.PASSED, source=means,
        day=today - timedelta(days=9), expires_on=today + timedelta(days=90),
    )  # fmt: skip
    change(space, contacts, **typed)

    latest = Check.objects.filter(merchant=bakery, kind=kind).first()
    assert latest.is_in_force(today) == stands


def test_a_stranger_s_is_not_to_be_had(space, cheesemonger):
    assert space.client.get(reverse("space:contacts", args=[cheesemonger.pk])).status_code == 404
    assert space.client.post(reverse("space:contacts", args=[cheesemonger.pk]), {"phone": ""}).status_code == 404
