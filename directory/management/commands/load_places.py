"""Bring the tables of towns and categories in step with directory/data/."""

from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand

from directory.places import category_changes, town_changes


class Command(BaseCommand):
    help = "Load the region's towns and the categories from directory/data/. Dry unless --write."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="store the changes")

    def handle(self, *, write: bool, **options: Any) -> None:
        for name, changes in (("Communes", town_changes()), ("Catégories", category_changes())):
            if write:
                changes.write()
            self.stdout.write(
                f"{name} : créées {len(changes.created)}, mises à jour {len(changes.updated)}, "
                f"inchangées {changes.unchanged}"
            )
            if changes.unlisted:
                self.stdout.write(
                    f"  absentes du fichier, gardées : {', '.join(str(row) for row in changes.unlisted[:20])}"
                )
        if not write:
            self.stdout.write("Rien n’a été enregistré : ajoutez --write pour le faire.")
