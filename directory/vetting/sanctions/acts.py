"""The Region's acts in a procedure against a merchant: grievances sent, hearing, decision, urgency, lifting.

Each is one transaction with its entry in the journal and its e-mail to the owners; a named person signs it. What is
refused here in French, the database refuses as well (guards.py). Sources: code des relations entre le public et
l'administration, articles L121-1, L121-2, L122-1 and L211-2; règlement (UE) 2019/1150, article 4; règlement (UE)
2022/2065, articles 17 and 23.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from directory.hours import written_date
from directory.models import MerchantPage
from directory.vetting import journal
from directory.vetting.acts import given
from directory.vetting.journal import Act, signature
from directory.vetting.sanctions import effects, emails
from directory.vetting.sanctions.kinds import (
    HEARING_DAYS,
    LONGEST_DAYS,
    LONGEST_URGENT_DAYS,
    NOTICE_DAYS,
    TEMPORARY,
    WITHOUT_HEARING,
    Measure,
    Rule,
    Stage,
    Urgency,
)
from directory.vetting.sanctions.models import Sanction
from portal.models import User

TAKEN = "Quelqu’un a traité cette procédure entre-temps : rechargez la page."
NO_FACTS = "Écrivez les faits, puis ce qui est reproché : le commerçant les lit, et y répond."
NO_PROOF = "Écrivez ce qui établit l’urgence : un constat, un ordre, une annonce, avec sa date."
NOT_WITHOUT_HEARING = "Ce motif dispense du préavis, jamais de l’audience : ouvrez d’abord la procédure."
NO_WARNING = "Une suspension suit un avertissement en vigueur, ou une urgence : prononcez d’abord un avertissement."
NOT_REPEATED = "Des manquements répétés supposent une suspension déjà prononcée."
TOO_EARLY = "Le commerçant peut répondre jusqu’au {} : décidez après ce jour, ou après sa réponse."
NOT_HEARD = "Le commerçant demande à être entendu : notez d’abord l’audition et son compte rendu."
REMEDIES = (
    "Vous pouvez contester cette décision auprès de nous, gratuitement, pendant six mois : une autre personne "
    "l’examine. Vous pouvez aussi saisir un médiateur ou un organe de règlement extrajudiciaire certifié, et le "
    "tribunal administratif dans les deux mois, aussi par www.telerecours.fr."
)
DONE = {
    Measure.WARNING: Act.WARNED,
    Measure.HIDING: Act.HIDDEN,
    Measure.SUSPENSION: Act.SUSPENDED,
    Measure.END: Act.END_NOTIFIED,
}


@dataclass(frozen=True)
class Case:
    """What is held against a merchant. notice: number of the report it follows from, "" if none."""

    measure: Measure
    rule: Rule
    facts: str
    grievance: str
    notice: str = ""


@transaction.atomic
def open_hearing(merchant: MerchantPage, by: User, case: Case, days: int = HEARING_DAYS) -> Sanction:
    """Send what is held against a merchant, who has so many days to answer. Raises ValidationError."""
    if days < HEARING_DAYS:
        raise ValidationError(f"Laissez au moins {HEARING_DAYS} jours pour répondre.")
    sanction = _new(merchant, by, case, timezone.localdate() + timedelta(days=days))
    sanction.save()
    _note(Act.HEARING, by, sanction, sanction.grievance, until=sanction.hearing_until.isoformat())
    emails.tell(sanction, "hearing")
    return sanction


@transaction.atomic
def note_hearing(sanction: Sanction, by: User, day: date, minutes: str) -> None:
    """Keep that the merchant was heard, or did not come, on a day, and what was said. Raises ValidationError."""
    held = _held(sanction, Stage.HEARING)
    if day > timezone.localdate():
        raise ValidationError("Ce jour n’est pas encore venu : notez l’audition quand elle est tenue.")
    held.heard_on, held.minutes = day, given(minutes)
    held.save()
    _note(Act.HEARD, by, held, held.minutes)


@transaction.atomic
def impose(
    sanction: Sanction, by: User, reasons: str, *, days: int | None = None, urgency: Urgency | str = "", proof: str = ""
) -> Sanction:
    """Decide the measure after the hearing. Raises ValidationError.

    days: in effect, of a hiding or a suspension. urgency, proof: what spares the notice of an end, or, if danger came
    up meanwhile, the rest of the hearing.
    """
    held = _held(sanction, Stage.HEARING)
    if urgency:
        held.urgency, held.urgency_proof = urgency, _proved(proof)
    if urgency not in WITHOUT_HEARING:
        _must_be_heard(held)
    return _decided(held, by, reasons, days)


@transaction.atomic
def impose_at_once(
    merchant: MerchantPage, by: User, case: Case, urgency: Urgency, proof: str, *, days: int | None = None
) -> Sanction:
    """Decide in an urgency, and hear the merchant afterwards: their observations are read within days.

    days: in effect, of a hiding or a suspension. Raises ValidationError.
    """
    if urgency not in WITHOUT_HEARING:
        raise ValidationError(NOT_WITHOUT_HEARING)
    sanction = _new(merchant, by, case, timezone.localdate() + timedelta(days=HEARING_DAYS))
    sanction.urgency, sanction.urgency_proof = urgency, _proved(proof)
    return _decided(sanction, by, case.grievance, days)


@transaction.atomic
def drop(sanction: Sanction, by: User, reasons: str) -> None:
    """Close a procedure without a measure. Raises ValidationError."""
    held = _held(sanction, Stage.HEARING)
    held.reasons, held.stage = given(reasons), Stage.DROPPED
    held.decided_at, held.decided_by, held.decider = timezone.now(), by, signature(by)
    held.save()
    _note(Act.DROPPED, by, held, held.reasons)
    emails.tell(held, "dropped")


@transaction.atomic
def lift(sanction: Sanction, by: User, reasons: str) -> bool:
    """End a sanction before its term, and restore what it took; return whether the page is online again.

    Raises ValidationError.
    """
    held = _held(sanction, Stage.IN_FORCE)
    held.stage, held.lift_reasons = Stage.LIFTED, given(reasons)
    held.lifted_at, held.lifter = timezone.now(), signature(by)
    held.save()
    _note(Act.REINSTATED, by, held, held.lift_reasons)
    is_online = effects.undo(held, by, held.lifter, held.lifted_at)
    emails.tell(held, "lifted", is_online=is_online)
    return is_online


def _new(merchant: MerchantPage, by: User, case: Case, until: date) -> Sanction:
    if not (case.facts.strip() and case.grievance.strip()):
        raise ValidationError(NO_FACTS)
    return Sanction(
        merchant=merchant,
        merchant_title=merchant.title,
        measure=case.measure,
        rule=case.rule,
        facts=case.facts.strip(),
        grievance=case.grievance.strip(),
        notice=case.notice.strip(),
        opened_on=timezone.localdate(),
        opened_by=by,
        opener=signature(by),
        hearing_until=until,
    )


def _proved(proof: str) -> str:
    if not proof.strip():
        raise ValidationError(NO_PROOF)
    return proof.strip()


def _must_be_heard(sanction: Sanction) -> None:
    """Raise ValidationError while the merchant may still answer, or was not heard as they asked."""
    answered = list(sanction.observations.values_list("wants_hearing", flat=True))
    if timezone.localdate() <= sanction.hearing_until and not answered:
        raise ValidationError(TOO_EARLY.format(written_date(sanction.hearing_until)))
    if any(answered) and sanction.heard_on is None:
        raise ValidationError(NOT_HEARD)


def _must_be_graduated(sanction: Sanction) -> None:
    """Raise ValidationError where a milder measure has to come before."""
    decided = Sanction.objects.filter(merchant=sanction.merchant, stage__in=(Stage.IN_FORCE, Stage.ENDED))
    suspended = decided.filter(measure=Measure.SUSPENSION).exists()
    warned = suspended or decided.filter(measure=Measure.WARNING).exists()
    if sanction.measure == Measure.SUSPENSION and not sanction.urgency and not warned:
        raise ValidationError(NO_WARNING)
    if sanction.urgency == Urgency.REPEATED and not suspended:
        raise ValidationError(NOT_REPEATED)


def _decided(sanction: Sanction, by: User, reasons: str, days: int | None) -> Sanction:
    """Store a decision with its term, apply it if its day has come, tell the owners."""
    measure, now = Measure(sanction.measure), timezone.now()
    _must_be_graduated(sanction)
    sanction.reasons, sanction.remedies, sanction.stage = given(reasons), REMEDIES, Stage.IN_FORCE
    sanction.decided_at, sanction.decided_by, sanction.decider = now, by, signature(by)
    has_notice = measure == Measure.END and not sanction.urgency
    sanction.effective_on = timezone.localdate(now) + timedelta(days=NOTICE_DAYS if has_notice else 0)
    sanction.ends_on = _last_day(sanction, days) if measure in TEMPORARY else None
    sanction.save()
    _note(DONE[measure], by, sanction, sanction.reasons, ends_on=str(sanction.ends_on or ""))
    if not has_notice:
        effects.apply(sanction, by, now)
        if measure == Measure.END:
            _note(Act.CLOSED, by, sanction, sanction.reasons)
    emails.tell(sanction, "decided")
    return sanction


def _last_day(sanction: Sanction, days: int | None) -> date:
    most = LONGEST_URGENT_DAYS if sanction.urgency in WITHOUT_HEARING else LONGEST_DAYS
    if days is None or not 1 <= days <= most:
        raise ValidationError(f"Écrivez la durée, de 1 à {most} jours.")
    assert sanction.effective_on is not None  # set just before
    return sanction.effective_on + timedelta(days=days - 1)


def _held(sanction: Sanction, stage: Stage) -> Sanction:
    """Return the sanction as it is stored, locked. Raises ValidationError unless it is at that stage."""
    held = Sanction.objects.select_for_update(of=("self",)).select_related("merchant", "decided_by")
    found = held.get(pk=sanction.pk)
    if found.stage != stage:
        raise ValidationError(TAKEN)
    return found


def _note(act: Act, by: User | None, sanction: Sanction, reasons: str, **facts: str) -> None:
    told = {"decision": sanction.number, "measure": sanction.measure, **facts}
    journal.note(act, by, merchant=sanction.merchant_id, reasons=reasons, **told)
