"""Rebuild the regional search from the tables."""

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search import index
from search.engines import Unavailable, elastic
from search.models import IndexedEntry
from search.query import Kind
from search.rebuild import Busy, rebuild


class Command(BaseCommand):
    help = "Rebuild the search entries, then new indexes beside those in use, and switch. Searches go on meanwhile."

    def handle(self, **options):
        with tqdm(total=sum(len(index.known_ids(kind)) for kind in Kind), desc="Fiches", unit="") as bar:
            index.refresh_all(bar.update)
        alive = IndexedEntry.objects.filter(deleted=False).count()
        if not elastic.is_configured():
            index.push()
            self.stdout.write(f"{alive} fiches ; sans Elasticsearch, PostgreSQL répond aux recherches.")
            return
        try:
            with tqdm(total=alive, desc="Elasticsearch", unit="") as bar:
                generation = rebuild(bar.update)
        except Busy as error:
            raise CommandError(str(error)) from error
        except Unavailable as error:
            raise CommandError(
                f"Elasticsearch ne répond pas, les recherches continuent comme avant : {error}"
            ) from error
        self.stdout.write(f"{alive} fiches, dans les index de la génération {generation.pk}.")
