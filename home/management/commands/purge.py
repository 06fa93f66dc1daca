"""Tell how much personal data is kept beyond its term; with --write, delete it. The worker does so every hour."""

from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError

from home.purges import PURGES
from portal import database_clock

log = structlog.get_logger(__name__)


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
            if write and count:
                log.info("purged", kind=purge.name, rows=count)
            if verbosity:
                self.stdout.write(f"{count:>8} {purge.name}, {purge.term_told}")
        if verbosity and not write:
            self.stdout.write("Nothing was deleted: add --write to do it.")
