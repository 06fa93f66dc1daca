"""Rebuild the regional search from the tables."""

from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.engines import Unavailable, elastic
from search.indexing import index, process_pool, rebuild
from search.indexing.comparison import known_ids
from search.models import IndexedEntry
from search.query import Kind
from search.understanding.terms import VERSION


class Command(BaseCommand):
    help = "Rebuild the search entries, then new indexes beside those in use, and switch. Searches go on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-missing", action="store_true", help="only where no index suits the code; workers keep those that do"
        )

    def handle(self, if_missing: bool = False, **options: Any) -> None:
        if if_missing and is_in_place():
            self.stdout.write("Index en place.")
            return
        known = sum(len(known_ids(kind)) for kind in Kind)
        processes = process_pool.size(known)
        with tqdm(total=known, desc="Fiches", unit="") as bar:
            rebuild.refresh_all(bar.update, processes)
        alive = IndexedEntry.objects.filter(deleted=False).count()
        if not elastic.is_configured():
            index.push()
            self.stdout.write(f"{alive} fiches ; sans Elasticsearch, PostgreSQL répond aux recherches.")
            return
        try:
            with tqdm(total=alive, desc="Elasticsearch", unit="") as bar:
                generation = rebuild.rebuild(bar.update, processes)
        except rebuild.Busy as error:
            raise CommandError(str(error)) from error
        except Unavailable as error:
            raise CommandError(
                f"Elasticsearch ne répond pas, les recherches continuent comme avant : {error}"
            ) from error
        self.stdout.write(f"{alive} fiches, dans les index de la génération {generation.pk}.")


def is_in_place() -> bool:
    """Return whether searches find their entries, read as this code reads: in Elasticsearch, else in PostgreSQL."""
    try:
        if elastic.is_configured():
            return rebuild.is_in_place()
    except Unavailable:
        pass
    alive = IndexedEntry.objects.filter(deleted=False)
    return alive.exists() and not alive.filter(terms_version__lt=VERSION).exists()
