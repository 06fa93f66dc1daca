"""Read all our pages as a search engine would, and say what would cost us readers."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from home.seo.audit import LABELS, audit


class Command(BaseCommand):
    help = "Read every page of the site as a search engine would and store what is wrong (run it every night)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--strict", action="store_true", help="fail when something is wrong")
        parser.add_argument("--json", type=Path, metavar="FILE", dest="file", help="write the findings there too")

    def handle(self, *, file: Path | None, strict: bool, **options: Any) -> None:
        with no_line_a_page(), tqdm(unit=" pages", disable=None) as bar:
            made = audit(progress=bar.update)
        for code, count in sorted(made.totals.items(), key=lambda total: -total[1]):
            example = next((finding for finding in made.findings if finding[0] == code), None)
            self.stdout.write(f"{count:6} {LABELS[code]}" + (f" ({' '.join(example[1:])})" if example else ""))
        if file:
            file.write_text(as_json(made), encoding="utf-8")
        self.stdout.write(
            f"{made.pages} pages lues, {made.indexable_pages} indexables, {sum(made.totals.values())} constats."
        )
        if strict and made.totals:
            raise CommandError("Le site n’est pas comme il doit être.")


@contextmanager
def no_line_a_page() -> Iterator[Any]:
    """Keep out of the log the requests that are our own."""
    logger = logging.getLogger("django_structlog")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def as_json(made: Any) -> str:
    """Return an audit as a program reads it."""
    content = {"pages": made.pages, "indexable": made.indexable, "totals": made.totals, "findings": made.findings}
    return json.dumps(content, ensure_ascii=False, indent=2)
