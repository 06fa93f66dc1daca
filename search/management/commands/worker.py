"""The background process: keeps the search up to date, sends e-mails and publishes what is scheduled."""

import signal
import time
from datetime import timedelta

import structlog
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from portal import mail, page_cache
from search import index, rebuild
from search.alerts.lookout import look_out
from search.demand.log import settle
from search.engines import Unavailable, elastic
from search.models import CHANNEL

PAUSE = 0.5  # seconds between two looks at the outbox, unless a notification comes first
MINUTE = timedelta(minutes=1).total_seconds()
PUBLISHING = 7_302  # advisory lock: of several workers, one publishes

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Feed the search, send queued e-mails, and each minute publish scheduled pages, until told to stop."

    stopping = False

    def handle(self, **options):
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        if elastic.is_configured() and index.is_outdated():
            log.warning("search_index_outdated", advice="python manage.py reindex")
        log.info("worker_started")
        publish_at = 0.0
        while not self.stopping:
            try:
                worked = self.work()
                mail.send_due()
                if time.monotonic() >= publish_at:
                    self.publish()
                    publish_at = time.monotonic() + MINUTE
                if not worked:
                    self.wait()
            except (OperationalError, InterfaceError) as error:
                log.error("worker_lost_database", reason=str(error))
                connection.close()
                time.sleep(PAUSE)
        log.info("worker_stopped")

    def stop(self, *args) -> None:
        """Finish the batch at hand, then leave."""
        self.stopping = True

    def work(self) -> bool:
        """Do one batch of each half; return whether there may be more."""
        started = time.monotonic()
        gathered, pushed = index.gather(), 0
        try:
            pushed = index.push()
        except Unavailable as error:
            log.warning("search_push_waits", reason=str(error))
            if not gathered:
                self.wait()
        if gathered or pushed:
            log.info("search_batch", gathered=gathered, pushed=pushed, seconds=round(time.monotonic() - started, 3))
        return bool(gathered or pushed)

    def publish(self) -> None:
        """Publish and expire what is due, lay opening hours out anew, and delete search indexes nobody uses."""
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", [PUBLISHING])
            if not cursor.fetchone()[0]:
                return
        try:
            settle(timezone.localdate())
            page_cache.forget_old_changes()
            look_out(timezone.now())
            call_command("publish_scheduled", verbosity=0)
            while index.renew() and not self.stopping:
                pass
            if elastic.is_configured():
                rebuild.drop_old()
        except Unavailable as error:
            log.warning("search_old_indexes_wait", reason=str(error))
        except Exception:
            # A page that cannot be published must not keep the search from being fed.
            log.exception("worker_publishing_failed")
        finally:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [PUBLISHING])

    def wait(self) -> None:
        """Sleep until a change is announced, at most PAUSE."""
        with connection.cursor() as cursor:
            cursor.execute(f"listen {CHANNEL}")
        for _ in connection.connection.notifies(timeout=PAUSE, stop_after=1):
            return
