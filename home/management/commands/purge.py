"""Tell how much personal data is kept beyond its term; with --write, delete it. The worker does so every hour."""

from datetime import datetime
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError
from django.db.models import F

from home.purges import PURGES
from portal import database_clock
from portal.models import PurgeReport

log = structlog.get_logger(__name__)


def note(kind: str, now: datetime, rows: int) -> None:
    """Store when a kind of data was last purged, for the register in the admin."""
    report, _ = PurgeReport.objects.get_or_create(kind=kind, defaults={"ran_at": now})
    PurgeReport.objects.filter(pk=report.pk).update(ran_at=now, rows=F("rows") + rows)
    if rows:
        log.info("purged", kind=kind, rows=rows)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="delete it; without this nothing is changed")

    def handle(self, *, write: bool, verbosity: int, **options: Any) -> None:
        now = database_clock.now()
        for purge in PURGES:
            try:
                count = purge.run(now) if write else purge.count(now)
            except OperationalError:
                raise  # the database is away, or this took too long: the worker knows what to do
            except Exception:  # one kind that fails holds up none of the others
                log.exception("purge_failed", kind=purge.name)
                continue
            if write:
                note(purge.name, now, count)
            if verbosity:
                self.stdout.write(f"{count:>8} {purge.name}, {purge.term_told}")
        if verbosity and not write:
            self.stdout.write("Nothing was deleted: add --write to do it.")
