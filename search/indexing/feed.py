"""The feed of the search: brings every change to the entries and to Elasticsearch, for as long as the worker runs.

A loop of its own, beside the jobs: it is woken by the changes themselves, and never waits behind anything else.
"""

import time
from threading import Event

import structlog
from django.db import connection

from portal import jobs
from portal.watch import CHANNEL
from search.engines import Unavailable
from search.indexing import index

PAUSE = 0.5  # seconds between two looks at the log of changes, unless a notification comes first
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds after a failure, doubled with each one that follows
REPORT_EVERY = 10.0  # seconds between two reports that all goes well

log = structlog.get_logger(__name__)


def run(stopping: Event) -> None:
    """Feed the search until ``stopping`` is set. What fails is logged and tried again, later each time."""
    pause, reported_at = FIRST_PAUSE, -REPORT_EVERY
    while not stopping.is_set():
        try:
            turn()
            pause = FIRST_PAUSE
            if time.monotonic() - reported_at > REPORT_EVERY:
                jobs.note("search")
                reported_at = time.monotonic()
        # psycopg's own errors too: Django translates only those of its cursors.
        except Exception as error:
            log.exception("search_feed_failed")
            connection.close()
            _report(error)
            stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
    connection.close()


def turn() -> None:
    """Do one batch of each half; wait for news when there was nothing to do."""
    started = time.monotonic()
    consumed, pushed = index.consume(), 0
    try:
        pushed = index.push()
    except Unavailable as error:
        log.warning("search_push_waits", reason=str(error))
    if consumed or pushed:
        log.info("search_batch", consumed=consumed, pushed=pushed, seconds=round(time.monotonic() - started, 3))
    else:
        await_changes()


def await_changes() -> None:
    """Sleep until a change is announced, at most PAUSE."""
    with connection.cursor() as cursor:
        cursor.execute(f"listen {CHANNEL}")
    for _ in connection.connection.notifies(timeout=PAUSE, stop_after=1):
        return


def _report(error: Exception) -> None:
    try:
        jobs.note("search", jobs.reason(error))
    except Exception:
        log.exception("search_feed_unreported")
        connection.close()
