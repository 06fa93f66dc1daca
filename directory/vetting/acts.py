"""What becomes of an application: sent, asked about, withdrawn, refused, accepted.

Each act is one transaction with its entry in the journal and its e-mail. A decision names the person who made it, and
nothing decides by itself: not the clock, not the register.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from directory.models import MerchantPage
from directory.people.access import give
from directory.people.models import Role
from directory.vetting import checking, emails, journal, signals
from directory.vetting.calendar import months_after
from directory.vetting.drafts import draft_of
from directory.vetting.journal import Act, signature
from directory.vetting.kinds import SET_ASIDE, Kind, Means, Result, State, Step
from directory.vetting.models import Application, Vetting
from directory.vetting.rules import latest_checks, missing
from portal.models import User

MONTHS = 2  # to answer in: code des relations entre le public et l'administration, article L231-1
NO_REASONS = "Écrivez les motifs : la personne les reçoit avec votre réponse."
NO_LONGER_OPEN = "Ce dossier n’est plus ouvert : quelqu’un l’a traité entre-temps. Rechargez la page."


@transaction.atomic
def submit(application: Application) -> None:
    """Send an application, or send it again with what was asked for; its page is made, or made anew.

    The terms were accepted before. Raises ValidationError if the page cannot be made of what was declared.
    """
    held = _held(application, Step.DRAFT, Step.INCOMPLETE)
    is_first, today = held.state == Step.DRAFT, timezone.localdate()
    page = draft_of(held)
    if is_first:
        held.submitted_at, held.due_on = timezone.now(), months_after(today, MONTHS)
    elif held.due_on and held.paused_on:
        held.due_on += today - held.paused_on
    held.merchant, held.state, held.paused_on, held.reasons = page, Step.SUBMITTED, None, ""
    held.save()
    _record_what_is_known(held, page)
    signals.keep(held, today)
    journal.note(Act.SUBMITTED if is_first else Act.COMPLETED, held.applicant, **_of(held))
    emails.acknowledge(held) if is_first else emails.tell_resumed(held)
    _copy(held, application)


@transaction.atomic
def withdraw(application: Application) -> None:
    """Withdraw an application that is open, for who sent it."""
    held = _held(application, Step.DRAFT, Step.SUBMITTED, Step.INCOMPLETE)
    was_sent = held.state != Step.DRAFT
    held.state, held.paused_on = Step.WITHDRAWN, None
    held.save()
    if was_sent:
        journal.note(Act.WITHDRAWN, held.applicant, **_of(held))
    _copy(held, application)


@transaction.atomic
def ask(application: Application, by: User, reasons: str) -> None:
    """Ask for what lacks; the clock stands still until it comes. Raises ValidationError."""
    held = _held(application, Step.SUBMITTED)
    held.state, held.reasons, held.paused_on = Step.INCOMPLETE, given(reasons), timezone.localdate()
    held.save()
    journal.note(Act.ASKED, by, reasons=held.reasons, **_of(held))
    emails.ask(held)
    _copy(held, application)


@transaction.atomic
def refuse(application: Application, by: User, reasons: str) -> None:
    """Refuse an application, with reasons and remedies. Raises ValidationError."""
    held = _held(application, Step.SUBMITTED, Step.INCOMPLETE)
    held.reasons = given(reasons)
    _decide(held, Step.REFUSED, by)
    journal.note(Act.REFUSED, by, reasons=held.reasons, **_of(held))
    emails.refuse(held)
    _copy(held, application)


@transaction.atomic
def accept(application: Application, by: User) -> None:
    """Accept an application: the merchant is verified, their page published, and the applicant keeps it.

    Raises ValidationError if a required check lacks, or the page has faults.
    """
    held = _held(application, Step.SUBMITTED, Step.INCOMPLETE)
    if held.merchant is None or held.applicant is None:
        raise ValidationError("La fiche ou le compte de ce dossier n’existe plus : refusez-le, ou demandez un dossier.")
    _decide(held, Step.ACCEPTED, by)
    verify(held.merchant, by)
    held.merchant.get_latest_revision().publish(user=by)
    journal.note(Act.ACCEPTED, by, **_of(held))
    held.documents.update(merchant=held.merchant)
    give(held.merchant, held.applicant, Role.OWNER, by, application=held.number)
    emails.accept(held)
    _copy(held, application)


@transaction.atomic
def verify(merchant: MerchantPage, by: User) -> None:
    """Decide that a merchant is vetted: their page may be online. Raises ValidationError if a required check lacks."""
    today = timezone.localdate()
    checks = latest_checks([merchant.pk]).get((merchant.pk, merchant.siret or ""), {})
    if lacking := missing(checks, today):
        raise ValidationError(f"Il manque : {', '.join(f'« {kind.label} »' for kind in lacking)}.")
    vetting = Vetting.objects.select_for_update().get(merchant=merchant)
    if vetting.state in SET_ASIDE:
        raise ValidationError("Ce commerce est masqué, suspendu ou clos par une décision : levez-la d’abord.")
    vetting.state, vetting.visible_until = State.VERIFIED, None
    vetting.decided_at, vetting.decided_by, vetting.decider = timezone.now(), by, signature(by)
    vetting.save()
    journal.note(Act.VERIFIED, by, merchant=merchant.pk, checks=[checks[kind].pk for kind in checks])


def elapsed(application: Application, today: date) -> timedelta:
    """Return how long an application has waited for the Region, without the time it waited for the applicant."""
    if application.submitted_at is None or application.due_on is None:
        return timedelta(0)
    sent = timezone.localdate(application.submitted_at)
    paused_before = application.due_on - months_after(sent, MONTHS)
    return (application.paused_on or today) - sent - paused_before


def _record_what_is_known(application: Application, page: MerchantPage) -> None:
    """Store the checks that need nobody: the register's answer, and the engagement that was signed."""
    checking.record_register(page, application.found)
    if application.terms_accepted_at:
        day = timezone.localdate(application.terms_accepted_at)
        checking.record(page, Kind.TERMS, Result.PASSED, Means.SIGNED, by=application.applicant, day=day)


def _held(application: Application, *steps: Step) -> Application:
    """Return the application as it is stored, locked. Raises ValidationError unless it is in one of these steps."""
    held = Application.objects.select_for_update(of=("self",)).select_related("merchant", "applicant")
    found = held.get(pk=application.pk)
    if found.state not in steps:
        raise ValidationError(NO_LONGER_OPEN)
    return found


def _decide(application: Application, step: Step, by: User) -> None:
    application.state, application.paused_on = step, None
    application.decided_at, application.decided_by, application.decider = timezone.now(), by, signature(by)
    application.save()


def given(reasons: str) -> str:
    """Return reasons without blanks around them. Raises ValidationError when there are none."""
    if not reasons.strip():
        raise ValidationError(NO_REASONS)
    return reasons.strip()


def _of(application: Application) -> dict:
    return {"application": application.number, "merchant": application.merchant_id}


def _copy(stored: Application, to: Application) -> None:
    """Let the caller's copy say what is stored now."""
    for field in Application._meta.concrete_fields:
        setattr(to, field.attname, getattr(stored, field.attname))
