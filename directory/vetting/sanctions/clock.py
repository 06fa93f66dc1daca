"""What the clock does with sanctions: ends take effect after their notice, hidings and suspensions end at their term.

It decides nothing: a named person did, with the days.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from directory.vetting import journal
from directory.vetting.journal import Act
from directory.vetting.sanctions import effects, emails
from directory.vetting.sanctions.kinds import Stage
from directory.vetting.sanctions.models import Sanction


def take_effect(today: date) -> int:
    """Apply the ends whose day has come; return how many."""
    due = Sanction.objects.filter(stage=Stage.IN_FORCE, applied_at=None, effective_on__lte=today)
    return sum(_one(pk, today, is_end=False) for pk in list(due.values_list("pk", flat=True)))


def end_terms(today: date) -> int:
    """End the sanctions whose last day is over, and restore what they took; return how many."""
    over = Sanction.objects.filter(stage=Stage.IN_FORCE, ends_on__lt=today)
    return sum(_one(pk, today, is_end=True) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _one(pk: int, today: date, *, is_end: bool) -> bool:
    held = Sanction.objects.select_for_update(of=("self",)).select_related("merchant", "decided_by")
    sanction = held.filter(pk=pk, stage=Stage.IN_FORCE).first()
    if sanction is None:
        return False
    facts = {"decision": sanction.number, "measure": sanction.measure}
    if not is_end:
        if sanction.applied_at is None:
            effects.apply(sanction, None, timezone.now())
            journal.note(Act.CLOSED, None, merchant=sanction.merchant_id, reasons=sanction.reasons, **facts)
        return True
    sanction.stage = Stage.ENDED
    sanction.save()
    journal.note(Act.REINSTATED, None, merchant=sanction.merchant_id, **facts)
    is_online = effects.undo(sanction, None, sanction.decider, timezone.now())
    emails.tell(sanction, "ended", is_online=is_online)
    return True
