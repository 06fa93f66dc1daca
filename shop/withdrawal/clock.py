"""Reminds merchants of what they have to refund: three days before the day, and on the day after it."""

from datetime import timedelta
from functools import partial

from django.db import transaction

from portal import database_clock
from shop.deadlines import BATCH, each
from shop.withdrawal import emails
from shop.withdrawal.models import OPEN, Withdrawal

BEFORE = timedelta(days=3)


def remind() -> int:
    """Remind of refunds that are due soon, and of those overdue, each once; return how many."""
    today = database_clock.today()
    waiting = Withdrawal.objects.filter(state__in=OPEN).order_by("pk")
    soon = waiting.filter(refund_by__range=(today, today + BEFORE), reminded_at=None)
    late = waiting.filter(refund_by__lt=today, overdue_told_at=None)
    return sum(
        each(rows[:BATCH], partial(_remind, column=column))
        for rows, column in ((soon, "reminded_at"), (late, "overdue_told_at"))
    )


@transaction.atomic
def _remind(withdrawal: Withdrawal, column: str) -> bool:
    """column: which of the two reminders it is."""
    own = Withdrawal.objects.select_for_update(skip_locked=True).filter(
        pk=withdrawal.pk, state__in=OPEN, **{column: None}
    )
    locked = own.first()
    if locked is None:
        return False
    setattr(locked, column, database_clock.now())
    locked.save(update_fields=[column])
    emails.remind_merchant(locked, is_overdue=column == "overdue_told_at")
    return True
