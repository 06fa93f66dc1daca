"""What a merchant does in a procedure: observations, an appeal; and how the Region, by another person, answers it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from directory.people.signing import signed_for
from directory.vetting import journal
from directory.vetting.acts import given
from directory.vetting.calendar import months_after
from directory.vetting.journal import Act, signature
from directory.vetting.sanctions import acts, emails
from directory.vetting.sanctions.kinds import APPEAL_MONTHS, Outcome, Stage
from directory.vetting.sanctions.models import DECIDED, Appeal, Observation, Sanction
from portal.models import User

MOST = 10  # observations on one procedure
EMPTY = "Écrivez votre réponse : elle est lue avant toute décision."
NO_LONGER = "Cette procédure n’attend plus d’observations. Vous pouvez encore contester la décision."
MANY = "Vous avez déjà envoyé beaucoup d’observations : demandez plutôt à être entendu."
ONE_APPEAL = "Votre réclamation est déjà reçue : une autre personne l’examine."
TOO_LATE = "Le délai de six mois pour contester cette décision est passé. Le tribunal administratif peut encore l’être."
ANOTHER = "Vous avez ouvert cette procédure ou pris cette décision : une autre personne répond à la réclamation."


def may_observe(sanction: Sanction, today: date) -> bool:
    """Return whether observations are still read: until the decision, and after one that was made in an urgency."""
    if sanction.stage == Stage.HEARING:
        return True
    return sanction.stage == Stage.IN_FORCE and bool(sanction.urgency) and today <= sanction.hearing_until


def appeal_until(sanction: Sanction) -> date | None:
    """Return the last day to appeal, None where there is no decision to appeal against."""
    if sanction.stage not in DECIDED or sanction.decided_at is None:
        return None
    return months_after(timezone.localdate(sanction.decided_at), APPEAL_MONTHS)


def may_appeal(sanction: Sanction, today: date) -> bool:
    last = appeal_until(sanction)
    return last is not None and today <= last and not Appeal.objects.filter(sanction=sanction).exists()


@transaction.atomic
def observe(sanction: Sanction, by: User, text: str, *, wants_hearing: bool) -> Observation:
    """Keep what a merchant answers, and tell the editors. Raises ValidationError."""
    held = Sanction.objects.select_for_update(of=("self",)).select_related("merchant").get(pk=sanction.pk)
    if not may_observe(held, timezone.localdate()):
        raise ValidationError(NO_LONGER)
    if not text.strip():
        raise ValidationError(EMPTY)
    if held.observations.count() >= MOST:
        raise ValidationError(MANY)
    made = Observation.objects.create(
        sanction=held, text=text.strip(), wants_hearing=wants_hearing, made_by=by, author=signed_for(by, held.merchant)
    )
    journal.note(Act.OBSERVED, by, merchant=held.merchant_id, decision=held.number, wants_hearing=wants_hearing)
    emails.tell_editors(held, "observed", text=made.text, wants_hearing=wants_hearing)
    return made


@transaction.atomic
def appeal(sanction: Sanction, by: User, text: str) -> Appeal:
    """Keep a merchant's appeal, and tell the editors. Raises ValidationError."""
    held = Sanction.objects.select_for_update(of=("self",)).select_related("merchant").get(pk=sanction.pk)
    if Appeal.objects.filter(sanction=held).exists():
        raise ValidationError(ONE_APPEAL)
    if not may_appeal(held, timezone.localdate()):
        raise ValidationError(TOO_LATE)
    if not text.strip():
        raise ValidationError("Écrivez pourquoi vous contestez cette décision.")
    made = Appeal.objects.create(
        sanction=held, text=text.strip(), filed_at=timezone.now(), filed_by=by, author=signed_for(by, held.merchant)
    )
    journal.note(Act.APPEALED, by, merchant=held.merchant_id, decision=held.number)
    emails.tell_editors(held, "appealed", text=made.text)
    return made


def may_answer(sanction: Sanction, by: User) -> bool:
    """Return whether this person neither opened the procedure nor made the decision."""
    return by.pk not in (sanction.opened_by_id, sanction.decided_by_id) and signature(by) != sanction.decider


@transaction.atomic
def answer(sanction: Sanction, by: User, outcome: Outcome, reasons: str) -> Appeal:
    """Answer an appeal; a decision that is overturned is undone at once. Raises ValidationError."""
    found = Appeal.objects.select_for_update(of=("self",)).filter(sanction=sanction, outcome="").first()
    if found is None:
        raise ValidationError(acts.TAKEN)
    held = Sanction.objects.get(pk=sanction.pk)
    if not may_answer(held, by):
        raise ValidationError(ANOTHER)
    found.outcome, found.answer = outcome, given(reasons)
    found.decided_at, found.decided_by, found.decider = timezone.now(), by, signature(by)
    found.save()
    facts = {"decision": held.number, "outcome": str(outcome)}
    journal.note(Act.APPEAL_DECIDED, by, merchant=held.merchant_id, reasons=found.answer, **facts)
    emails.tell(held, "answered", appeal=found)
    if outcome == Outcome.OVERTURNED and held.stage == Stage.IN_FORCE:
        acts.lift(held, by, found.answer)
    return found
