"""How personal data that nobody needs any more is deleted: in batches, a bounded number a time.

Which data, and after which time, stands in one table, `home/purges.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

BATCH = 200  # rows deleted in one transaction
MOST_BATCHES = 25  # of one kind a run: the rest waits for the next


def delete_rows(rows: QuerySet) -> None:
    rows.delete()


@dataclass(frozen=True)
class Purge:
    """One kind of data, and how long it is kept.

    name: for the log. what, since: as the privacy page writes them, « what » is deleted « term » « since ».
    due: the rows to delete, for the moment before which they must have been left alone and for the present one.
    delete: how, where deleting the rows alone leaves something behind.
    """

    name: str
    what: str
    term: timedelta
    since: str
    due: Callable[[datetime, datetime], QuerySet]
    delete: Callable[[QuerySet], Any] = delete_rows

    @property
    def term_told(self) -> str:
        return told(self.term)

    def count(self, now: datetime) -> int:
        return self.due(now - self.term, now).count()

    def run(self, now: datetime) -> int:
        """Delete what is due, as far as MOST_BATCHES go; return how many rows."""
        deleted = 0
        for _ in range(MOST_BATCHES):
            batch = self._delete_batch(now)
            deleted += batch
            if batch < BATCH:
                break
        return deleted

    @transaction.atomic
    def _delete_batch(self, now: datetime) -> int:
        rows = self.due(now - self.term, now).order_by("pk")
        locked = list(rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:BATCH])
        # Asked again under the lock: a line put into a basket a moment ago is seen only now.
        still_due = self._of(locked, now)
        count = len(still_due)
        if count:
            self.delete(rows.model._default_manager.filter(pk__in=still_due))
        return count

    def _of(self, pks: Sequence[Any], now: datetime) -> list[Any]:
        return list(self.due(now - self.term, now).filter(pk__in=pks).values_list("pk", flat=True))


def told(term: timedelta) -> str:
    """Return a term in French: "1 heure", "7 jours", "6 mois", "2 ans", with no-break spaces."""
    days = term.days
    if not days:
        hours = round(term.total_seconds() / 3600)
        return f"{hours}\u00a0heure{'s' * (hours > 1)}"
    if days % 365 == 0 or (days > 365 and days % 365.25 < 2):  # leap days
        return f"{days // 365}\u00a0an{'s' * (days > 365)}"
    if days > 31 and days % 30.5 < 1:
        return f"{int(days // 30.5)}\u00a0mois"
    return f"{days}\u00a0jour{'s' * (days > 1)}"
