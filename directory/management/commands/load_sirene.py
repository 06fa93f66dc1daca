"""Copy the region's open establishments from INSEE's stock file."""

from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser
from django.core.management.base import BaseCommand
from tqdm import tqdm

from directory.vetting import sirene
from directory.vetting.located import known_codes


class Command(BaseCommand):
    help = "Load FILE, INSEE's StockEtablissement (.csv or .csv.gz), the region's rows only. Dry unless --write."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true", help="store them, and delete those no longer in the file")

    def handle(self, *, file: Path, write: bool, **options: Any) -> None:
        moment = sirene.now()
        try:
            with sirene.opened(file) as lines:
                read = tqdm(sirene.rows(lines, known_codes(), moment), desc="Sirene", unit=" lignes", disable=None)
                found = (row for row in read if row)
                count = sirene.store(found) if write else sum(1 for _ in found)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} ne se lit pas : {error}") from error
        except sirene.NotTheStock as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Établissements ouverts de la région : {count}")
        if not write:
            self.stdout.write("Rien n’a été enregistré : ajoutez --write pour le faire.")
        elif count:  # a file of another region would empty the table
            self.stdout.write(f"Supprimés, absents du fichier : {sirene.forget_before(moment)}")
