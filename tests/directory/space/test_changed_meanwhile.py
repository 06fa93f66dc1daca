"""Hours and contacts change at once while an editor has the form of the page open: nothing brings the former back."""

import pytest
from django.utils import timezone

from directory.models import MerchantPage
from directory.space.at_once import put_online
from tests.browser_forms import filled_in
from tests.directory.vetting.evidence import verify

FORMER, NEW, THIRD = "Mo-Fr 08:00-12:00", "Tu-Sa 09:00-18:00", "We 10:00-11:00"
PUBLISH, DRAFT = {"action-publish": "action-publish"}, {}


@pytest.fixture
def page(bakery, baker):
    verify(bakery)
    put_online(bakery, baker, opening_hours=FORMER, confirmed_on=timezone.localdate())
    return bakery


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def address(page):
    return f"/gestion/pages/{page.pk}/edit/"


def opened(desk, page):
    """Return what the editor's form sends if nobody touches it."""
    return filled_in(desk.get(address(page)), "opening_hours")


def told(page):
    """Return the hours online, and those of the version that would be published next."""
    stored = MerchantPage.objects.get(pk=page.pk)
    return stored.opening_hours, stored.get_latest_revision_as_object().opening_hours


@pytest.mark.parametrize("act", [PUBLISH, DRAFT], ids=["published", "draft"])
@pytest.mark.parametrize("changed", [{}, {"street": "14 cours du Palais"}, {"phone": "04 75 64 01 02"}], ids=str)
def test_hours_that_the_editor_did_not_touch_are_the_merchant_s(desk, page, baker, act, changed):
    form = opened(desk, page)
    put_online(page, baker, opening_hours=NEW, confirmed_on=timezone.localdate())

    response = desk.post(address(page), form | changed | act)

    assert response.status_code == 302
    assert told(page) == (NEW, NEW)
    latest = MerchantPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert all(getattr(latest, name) == value for name, value in changed.items())


@pytest.mark.parametrize("act", [PUBLISH, DRAFT], ids=["published", "draft"])
def test_hours_that_both_changed_are_told_with_both_texts_and_written_the_second_time(desk, page, baker, act):
    form = opened(desk, page)
    put_online(page, baker, opening_hours=NEW, confirmed_on=timezone.localdate())

    again = desk.post(address(page), form | {"opening_hours": THIRD, "street": "14 cours du Palais"} | act)

    assert told(page) == (NEW, NEW)
    shown = again.content.decode().replace("\u00a0", " ")
    assert f"ses horaires pendant que cette page était ouverte. En ligne : « {NEW} »" in shown
    assert f"De votre main : « {THIRD} »" in shown
    form = filled_in(again, "opening_hours")
    assert (form["opening_hours"], form["street"]) == (THIRD, "14 cours du Palais")

    assert desk.post(address(page), form | act).status_code == 302
    assert told(page)[1] == THIRD
    assert told(page)[0] == (THIRD if act else NEW)


def test_the_same_hours_typed_by_both_are_no_conflict(desk, page, baker):
    form = opened(desk, page)
    put_online(page, baker, opening_hours=NEW, confirmed_on=timezone.localdate())

    assert desk.post(address(page), form | {"opening_hours": NEW} | PUBLISH).status_code == 302
    assert told(page) == (NEW, NEW)


def test_hours_that_the_merchant_took_away_do_not_come_back(desk, page, baker):
    form = opened(desk, page)
    put_online(page, baker, opening_hours="", confirmed_on=None)

    assert desk.post(address(page), form | PUBLISH).status_code == 302
    assert told(page) == ("", "")


def test_an_editor_alone_changes_hours_as_ever(desk, page):
    form = opened(desk, page)

    assert desk.post(address(page), form | {"opening_hours": THIRD} | PUBLISH).status_code == 302
    assert told(page) == (THIRD, THIRD)


CONTACTS = [
    ("phone", "04 75 64 01 01", "04 75 64 01 02", "04 75 64 01 03"),
    ("phone", "", "04 75 64 01 02", "04 75 64 01 03"),
    ("email", "maud@fournil.example", "bonjour@fournil.example", "contact@fournil.example"),
    ("website", "https://fournil.example/", "https://pain.example/", "https://levain.example/"),
    ("website", "https://fournil.example/", "", "https://levain.example/"),
]


def of(page, name):
    """Return a field online, and in the version that would be published next."""
    stored = MerchantPage.objects.get(pk=page.pk)
    return getattr(stored, name), getattr(stored.get_latest_revision_as_object(), name)


@pytest.mark.parametrize("act", [PUBLISH, DRAFT], ids=["published", "draft"])
@pytest.mark.parametrize(("name", "former", "new", "third"), CONTACTS)
def test_contacts_that_the_editor_did_not_touch_are_the_merchant_s(desk, page, baker, act, name, former, new, third):
    put_online(page, baker, **{name: former})
    form = opened(desk, page)
    put_online(page, baker, **{name: new})

    assert desk.post(address(page), form | {"street": "14 cours du Palais"} | act).status_code == 302

    assert of(page, name) == (new, new)
    assert of(page, "street")[1] == "14 cours du Palais"


@pytest.mark.parametrize(("name", "former", "new", "third"), CONTACTS)
def test_contacts_that_both_changed_are_told_with_both(desk, page, baker, name, former, new, third):
    put_online(page, baker, **{name: former})
    form = opened(desk, page)
    put_online(page, baker, **{name: new})

    again = desk.post(address(page), form | {name: third} | PUBLISH)

    assert of(page, name) == (new, new)
    assert f"De votre main : « {third} »" in again.content.decode().replace("\u00a0", " ")
    assert desk.post(address(page), filled_in(again, name) | PUBLISH).status_code == 302
    assert of(page, name) == (third, third)
