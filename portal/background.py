"""Runs the worker's duties side by side, each in a thread of its own: what one of them meets never stops the others.

A duty that fails is logged and tried again, later each time; a database that restarts is only waited for. Each duty
reports how it fares in the database, for `/sante/` and for those on call.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread
from time import monotonic

import structlog
from django.db import connection

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds after a failure, doubled with each one that follows
REPORT_EVERY = 10.0  # seconds between two reports that all goes well
PATIENCE = 12.0  # seconds that a duty has to end its turn when told to stop: longer than a mail server is waited for

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Duty:
    """Work that is repeated for as long as the process runs.

    turn: does what is due, and returns the seconds to wait before the next turn. It may raise anything.
    """

    name: str
    turn: Callable[[], float]


def run(duties: Collection[Duty], stopping: Event) -> None:
    """Repeat the duties until ``stopping`` is set, then let each end the turn it is in, for at most PATIENCE."""
    # Daemons: a turn that hangs must not keep the process from ending. What it had not committed is undone.
    threads = [Thread(target=_repeat, args=(duty, stopping), name=duty.name, daemon=True) for duty in duties]
    for thread in threads:
        thread.start()
    stopping.wait()
    deadline = monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))
        if thread.is_alive():
            log.error("duty_abandoned", duty=thread.name)


def attempt(name: str, act: Callable[[], object]) -> str:
    """Do one act; return "" or the kind of error it met, which is logged; a connection that broke is closed."""
    try:
        act()
    # psycopg's own errors too: Django translates only those of its cursors.
    except Exception as error:
        log.exception("duty_failed", duty=name)
        connection.close()
        return type(error).__name__
    return ""


def _repeat(duty: Duty, stopping: Event) -> None:
    wait, pause, reported_at = 0.0, FIRST_PAUSE, -REPORT_EVERY

    def turn() -> None:
        nonlocal wait
        wait = duty.turn()

    while not stopping.is_set():
        error = attempt(duty.name, turn)
        if error:
            wait, pause = pause, min(pause * 2, LONGEST_PAUSE)
        else:
            pause = FIRST_PAUSE
        if error or monotonic() - reported_at > REPORT_EVERY:
            attempt("report", partial(_report, duty, error))
            reported_at = monotonic()
        stopping.wait(wait)
    connection.close()


def _report(duty: Duty, error: str) -> None:
    column = "failed_at" if error else "done_at"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into portal_dutyreport (duty, {column}, error) values (%(duty)s, clock_timestamp(), %(error)s)
            on conflict (duty) do update set {column} = excluded.{column}, error = excluded.error""",
            {"duty": duty.name, "error": error},
        )
