"""Work done outside requests: which jobs there are, when they are due, and what becomes of one that fails.

Each package declares its own in its `tasks.py`, procrastinate keeps them in PostgreSQL, and `manage.py worker` does
them (portal/job_worker.py; docs/decisions/0006-jobs-on-procrastinate.md). A job is deferred in the transaction of what
it is for, so neither exists without the other. Its arguments are ids, never what people wrote.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from traceback import extract_tb
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from croniter import croniter
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.job_context import JobContext

CLOCK, MAIL, PICTURES = "clock", "mail", "pictures"
QUEUES = {CLOCK: 4, MAIL: 2, PICTURES: 1}  # jobs of each that a worker does at once: none waits for another queue's
EACH_MINUTE = "* * * * *"
PARIS = ZoneInfo("Europe/Paris")
TRIES = 5  # of a job that has no next minute to be done in
PAUSE = timedelta(minutes=1)  # before the second try; doubled with each one that follows
LATE = {True: timedelta(minutes=3), False: timedelta(hours=1)}  # after its time, by whether it is due each minute

Act = TypeVar("Act", bound=Callable[..., object])

stopping = Event()  # set once the worker is told to stop
_at_hand: ContextVar[JobContext | None] = ContextVar("job at hand", default=None)


class TryAgain(Exception):
    """Ends a try that is to be followed by another. moment: when, by the database's clock."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment)
        self.moment = moment


class Failed(Exception):
    """Ends a job for good. Its text, in French, tells editors why, and names nobody."""


@dataclass(frozen=True)
class Job:
    """One kind of job.

    name: as it is stored; one that changes orphans the jobs that wait. label: what it does, for editors.
    cron: when it is due, in the time of Paris; "" where other code defers it.
    """

    name: str
    act: Callable[..., object]
    label: str
    queue: str
    cron: str

    @property
    def is_minutely(self) -> bool:
        """Whether its next try comes by itself."""
        return self.cron == EACH_MINUTE

    def last_due(self, now: datetime) -> datetime:
        """Return the latest moment before ``now`` at which it was due. Raises ValueError without a cron."""
        if not self.cron:
            raise ValueError(f"{self.name} has no time of its own.")
        return croniter(self.cron, now.astimezone(PARIS)).get_prev(datetime)

    def next_due(self, now: datetime) -> datetime:
        return croniter(self.cron, now.astimezone(PARIS)).get_next(datetime)


JOBS: dict[str, Job] = {}


def job(label: str, *, queue: str = CLOCK, cron: str = "") -> Callable[[Act], Act]:
    """Decorate what a job does: a function of ids, named as the job is."""

    def declare(act: Act) -> Act:
        JOBS[act.__name__] = Job(act.__name__, act, label, queue, cron)
        return act

    return declare


def known() -> dict[str, Job]:
    """Return all kinds of jobs by name, from the `tasks.py` of each package."""
    autodiscover_modules("tasks")
    return JOBS


def defer(name: str, queue: str, **ids: int) -> None:
    """Have a job done, if the transaction that is open commits."""
    app.configure_task(name, queue=queue).defer(**ids)


def wake(name: str, queue: str) -> None:
    """Have a job that does all that is due done once this transaction has committed; one that waits is enough.

    Never inside the transaction: its mark « one waits » would make all others wait for the commit.
    """
    transaction.on_commit(partial(_wake, name, queue), robust=True)


def _wake(name: str, queue: str) -> None:
    try:
        with transaction.atomic():
            app.configure_task(name, queue=queue, queueing_lock=name).defer()
    except AlreadyEnqueued:
        pass


def should_stop() -> bool:
    """Tell the job that runs whether it must end soon, done or not."""
    context = _at_hand.get()
    return stopping.is_set() or (context is not None and context.should_abort())


def attempts() -> int:
    """Return how often the job that runs was tried before; 0 outside a job."""
    context = _at_hand.get()
    return context.job.attempts if context else 0


@contextmanager
def running(context: JobContext) -> Iterator[None]:
    """Let a job ask about itself while it runs."""
    before = _at_hand.set(context)
    try:
        yield
    finally:
        _at_hand.reset(before)


def pause_after(attempts: int) -> timedelta:
    """Return how long a job rests after that many tries beside the one that just failed."""
    return PAUSE * 2 ** min(attempts, 10)


def reason(error: BaseException) -> str:
    """Return why a job failed, for editors and those who mend it: its text may name people, so it stays out."""
    if isinstance(error, Failed):
        return str(error)
    own = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(settings.BASE_DIR)]
    own = [frame for frame in own if ".venv" not in frame.filename] or own
    place = f" ({Path(own[-1].filename).relative_to(settings.BASE_DIR)}, ligne {own[-1].lineno})" if own else ""
    return f"{type(error).__name__}{place}"


def note(name: str, failure: str = "") -> None:
    """Store that a job went well, or how it failed, by the database's clock."""
    column = "failed_at" if failure else "done_at"
    values: dict[str, Any] = {"job": name, "failure": failure[:200]}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into portal_jobreport (job, known_since, {column}, failure)
            values (%(job)s, clock_timestamp(), clock_timestamp(), %(failure)s)
            on conflict (job) do update set {column} = excluded.{column},
                failure = coalesce(nullif(excluded.failure, ''), portal_jobreport.failure)""",
            values,
        )
