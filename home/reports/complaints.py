"""Complaints against decisions on reports: from either side, free, for six months, answered by another person.

Source: règlement (UE) 2022/2065, article 20.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from home.reports import decisions, emails
from home.reports.models import Complaint, Notice
from home.reports.terms import contest_until
from home.reports.tracking import Follower, Side
from portal.models import User

EMPTY = "Écrivez pourquoi vous contestez cette décision."
TWICE = "Votre réclamation est déjà reçue : une autre personne l’examine et vous répond."
TOO_LATE = "Le délai de six mois pour contester cette décision est passé."
NOTHING = "Rien n’est encore décidé : il n’y a rien à contester."
ANOTHER = "Vous avez pris cette décision : une autre personne répond à la réclamation."
ANSWERED = "Quelqu’un a répondu à cette réclamation entre-temps : rechargez la page."


def may_file(follower: Follower) -> bool:
    """Return whether this side may contest the decision today. A merchant contests what was upheld alone."""
    notice, last = follower.notice, contest_until(follower.notice)
    if last is None or timezone.localdate() > last:
        return False
    if follower.side == Side.MERCHANT and notice.state != Notice.State.UPHELD:
        return False
    return not Complaint.objects.filter(notice=notice, side=follower.side).exists()


@transaction.atomic
def file(follower: Follower, text: str) -> Complaint:
    """Keep a complaint and tell the editors. Raises ValidationError."""
    notice = Notice.objects.select_for_update().get(pk=follower.notice.pk)
    if not text.strip():
        raise ValidationError(EMPTY)
    last = contest_until(notice)
    if last is None or (follower.side == Side.MERCHANT and notice.state != Notice.State.UPHELD):
        raise ValidationError(NOTHING)
    if timezone.localdate() > last:
        raise ValidationError(TOO_LATE)
    try:
        with transaction.atomic():
            made = Complaint.objects.create(notice=notice, side=follower.side, text=text.strip())
    except IntegrityError as error:
        raise ValidationError(TWICE) from error
    emails.tell_of_complaint(made)
    return made


def may_answer(complaint: Complaint, by: User) -> bool:
    return not complaint.outcome and complaint.notice.decided_by_id != by.pk


@transaction.atomic
def answer(complaint: Complaint, outcome: Complaint.Outcome, text: str, by: User) -> Complaint:
    """Answer a complaint, by another person than decided; one that is right has the report decided anew.

    Raises ValidationError.
    """
    held = Complaint.objects.select_for_update(of=("self",)).select_related("notice").get(pk=complaint.pk)
    if held.outcome:
        raise ValidationError(ANSWERED)
    if not may_answer(held, by):
        raise ValidationError(ANOTHER)
    if not text.strip():
        raise ValidationError("Écrivez les motifs : la personne les reçoit.")
    held.outcome, held.answer = outcome, text.strip()
    held.decided_at, held.decided_by = timezone.now(), by
    held.save()
    emails.answer_complaint(held)
    if outcome == Complaint.Outcome.OVERTURNED:
        decisions.reopen([held.notice])
    return held
