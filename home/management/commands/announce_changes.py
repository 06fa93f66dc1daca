"""Tell search engines which pages changed, by IndexNow."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from home.seo.indexnow import Refused, announce, changed_since
from portal.http import Unreachable


class Command(BaseCommand):
    help = "Tell search engines which pages changed lately, by IndexNow. Needs INDEXNOW_KEY."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=int, default=24, help="pages changed within this time (default: 24)")
        parser.add_argument("--write", action="store_true", help="send them; without it, only count them")

    def handle(self, *, hours: int, write: bool, **options: Any) -> None:
        paths = changed_since(timezone.now() - timedelta(hours=hours))
        self.stdout.write(f"{len(paths)} pages changed in {hours} hours.")
        if not write:
            self.stdout.write("Nothing was sent: add --write.")
            return
        if not settings.INDEXNOW_KEY:
            raise CommandError("IndexNow is off: set INDEXNOW_KEY to a key of 8 to 128 letters and digits.")
        try:
            self.stdout.write(f"{announce(paths)} addresses sent.")
        except (Unreachable, Refused) as error:
            raise CommandError(f"IndexNow did not take them: {error}") from error
