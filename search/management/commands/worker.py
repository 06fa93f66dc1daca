"""The background process: feeds the search, sends e-mails, makes sizes of pictures, publishes what is scheduled."""

import signal
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import structlog
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from portal import background, database_clock, mail, page_cache, picture_job
from portal.background import Duty
from portal.database_cache import delete_expired
from search.alerts.lookout import notify_matches
from search.demand.log import roll_up
from search.engines import Unavailable, elastic
from search.indexing import index, rebuild, set_aside
from search.models import CHANNEL
from shop import deadlines
from shop import picture_job as product_picture_job

PAUSE = 0.5  # seconds between two looks at the outbox, unless a notification comes first
MINUTE, HOUR = timedelta(minutes=1).total_seconds(), timedelta(hours=1).total_seconds()
MINUTELY = 7_302  # advisory lock: of several workers, one does what is due each minute
LONGEST_STATEMENT = "2min"  # of what is due each minute: a lock that nobody gives back holds up one act, not all

log = structlog.get_logger(__name__)


class ClocksApart(Exception):
    """This machine's clock and the database's disagree: nothing may be published, cancelled or purged by either."""


class Command(BaseCommand):
    help = "Feed the search, send e-mails, make sizes of pictures, each minute publish what is due, until told to stop."

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.stopping = Event()
        self.purge_next = 0.0

    def handle(self, **options):
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        log.info("worker_started")
        background.run(
            [
                Duty("search", self.feed_search),
                Duty("mail", self.send_mail),
                Duty("pictures", self.size_pictures),
                Duty("minute", self.each_minute),
            ],
            self.stopping,
        )
        log.info("worker_stopped")

    def stop(self, *args) -> None:
        """Let every duty end its turn, then leave."""
        self.stopping.set()

    def feed_search(self) -> float:
        """Do one batch of each half; wait for news when there was nothing to do."""
        started = time.monotonic()
        gathered, pushed = index.gather(), 0
        try:
            pushed = index.push()
        except Unavailable as error:
            log.warning("search_push_waits", reason=str(error))
        if gathered or pushed:
            log.info("search_batch", gathered=gathered, pushed=pushed, seconds=round(time.monotonic() - started, 3))
        else:
            self.await_changes()
        return 0

    def send_mail(self) -> float:
        mail.send_due(self.stopping.is_set)
        return PAUSE

    def size_pictures(self) -> float:
        """Make the sizes of one picture of each kind; wait when none was due."""
        picture = picture_job.size_next()
        if picture is not None:
            index.note("picture", picture)
        return 0 if product_picture_job.size_next() or picture is not None else PAUSE

    def each_minute(self) -> float:
        """Do what is due each minute, unless another worker does; what fails holds up nothing else.

        Raises ClocksApart.
        """
        away = timezone.now() - database_clock.now()
        if abs(away) > database_clock.MOST_APART:
            raise ClocksApart(f"This machine is {away.total_seconds():+.0f} s away from the database.")
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", [MINUTELY])
            if not cursor.fetchone()[0]:
                return MINUTE
            cursor.execute(f"set statement_timeout = '{LONGEST_STATEMENT}'")
        try:
            for name, act in self.minutely().items():
                if not self.stopping.is_set():
                    background.attempt(name, act)
        finally:
            connection.close()  # gives back the lock, and the limit with it
        return MINUTE

    def minutely(self) -> dict[str, Callable[[], object]]:
        """Return what is done each minute, in order, by the name it has in the log."""
        return {
            "sum up searches": lambda: roll_up(database_clock.today()),
            "forget page changes": page_cache.forget_old_changes,
            "send alerts": lambda: notify_matches(database_clock.now()),
            "end unconfirmed holds": deadlines.end_holds,
            "cancel unprepared orders": deadlines.cancel_unprepared,
            "cancel uncollected orders": deadlines.cancel_uncollected,
            "remind buyers": deadlines.remind_buyers,
            "remind merchants": deadlines.remind_merchants,
            "tell of notices": lambda: call_command("tell_of_notices", verbosity=0),
            "publish scheduled pages": lambda: call_command("publish_scheduled", verbosity=0),
            "renew opening hours": self.renew_hours,
            "read terms again": self.reread,
            "try refused entries": self.retry_refused,
            "drop left pictures": product_picture_job.drop_leftovers,
            "compare indexes, drop old ones": self.mind_indexes,
            "delete expired counters": delete_expired,
            "purge": self.purge,
        }

    def purge(self) -> None:
        """Delete what is kept beyond its term, every hour (home/purges.py)."""
        if time.monotonic() < self.purge_next:
            return
        self.purge_next = time.monotonic() + HOUR
        call_command("purge", write=True, verbosity=0)

    def renew_hours(self) -> None:
        """Note the entries whose opening hours run out; the feed of the search lays them out again."""
        while index.renew() and not self.stopping.is_set():
            pass

    def reread(self) -> None:
        """Read again the entries that older code has read, after a deploy that changed how words are read."""
        while index.reread() and not self.stopping.is_set():
            pass

    def retry_refused(self) -> None:
        """Have entries that could not be made tried again, a few times; forget those whose pages are gone."""
        set_aside.forget_vanished()
        set_aside.retry()

    def mind_indexes(self) -> None:
        if not elastic.is_configured():
            return
        if index.is_outdated():
            log.warning("search_index_outdated", advice="python manage.py reindex")
        try:
            rebuild.verify()
            rebuild.drop_old()
        except Unavailable as error:
            log.warning("search_old_indexes_wait", reason=str(error))

    def await_changes(self) -> None:
        """Sleep until a change is announced, at most PAUSE."""
        with connection.cursor() as cursor:
            cursor.execute(f"listen {CHANNEL}")
        for _ in connection.connection.notifies(timeout=PAUSE, stop_after=1):
            return
