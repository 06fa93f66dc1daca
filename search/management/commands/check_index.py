"""Compare the tables, the search entries and Elasticsearch."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.engines import Unavailable
from search.indexing.comparison import differences, known_ids
from search.query import Kind

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Say what differs between tables, search entries and Elasticsearch; status 1 if anything does."

    def handle(self, **options: Any) -> None:
        try:
            with tqdm(total=sum(len(known_ids(kind)) for kind in Kind), desc="Comparaison", unit="") as bar:
                found = list(differences(bar.update))
        except Unavailable as error:
            raise CommandError(f"Elasticsearch ne répond pas : {error}") from error
        for line in found[:MOST_SHOWN]:
            self.stdout.write(line)
        self.stdout.write(f"{len(found)} différence{'s' if len(found) > 1 else ''}")
        if found:
            raise SystemExit(1)
