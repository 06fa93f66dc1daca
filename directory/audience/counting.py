"""Counts in the process's memory, and adds the sums to the database once a minute: no page waits for a count.

What is counted is a merchant, a kind and a week, nothing of who: no address, no program, no cookie is read into it.
Left out, by one rule (``is_visitor``): programs that say so or say nothing of themselves, pages that a browser fetches
ahead, and whoever is logged in, as merchants are who look at their own page. A process that is killed loses a minute;
one that ends gives its counts first.
"""

import atexit
import threading
import time
from collections import Counter
from datetime import date

import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest
from django.utils import timezone

from portal.dates import monday_of
from portal.robots import is_robot

KINDS = ("views", "shown", "calls", "directions")
EVERY = 60  # seconds between two additions of a process
MOST = 5_000  # counts held: beyond, they are given at once

log = structlog.get_logger(__name__)


def is_visitor(request: HttpRequest) -> bool:
    """Return whether a person who is not logged in asks for a page to look at it."""
    ahead = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    return bool(
        request.headers.get("User-Agent")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "prefetch" not in ahead
        and not is_robot(request)
    )


class Counts:
    """The counts of one process that the database has not got yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: Counter[tuple[int | str, date, str]] = Counter()
        self._given_at = time.monotonic()

    def add(self, kind: str, *merchants: int | str) -> None:
        """Count one for each merchant, by its id or the last part of its address."""
        week = monday_of(timezone.localdate())
        with self._lock:
            self._held.update((merchant, week, kind) for merchant in merchants)
            is_due = time.monotonic() - self._given_at >= EVERY or len(self._held) >= MOST
        if is_due:
            self.give()

    def give(self) -> None:
        """Add what is held to the database's sums; what cannot be added is kept for the next time."""
        with self._lock:
            held, self._held = self._held, Counter()
            self._given_at = time.monotonic()
        if not held:
            return
        try:
            _store(held)
        except Error as error:
            log.warning("audience_not_stored", reason=type(error.__cause__).__name__)
            with self._lock:
                if len(self._held) + len(held) < MOST:
                    self._held.update(held)


def _store(held: Counter[tuple[int | str, date, str]]) -> None:
    """Two statements at most; a merchant who is gone is left out."""
    with connection.cursor() as cursor:
        slugs = list({merchant for merchant, _, _ in held if isinstance(merchant, str)})
        cursor.execute("select slug, id from wagtailcore_page where slug = any(%s)", [slugs])
        ids = dict(cursor.fetchall())
        told = [(ids.get(who, -1) if isinstance(who, str) else who, *rest, n) for (who, *rest), n in held.items()]
        cursor.execute(
            """
            insert into directory_audienceweek as known (merchant_id, week, views, shown, calls, directions)
            select merchant.page_ptr_id, told.week,
                coalesce(sum(told.count) filter (where told.kind = 'views'), 0),
                coalesce(sum(told.count) filter (where told.kind = 'shown'), 0),
                coalesce(sum(told.count) filter (where told.kind = 'calls'), 0),
                coalesce(sum(told.count) filter (where told.kind = 'directions'), 0)
            from unnest(%s::bigint[], %s::date[], %s::text[], %s::int[]) as told (merchant, week, kind, count)
            join directory_merchantpage merchant on merchant.page_ptr_id = told.merchant
            group by merchant.page_ptr_id, told.week
            order by merchant.page_ptr_id, told.week
            on conflict (merchant_id, week) do update set
                views = known.views + excluded.views, shown = known.shown + excluded.shown,
                calls = known.calls + excluded.calls, directions = known.directions + excluded.directions
            """,
            [list(column) for column in zip(*told, strict=True)],
        )


_counts = Counts()
count = _counts.add
give = _counts.give
atexit.register(give)
