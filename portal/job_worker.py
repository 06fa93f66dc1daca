"""Does the jobs (portal/jobs.py) until told to stop: one procrastinate worker a queue, on one event loop.

What one job meets never ends or stalls the others. A worker whose database restarts begins again; a job whose process
was killed is found by its missing heartbeat and done again, by whichever worker runs.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial

import structlog
from croniter import croniter
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone
from procrastinate import App, PsycopgConnector
from procrastinate import jobs as stored
from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.job_context import JobContext
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from portal import database_clock, job_reports, jobs
from portal.jobs import PARIS, QUEUES, TRIES, Failed, Job, TryAgain
from portal.models import JobFailure, JobReport

HEARTBEAT = 5.0  # seconds between two signs of life of a worker
DEAD_AFTER = 20.0  # seconds without one, after which its jobs are another's
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds before a worker that fell begins again, doubled with each fall
UPRIGHT = 60.0  # seconds after which a fall counts as the first again
CATCH_UP = 600.0  # seconds between two looks for what was left out
GRACE = 5.0  # seconds that jobs have to end by themselves when a worker stops, before they are told to
AWAY = (OperationalError, InterfaceError)
LONGEST_STATEMENT = "2min"  # of a job: a lock that nobody gives back holds up one job, not all

log = structlog.get_logger(__name__)


class ClocksApart(Exception):
    """This machine's clock and the database's disagree: nothing may be published, cancelled or purged by either."""


class AsTold(BaseRetryStrategy):
    """Tries again when the job said so, at the moment it named: the job asks the database's clock, no loop may."""

    def get_retry_decision(self, *, exception: BaseException, job: stored.Job) -> RetryDecision | None:
        return RetryDecision(retry_at=exception.moment) if isinstance(exception, TryAgain) else None


def run() -> None:
    """Do jobs until `jobs.stopping` is set, then let those that run end. Blocks; for a thread of its own."""
    asyncio.run(_run())


async def _run() -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(sum(QUEUES.values()) + 2, thread_name_prefix="job"))
    at_work = asyncio.create_task(_standing("connections", _serve_all))
    await loop.run_in_executor(None, jobs.stopping.wait)
    at_work.cancel()
    await asyncio.gather(at_work, return_exceptions=True)


async def _serve_all() -> None:
    # One connection while there is little to do, beside the one on which each queue listens.
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4, timeout=10)
    try:
        await connector.open_async()
        parts: dict[str, Callable[[], Awaitable[object]]] = {
            "times": _mind_the_clock,
            "taking over": partial(_take_over, App(connector=connector)),
        }
        parts |= {queue: partial(_serve, engine_of(queue, connector), queue) for queue in QUEUES}
        # Once cancelled, it waits until each has ended: their jobs still need the connections.
        await asyncio.gather(*(_standing(name, work) for name, work in parts.items()), return_exceptions=True)
    finally:
        await connector.close_async()


async def _standing(name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do the work, and again whenever it fell or ended, later each time; until cancelled."""
    pause, loop = FIRST_PAUSE, asyncio.get_running_loop()
    while True:
        started = loop.time()
        try:
            await work()
        except Exception:
            log.exception("job_worker_fell", part=name)
        pause = FIRST_PAUSE if loop.time() - started > UPRIGHT else min(pause * 2, LONGEST_PAUSE)
        await asyncio.sleep(pause)


async def _serve(engine: App, queue: str) -> None:
    await engine.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=QUEUES[queue],
        delete_jobs="successful",
        install_signal_handlers=False,
        shutdown_graceful_timeout=GRACE,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=DEAD_AFTER,
    )


def engine_of(queue: str, connector: BaseAsyncConnector) -> App:
    """Return procrastinate for the jobs of one queue.

    Not the app of its Django package: what a job itself defers must go through Django's connection, and so its
    transaction, while the worker has connections of its own.
    """
    engine = DjangoApp(connector=connector)
    for job in jobs.known().values():
        # Without any periodic task the engine stops minding its heartbeat, so each queue minds this one.
        if job.queue != queue and job.name != "send_forgotten_mails":
            continue
        only_one = job.name if job.cron else None
        task = engine.task(
            name=job.name,
            queue=job.queue,
            lock=only_one,
            # Never with a second try: it would meet its successor's and stay « doing » (findings/procrastinate-*.sh).
            queueing_lock=only_one if job.is_minutely else None,
            retry=AsTold(),
            pass_context=True,
        )(partial(perform, job))
        if job.cron:
            engine.periodic(cron=job.cron)(task)
    for periodic in engine.periodic_registry.periodic_tasks.values():
        # The engine reads a cron in UTC. In its place for this value, one that reads it as France does.
        periodic.__dict__["croniter"] = croniter(periodic.cron, datetime.now(PARIS))
    return engine


def perform(job: Job, context: JobContext, timestamp: int | None = None, **ids: int) -> None:
    """Do one job, and note how it went. Raises what tells the engine to try it again or to give it up.

    timestamp: when it was due, by the engine.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"set statement_timeout = '{LONGEST_STATEMENT}'")
        if job.cron:
            _compare_clocks()
        with jobs.running(context):
            job.act(**ids)
        jobs.note(job.name)
    except Exception as error:
        _fail(job, context.job, error)


def _compare_clocks() -> None:
    away = timezone.now() - database_clock.now()
    if abs(away) > database_clock.MOST_APART:
        raise ClocksApart(f"This machine is {away.total_seconds():+.0f} s away from the database.")


def _fail(job: Job, at_hand: stored.Job, error: Exception) -> None:
    """Say what becomes of a job that failed: done with the next minute, tried again, or given up."""
    close_old_connections()  # one that broke
    cause = error.__cause__ if isinstance(error, TryAgain) and isinstance(error.__cause__, Exception) else error
    why = jobs.reason(cause)
    if isinstance(error, TryAgain | Failed):
        log.warning("job_failed", job=job.name, attempts=at_hand.attempts, reason=why)
    else:
        log.error("job_failed", job=job.name, attempts=at_hand.attempts, reason=why, exc_info=error)
    with suppress(Exception):  # the database is away: what else could be said of it
        jobs.note(job.name, why)
    if isinstance(error, TryAgain):
        raise error
    if job.is_minutely:
        return
    # The database's own trouble is no failure of the job, however often it comes.
    if isinstance(error, AWAY) or (at_hand.attempts < TRIES and not isinstance(error, Failed)):
        raise TryAgain(_now() + jobs.pause_after(at_hand.attempts)) from error
    with suppress(Exception):
        JobFailure(pk=at_hand.id, failure=why[:200]).save()
    raise error


def _now() -> datetime:
    """Return the moment by the database's clock, or by ours while it cannot be asked."""
    try:
        return database_clock.now()
    except Exception:
        return timezone.now()


async def _mind_the_clock() -> None:
    """Tell the reports which kinds there are; then have done what was left out while no worker ran."""
    await asyncio.to_thread(_on_own_connection, store_kinds)
    while True:
        await asyncio.to_thread(_on_own_connection, catch_up)
        await asyncio.sleep(CATCH_UP)


def _on_own_connection(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connection.close()


def store_kinds() -> None:
    """Tell the reports since when each kind is known, and forget those that this version does not know."""
    kinds = jobs.known()
    with transaction.atomic():
        JobReport.objects.bulk_create([JobReport(job=name) for name in kinds], ignore_conflicts=True)
        JobReport.objects.exclude(job__in=[*kinds, "search"]).delete()


def catch_up() -> None:
    """Defer the jobs of each hour and day that were due while no worker ran, unless they wait already."""
    for name in job_reports.late(database_clock.now()):
        job = jobs.known()[name]
        if not job.is_minutely and not job_reports.waiting().get(name):
            app.configure_task(name, queue=job.queue, lock=name).defer()


async def _take_over(engine: App) -> None:
    """Have the jobs of workers that died done again, for as long as this runs."""
    while True:
        await asyncio.sleep(HEARTBEAT)
        await take_over(engine)


async def take_over(engine: App) -> None:
    """Put back the jobs of workers whose heartbeat is missing."""
    for left in await engine.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        log.warning("job_taken_over", job=left.task_name)
        try:
            await engine.job_manager.retry_job(left, retry_at=timezone.now())
        except UniqueViolation:  # its successor waits
            with suppress(ConnectorException):
                await engine.job_manager.finish_job(left, stored.Status.ABORTED, delete_job=True)
        except ConnectorException:
            pass  # another worker was faster
