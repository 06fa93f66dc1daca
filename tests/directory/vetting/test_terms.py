"""What the clock does in vetting, and what the registers are asked again."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from deploy.local.fake_register import establishment, scenarios, siret_of, unit
from directory.hours import PARIS
from directory.models import Application, Check, JournalEntry, MerchantPage, Vetting
from directory.tasks import recheck_merchants
from directory.vetting import acts, terms
from directory.vetting.kinds import Kind, Means, Result, State, Step
from directory.vetting.recheck import MOST_SILENT, due, recheck
from directory.vetting.trail import trail
from portal import database_clock
from portal.jobs import TryAgain
from tests.directory.vetting.applications import draft
from tests.directory.vetting.evidence import verify, yesterday
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db
BY_KEY = {scenario.key: scenario for scenario in scenarios()}


def on(*day):
    return time_machine.travel(datetime(2026, *day, 12, tzinfo=PARIS), tick=False)


def today():
    return timezone.localdate()


def test_editors_are_told_at_thirty_forty_five_and_fifty_five_days(places, shopper, editor):
    with on(3, 1):
        application = draft(shopper)
        acts.submit(application)
    mail.outbox.clear()
    told = {}
    for number in range(1, 62):
        with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=PARIS) + timedelta(days=number), tick=False):
            terms.alert(today())
            if mail.outbox:
                told[number] = mail.outbox.pop().subject

    assert list(told) == [30, 45, 55]
    assert told[45] == f"Dossier {application.number} : 45 jours sans décision"
    application.refresh_from_db()
    assert application.state == Step.SUBMITTED  # the clock decides nothing


def test_after_days_without_worker_the_editors_are_told_once(places, shopper, editor):
    with on(3, 1):
        acts.submit(draft(shopper))
    mail.outbox.clear()
    with on(4, 30):
        assert [terms.alert(today()), terms.alert(today())] == [1, 0]

    assert "55 jours" in mail.outbox[0].subject


def test_time_that_the_applicant_took_does_not_count(places, shopper, editor):
    with on(3, 1):
        application = draft(shopper)
        acts.submit(application)
    with on(3, 6):
        acts.ask(application, editor, "Une photo.")
    with on(4, 20):
        assert terms.alert(today()) == 0
        acts.submit(application)
    with on(5, 14):
        assert terms.alert(today()) == 0
    with on(5, 15):
        assert terms.alert(today()) == 1
    assert Application.objects.get().alerted_days == 30


def test_pages_of_before_are_hidden_the_day_after_their_last_and_their_keepers_told(
    places, bakery, cheesemonger, baker
):
    last = Vetting.objects.get(merchant=bakery).visible_until
    verify(cheesemonger)

    assert terms.hide_unvetted(last) == 0
    assert terms.hide_unvetted(last + timedelta(days=1)) == 1
    assert terms.hide_unvetted(last + timedelta(days=1)) == 0

    assert not MerchantPage.objects.get(pk=bakery.pk).live
    assert MerchantPage.objects.get(pk=cheesemonger.pk).live
    [told] = mail.outbox
    assert told.to == [baker.email]
    assert "nous le ferons ensemble" in told.body
    assert JournalEntry.objects.get(act="hidden").merchant_number == bakery.pk


def online(key, **fields):
    """A vetted merchant whose SIRET is that of a scenario."""
    page = make_merchant(title=key, siret=BY_KEY[key].siret, **fields)
    return verify(page, day=yesterday())


@pytest.mark.parametrize(
    ("key", "failed"),
    [
        ("F1", {}),
        ("F5", {}),  # its head office is elsewhere
        ("F2", {Kind.REGISTER: Result.FAILED}),
        ("F3", {Kind.REGISTER: Result.FAILED}),
        ("F4", {Kind.REGISTER: Result.UNCLEAR}),
        ("F6", {Kind.REGION: Result.FAILED}),
        ("F26-30", {Kind.PROCEEDINGS: Result.FAILED}),
        ("F26-32", {Kind.PROCEEDINGS: Result.FAILED}),
        ("F26-33", {}),  # in recovery, trade goes on
        ("F26-34", {}),
    ],
)
def test_what_the_registers_say_is_recorded_and_takes_nobody_offline(register, places, editor, key, failed):
    page = online(key)

    call_command("recheck_merchants", write=True)

    machine = Check.objects.filter(merchant=page, by=None, day=today())
    assert {check.kind: check.result for check in machine if check.result != Result.PASSED} == failed
    assert MerchantPage.objects.get(pk=page.pk).live
    assert Vetting.objects.get(merchant=page).state == State.VERIFIED
    required = set(failed) - {Kind.PROCEEDINGS}
    assert trail(page, today()).is_sealed is not bool(required)
    assert len(mail.outbox) == JournalEntry.objects.filter(act="case_opened").count() == bool(failed)


def test_nothing_is_recorded_without_write_and_faults_are_told(register, places, editor, capsys):
    online("F1")
    online("F2")
    before = Check.objects.count()

    call_command("recheck_merchants")

    told = capsys.readouterr().out
    assert Check.objects.count() == before
    assert not mail.outbox
    assert "2 commerces : 1 en règle, 1 à examiner, 0 sans réponse." in told
    assert "ajoutez --write" in told


def test_a_second_run_goes_on_where_the_first_was_and_tells_nothing_twice(register, places, editor):
    online("F1")
    online("F2")
    call_command("recheck_merchants", write=True)
    assert due(today()) == []

    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert len(due(today())) == 2
        call_command("recheck_merchants", write=True)

    assert len(mail.outbox) == 1


def test_a_register_that_is_away_changes_nothing_and_is_asked_again(register, places, editor):
    page = online("F20a")
    call_command("recheck_merchants", write=True)

    assert not Check.objects.filter(merchant=page, source=Means.REGISTER).exists()
    assert due(today()) == [page.pk]
    assert trail(page, today()).is_sealed


def test_a_merchant_who_closes_is_a_case_within_a_day(register, places, editor):
    page = online("F1")
    call_command("recheck_merchants", write=True)
    closed = unit(establishment(page.siret, etat_administratif="F", date_fermeture="2026-11-30"))
    register.known[page.siret].results[:] = [closed]

    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        call_command("recheck_merchants", write=True)
        assert not trail(page, today()).is_sealed

    assert JournalEntry.objects.get(act="case_opened").facts["kinds"] == [Kind.REGISTER]
    assert "La page reste en ligne" in mail.outbox[0].body.replace("\u00a0", " ")


def test_those_who_wait_to_be_vetted_are_asked_about_without_a_case(register, places, editor, capsys):
    pages = {key: make_merchant(title=key, siret=BY_KEY[key].siret, live=False) for key in ("F1", "F2", "F5", "F6")}
    here = online("F14")

    call_command("recheck_merchants", write=True, waiting=True)

    assert "4 commerces : 2 en règle, 2 à examiner, 0 sans réponse." in capsys.readouterr().out
    told = {
        key: {check.kind: check.result for check in Check.objects.filter(merchant=page)} for key, page in pages.items()
    }
    assert told["F1"][Kind.REGISTER] == told["F5"][Kind.REGION] == Result.PASSED
    assert told["F2"][Kind.REGISTER] == told["F6"][Kind.REGION] == Result.FAILED
    assert not JournalEntry.objects.filter(act="case_opened").exists()
    assert not mail.outbox
    assert due(today()) == [here.pk]


def test_a_register_that_is_unwell_is_not_asked_for_nothing_and_nobody_is_left_out(register, places, editor):
    for number in range(9):
        verify(make_merchant(title=f"N° {number}", siret=siret_of(1000 + number)), day=yesterday())
    cache.set("register:rests", True, 60)

    findings = list(recheck(due(today()), write=True))
    assert [finding.is_answered for finding in findings] == [False] * MOST_SILENT
    with pytest.raises(TryAgain) as again:
        recheck_merchants()
    assert again.value.moment > database_clock.now()

    cache.delete("register:rests")
    recheck_merchants()
    assert due(today()) == []
