"""The freshness contract by the calendar: what is written when, to whom, once; and the link that confirms."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from directory.freshness import reminders
from directory.freshness.models import HoursReminder
from directory.freshness.stages import CONTRACT, Stage, stage_at
from directory.models import MerchantPage
from portal.dates import months_before
from tests.factories import make_user

CONFIRMED = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (CONFIRMED, Stage.FRESH),
        (date(2026, 8, 30), Stage.FRESH),
        (date(2026, 8, 31), Stage.DUE),
        (date(2026, 9, 29), Stage.DUE),
        (date(2026, 10, 1), Stage.STALE),
        (date(2026, 12, 30), Stage.STALE),
        (date(2026, 12, 31), Stage.OLD),
        (date(2027, 3, 30), Stage.OLD),
        (date(2027, 3, 31), Stage.FORGOTTEN),
        (date(2031, 1, 1), Stage.FORGOTTEN),
    ],
)
def test_age_is_counted_in_months_of_the_calendar(day, stage):
    assert stage_at(CONFIRMED, day) is stage


def test_months_are_counted_back_from_the_last_day_of_a_short_one():
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2028, 8, 31), 6) == date(2028, 2, 29)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)


@pytest.fixture
def confirmed_long_ago(bakery):
    MerchantPage.objects.filter(pk=bakery.pk).update(confirmed_on=CONFIRMED, opening_hours="Mo-Fr 08:00-12:00")
    bakery.refresh_from_db()
    return bakery


def each_day(first, last):
    for number in range((last - first).days + 1):
        reminders.remind(first + timedelta(number))


def test_each_stage_writes_once_to_each_who_keeps_the_page(confirmed_long_ago, baker):
    helper = make_user("aide@fournil.example")
    confirmed_long_ago.managers.add(helper)

    each_day(CONFIRMED, date(2027, 5, 1))

    written = [(message.to, message.subject) for message in mail.outbox]
    subjects = [term.subject for term in CONTRACT if term.subject]
    assert len(subjects) == 4
    assert sorted(written) == sorted(([user.email], subject) for user in (baker, helper) for subject in subjects)


def test_a_worker_that_was_away_for_a_year_writes_the_last_one_alone(confirmed_long_ago):
    assert reminders.remind(date(2027, 4, 1)) == 1
    assert reminders.remind(date(2027, 4, 2)) == 0

    assert [reminder.stage for reminder in HoursReminder.objects.all()] == [Stage.FORGOTTEN]


def test_who_confirms_begins_the_clock_again(confirmed_long_ago):
    each_day(date(2026, 8, 31), date(2026, 9, 2))
    confirmed_long_ago.confirm_hours(date(2026, 9, 3))
    each_day(date(2026, 9, 3), date(2027, 2, 2))
    assert len(mail.outbox) == 1

    reminders.remind(date(2027, 2, 3))
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("state", ["offline", "no hours", "nobody keeps it", "keeper inactive"])
def test_nothing_is_written_about_a_page_that(confirmed_long_ago, baker, state):
    pages = MerchantPage.objects.filter(pk=confirmed_long_ago.pk)
    if state == "offline":
        pages.update(live=False)
    elif state == "no hours":
        pages.update(opening_hours="")
    elif state == "nobody keeps it":
        confirmed_long_ago.accesses.all().delete()
    else:
        baker.is_active = False
        baker.save()

    assert reminders.remind(date(2026, 12, 31)) == 0
    assert not mail.outbox


def test_hours_that_nobody_ever_confirmed_are_as_old_as_the_page_is_online(confirmed_long_ago):
    online = timezone.make_aware(timezone.datetime(2026, 5, 31, 23, 30))
    MerchantPage.objects.filter(pk=confirmed_long_ago.pk).update(confirmed_on=None, first_published_at=online)

    assert reminders.remind(date(2026, 10, 30)) == 0
    assert reminders.remind(date(2026, 10, 31)) == 1
    assert "sans avoir été confirmés" in mail.outbox[0].body


def link():
    return re.search(r"/espace/horaires-justes/\S+", mail.outbox[-1].body)[0]


@pytest.fixture
def address(confirmed_long_ago):
    reminders.remind(timezone.localdate())
    return link()


def test_the_link_shows_and_only_its_button_confirms_once_without_login(
    client, strict_templates, confirmed_long_ago, address
):
    shown = client.get(address).content.decode()
    confirmed_long_ago.refresh_from_db()
    assert "8\u00a0h" in shown
    assert confirmed_long_ago.confirmed_on == CONFIRMED

    thanks = client.post(address).content.decode()
    confirmed_long_ago.refresh_from_db()
    assert "Merci" in thanks
    assert confirmed_long_ago.confirmed_on == timezone.localdate()

    assert "C’est déjà fait" in client.get(address).content.decode()
    assert "C’est déjà fait" in client.post(address).content.decode()


def test_hours_that_changed_since_the_e_mail_are_not_confirmed_by_its_link(client, confirmed_long_ago, address):
    MerchantPage.objects.filter(pk=confirmed_long_ago.pk).update(opening_hours="Sa 09:00-12:00")

    assert "C’est déjà fait" in client.post(address).content.decode()
    confirmed_long_ago.refresh_from_db()
    assert confirmed_long_ago.confirmed_on == CONFIRMED


def test_a_forged_an_old_and_a_link_of_a_page_offline_lead_nowhere(client, confirmed_long_ago, address):
    assert client.post(address[:-3] + "zz/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        assert client.post(address).status_code == 404
    MerchantPage.objects.filter(pk=confirmed_long_ago.pk).update(live=False)
    assert client.post(address).status_code == 404

    confirmed_long_ago.refresh_from_db()
    assert confirmed_long_ago.confirmed_on == CONFIRMED


def test_the_public_page_tells_each_line_of_the_contract(client, db, strict_templates):
    page = unescape(client.get(reverse("freshness")).content.decode()).replace("\u00a0", " ")

    for term in CONTRACT:
        assert term.region in page
        assert not term.months or f"{term.months} mois" in page


def test_editors_see_whom_to_call_oldest_first_and_by_stage(client, editor, confirmed_long_ago, cheesemonger):
    MerchantPage.objects.filter(pk=cheesemonger.pk).update(
        confirmed_on=timezone.localdate(), opening_hours="Tu 10:00-12:00"
    )
    client.force_login(editor)
    page = client.get(reverse("freshness_report")).content.decode()
    assert page.index(confirmed_long_ago.title) < page.index(cheesemonger.title)

    fresh = client.get(reverse("freshness_report"), {"stage": "fresh"}).content.decode()
    assert cheesemonger.title in fresh
    assert confirmed_long_ago.title not in fresh

    export = client.get(reverse("freshness_report"), {"export": "csv"})
    assert confirmed_long_ago.title in b"".join(export.streaming_content).decode()


def test_strangers_do_not_see_the_list(client, shopper):
    assert client.get(reverse("freshness_report")).status_code == 302
    client.force_login(shopper)
    assert client.get(reverse("freshness_report")).status_code in (302, 403)
