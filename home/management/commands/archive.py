"""Store a copy of all public pages that needs no portal: .venv/bin/python manage.py archive FOLDER --write"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from directory.hours import written_date
from home.closing.announced import phase_of
from home.closing.archive import Archive
from home.closing.phases import Phase
from home.management.commands.audit_site import no_line_a_page
from home.site_settings import site_settings


class Command(BaseCommand):
    help = "Copie toutes les pages publiques dans un dossier, lisibles sans le portail ; relancée, elle continue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="dossier de l’archive, créé s’il manque")
        parser.add_argument("--write", action="store_true", help="écrire (sinon, dire seulement ce qui serait fait)")

    def handle(self, *, folder: Path, write: bool, **options: Any) -> None:
        if phase_of(site_settings().closing) == Phase.CLOSED:
            raise CommandError("Les pages publiques sont déjà retirées : l’archive se fait avant.")
        there = sum(1 for file in folder.rglob("*.html")) if folder.exists() else 0
        if not write:
            self.stdout.write(f"{there} pages y sont déjà. Ajoutez --write pour copier les autres dans {folder}.")
            return
        told = f"Archive du {written_date(timezone.localdate())} : ces pages se lisent, rien ne s’y commande plus."
        archive = Archive(folder, told)
        with no_line_a_page(), tqdm(unit=" pages", disable=None) as bar:
            archive.make(bar.update)
        for address, status in sorted(archive.missing.items())[:20]:
            self.stdout.write(f"  sans page ({status}) : {address}")
        self.stdout.write(
            f"{len(archive.files)} pages dans {folder}, dont {there} y étaient déjà ; "
            f"{len(archive.missing)} adresses sans page."
        )
