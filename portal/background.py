"""Runs the worker's duties side by side, each in a thread of its own: what one of them meets never stops the others.

A duty that fails is logged and tried again, later each time; a database that restarts is only waited for.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

import structlog
from django.db import connection

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds after a failure, doubled with each one that follows
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


def attempt(name: str, act: Callable[[], object]) -> bool:
    """Do one act; return whether it went well. Whatever it raises is logged, and its broken connection closed."""
    try:
        act()
    # psycopg's own errors too: Django translates only those of its cursors.
    except Exception:
        log.exception("duty_failed", duty=name)
        connection.close()
        return False
    return True


def _repeat(duty: Duty, stopping: Event) -> None:
    wait, pause = 0.0, FIRST_PAUSE

    def turn() -> None:
        nonlocal wait
        wait = duty.turn()

    while not stopping.is_set():
        if attempt(duty.name, turn):
            pause = FIRST_PAUSE
        else:
            wait, pause = pause, min(pause * 2, LONGEST_PAUSE)
        stopping.wait(wait)
    connection.close()
