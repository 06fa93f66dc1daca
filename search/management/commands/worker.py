"""The background process: the feed of the search and the jobs (portal/jobs.py), side by side."""

import logging
import os
import signal
from threading import Thread
from time import monotonic
from typing import Any

import structlog
from django.core.management.base import BaseCommand

from portal import job_worker, jobs
from search.indexing import feed

PATIENCE = 8.0  # seconds that all have to end when told to stop; what a job had not committed by then is undone

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Feed the search and do the jobs: e-mails, pictures, all that is due by the clock; until told to stop."

    def handle(self, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: jobs.stopping.set())
        threads = [
            Thread(target=feed.run, args=[jobs.stopping], name="search", daemon=True),
            Thread(target=job_worker.run, name="jobs", daemon=True),
        ]
        for thread in threads:
            thread.start()
        log.info("worker_started")
        jobs.stopping.wait()
        deadline = monotonic() + PATIENCE
        for thread in threads:
            thread.join(max(0.0, deadline - monotonic()))
        left = [thread.name for thread in threads if thread.is_alive()]
        if left:
            log.error("work_abandoned", parts=left)
        log.info("worker_stopped")
        logging.shutdown()
        os._exit(0)  # at once: Python would wait for threads of jobs left behind, and clear away all memory first
