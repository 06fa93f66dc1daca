"""Bring pictures that were stored before the one door to what it would have made of them."""

from typing import Any

from django.apps import apps
from django.core.management import BaseCommand
from django.core.management.base import CommandParser

from shop.picture_cleaning import clean_stored


class Command(BaseCommand):
    help = "Rid stored pictures of positions and other metadata, and make them light; without --write, tell which."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="replace the files")

    def handle(self, *, write: bool, **options: Any) -> None:
        report = clean_stored(apps.get_model, write)
        done = "replaced" if write else "to be replaced; add --write to do it"
        self.stdout.write(f"{report.looked_at} files looked at, {len(report.mended)} {done}.")
        for title, names in [("Lost", report.lost), ("Cannot be read", report.unreadable)]:
            for name in names:
                self.stdout.write(f"{title}: {name}")
