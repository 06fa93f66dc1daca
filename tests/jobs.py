"""Jobs done by the test itself, as the worker does them, on the test's own connection."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from procrastinate import utils
from procrastinate.contrib.django import db_cleanup
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from portal import job_worker, mail
from portal.jobs import QUEUES, known
from portal.models import JobFailure


def do_jobs(*queues: str) -> None:
    """Do the jobs of these queues, or of all, that are due, and those that they defer; not what the clock defers."""
    # In a thread of their own: the test's may have an event loop already, that of a browser.
    shared = connections[DEFAULT_DB_ALIAS]
    shared.inc_thread_sharing()
    try:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(_do_jobs, shared, queues or tuple(QUEUES)).result()
    finally:
        shared.dec_thread_sharing()


def _do_jobs(shared: BaseDatabaseWrapper, queues: Iterable[str]) -> None:
    connections[DEFAULT_DB_ALIAS] = shared
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utils, "sync_to_async", _in_this_thread)
        for module in (db_cleanup, job_worker, mail):  # the connection of the test stays
            patch.setattr(module, "close_old_connections", lambda: None)
        for queue in queues:
            engine = job_worker.engine_of(queue, _Connector())
            engine.periodic_registry.periodic_tasks.clear()
            async_to_sync(engine.run_worker_async)(
                queues=[queue],
                wait=False,
                delete_jobs="successful",
                install_signal_handlers=False,
                listen_notify=False,
            )


class _Connector(DjangoConnector):
    """Reads JSON, which Django leaves to its fields."""

    def _dictfetch(self, cursor):
        for row in super()._dictfetch(cursor):
            yield {**row, "args": json.loads(row["args"])} if row.get("args") else row


async def _in_this_thread(act, *args, **kwargs):
    """Do in the thread of the jobs, and so on the test's connection, what procrastinate would do in another."""
    return await sync_to_async(act, thread_sensitive=True)(*args, **kwargs)


def do(name: str) -> None:
    """Do once what a job of the clock does, whatever the time is."""
    known()[name].act()


def stored(name: str) -> list[ProcrastinateJob]:
    """Return the jobs of a kind that are stored, in the order in which they were deferred."""
    return list(ProcrastinateJob.objects.filter(task_name=name).order_by("pk"))


def make_failed(why: str = "Refusé") -> int:
    """Store a job that failed for good, of a kind that nobody knows; return its number."""
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_jobs (queue_name, task_name) values ('mail', 'nobody') returning id")
        (job_id,) = cursor.fetchone()
        for status in ("doing", "failed"):
            cursor.execute("update procrastinate_jobs set status = %s where id = %s", [status, job_id])
    JobFailure.objects.create(pk=job_id, failure=why)
    return job_id


def bring_forward(by: timedelta = timedelta(days=30)) -> None:
    """Have the jobs that wait for a later moment done already."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set scheduled_at = scheduled_at - %s where status = 'todo'", [by])
