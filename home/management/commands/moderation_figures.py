"""Write, as CSV, the yearly figures of reports, decisions, sanctions, complaints and delays; no name is among them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from home.reports.figures import HEADINGS, rows
from portal.spreadsheets import table


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, help="a calendar year, 2026")

    def handle(self, *, year: int, **options: Any) -> None:
        writer = table(self.stdout)
        writer.writerow(HEADINGS)
        writer.writerows(rows(year))
