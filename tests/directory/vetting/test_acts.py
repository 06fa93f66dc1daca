"""What becomes of an application."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError

from directory.hours import PARIS
from directory.models import Application, Check, JournalEntry, MerchantPage
from directory.vetting import acts
from directory.vetting.kinds import Kind, Result, State, Step
from tests.directory.vetting.applications import DECLARED, FOUND, SIRET, check_by_hand, draft
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(places, shopper):
    application = draft(shopper)
    acts.submit(application)
    return application


def mails():
    return [{"subject": one.subject, "body": one.body, "to": one.to} for one in mail.outbox]


def acted(application):
    entries = JournalEntry.objects.filter(application_number=application.number)
    return list(entries.order_by("pk").values_list("act", flat=True))


def test_what_is_sent_becomes_a_draft_with_the_checks_that_need_nobody(sent, shopper):
    page = MerchantPage.objects.get(siret=SIRET)

    assert (page.title, page.town.name, page.live, page.source) == ("Les Ruches du Coiron", "Privas", False, "merchant")
    assert (sent.state, sent.merchant) == (Step.SUBMITTED, page)
    passed = Check.objects.filter(merchant=page, result=Result.PASSED)
    assert set(passed.values_list("kind", flat=True)) == {Kind.REGISTER, Kind.REGION, Kind.TERMS}
    assert not page.accesses.exists()
    [told] = mails()
    assert told["to"] == [shopper.email]
    assert sent.number in told["subject"]
    assert "L231-1" in told["body"]


@pytest.mark.parametrize(
    ("found", "failed"),
    [
        ({"is_active": False}, {Kind.REGISTER}),
        ({"unit_is_active": False}, {Kind.REGISTER}),
        ({"insee_code": "75108"}, {Kind.REGION}),
        ({"insee_code": ""}, {Kind.REGION}),
        ({"insee_code": "75108", "is_active": False}, {Kind.REGISTER, Kind.REGION}),
    ],
)
def test_what_the_register_says_against_her_keeps_her_from_being_accepted(places, shopper, editor, found, failed):
    application = draft(shopper, found=FOUND | found)
    acts.submit(application)
    check_by_hand(application, editor)

    assert set(Check.objects.filter(result=Result.FAILED).values_list("kind", flat=True)) == failed
    with pytest.raises(ValidationError, match=r"Il manque"):
        acts.accept(application, editor)
    application.refresh_from_db()
    assert application.state == Step.SUBMITTED


@pytest.mark.parametrize("found", [{}, FOUND | {"siret": "54210765113030"}])
def test_without_an_answer_of_the_register_nothing_of_it_is_recorded(places, shopper, found):
    acts.submit(draft(shopper, found=found))

    assert list(Check.objects.values_list("kind", flat=True)) == [Kind.TERMS]


def test_accepting_publishes_gives_access_and_tells_what_to_do_next(sent, shopper, editor, client):
    check_by_hand(sent, editor)
    acts.accept(sent, editor)

    page = MerchantPage.objects.get(siret=SIRET)
    assert client.get(page.public_path).status_code == 200
    assert page.accesses.get().user == shopper
    assert (page.vetting.state, page.vetting.decider) == (State.VERIFIED, "Jeanne Rey")
    assert (sent.state, sent.decider, sent.decided_by) == (Step.ACCEPTED, "Jeanne Rey", editor)
    assert acted(sent) == ["submitted", "accepted", "access_given"]
    body = mails()[-1]["body"]
    assert "Ajoutez vos premiers produits" in body
    assert "Jeanne Rey" in body


@pytest.mark.parametrize("lacking", [Kind.ACTIVITY, Kind.IDENTITY])
def test_nobody_is_accepted_without_the_checks_that_a_person_makes(sent, editor, lacking):
    check_by_hand(sent, editor, *({Kind.ACTIVITY, Kind.IDENTITY} - {lacking}))

    with pytest.raises(ValidationError, match=lacking.label):
        acts.accept(sent, editor)
    assert not MerchantPage.objects.get().live
    assert len(mails()) == 1


def test_refusing_tells_reasons_who_decided_and_the_remedies(sent, editor):
    acts.refuse(sent, editor, "L’établissement est à Paris.")

    body = mails()[-1]["body"]
    for told in ("L’établissement est à Paris.", "Jeanne Rey", "tribunal administratif", "six mois", sent.number):
        assert told in body.replace("\u00a0", " ")
    assert acted(sent) == ["submitted", "refused"]


@pytest.mark.parametrize("reasons", ["", "  ", "\n"])
def test_nothing_is_asked_or_refused_without_reasons(sent, editor, reasons):
    for act in (acts.ask, acts.refuse):
        with pytest.raises(ValidationError, match="Écrivez les motifs"):
            act(sent, editor, reasons)
    sent.refresh_from_db()
    assert sent.state == Step.SUBMITTED


def test_the_clock_stands_still_while_something_lacks(places, shopper, editor):
    def on(day):
        return time_machine.travel(datetime(2026, *day, 12, tzinfo=PARIS), tick=False)

    with on((3, 1)):
        application = draft(shopper)
        acts.submit(application)
    assert application.due_on == date(2026, 5, 1)
    with on((3, 11)):
        acts.ask(application, editor, "Une photo de l’atelier.")
        assert acts.elapsed(application, date(2026, 3, 11)) == timedelta(days=10)
    with on((3, 31)):
        assert acts.elapsed(application, date(2026, 3, 31)) == timedelta(days=10)
        application.declared["title"] = "Les Ruches"
        application.save()
        acts.submit(application)
    assert (application.due_on, application.state) == (date(2026, 5, 21), Step.SUBMITTED)
    assert acts.elapsed(application, date(2026, 4, 5)) == timedelta(days=15)
    assert MerchantPage.objects.get().title == "Les Ruches"
    assert acted(application) == ["submitted", "asked", "completed"]


def test_what_somebody_decided_meanwhile_is_not_decided_again(sent, editor):
    stale = Application.objects.get(pk=sent.pk)
    acts.refuse(sent, editor, "Hors de la région.")

    for act in (acts.accept, lambda *given: acts.refuse(*given, "Autre motif.")):
        with pytest.raises(ValidationError, match="n’est plus ouvert"):
            act(stale, editor)


def test_who_withdrew_may_apply_again_and_the_same_draft_is_taken(sent, shopper):
    acts.withdraw(sent)
    again = draft(shopper, declared=DECLARED | {"title": "Le Rucher"})
    acts.submit(again)

    assert again.merchant == MerchantPage.objects.get()
    assert again.merchant.title == "Le Rucher"


def test_a_siret_that_somebody_keeps_is_not_taken(places, shopper, baker):
    make_merchant(siret=SIRET, managers=[baker], live=False)

    with pytest.raises(ValidationError, match="déjà une fiche"):
        acts.submit(draft(shopper))


@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        ({"town": "75056"}, "commune"),
        ({"category": "licornes"}, "catégorie"),
        ({"postal_code": "7000"}, "cinq chiffres"),
    ],
)
def test_what_makes_no_page_is_refused_and_stays_a_draft(places, shopper, declared, fault):
    application = draft(shopper, declared=DECLARED | declared)

    with pytest.raises(ValidationError, match=fault):
        acts.submit(application)
    application.refresh_from_db()
    assert application.state == Step.DRAFT
    assert not mails()


def test_an_account_that_is_gone_keeps_nobody_from_deciding(sent, shopper, editor):
    check_by_hand(sent, editor)
    shopper.delete()

    with pytest.raises(ValidationError, match="compte de ce dossier"):
        acts.accept(sent, editor)
    acts.refuse(sent, editor, "Le compte n’existe plus.")
    assert Application.objects.get().state == Step.REFUSED
