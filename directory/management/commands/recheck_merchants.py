"""Ask the registers again about published merchants; with --write, record what they say. Due each night.

With --waiting: about those who are not online and wait to be vetted, as after an import.
"""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from directory.vetting import recheck
from portal import database_clock


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="record the checks; without this nothing is changed")

        parser.add_argument("--waiting", action="store_true", help="ask about those who wait to be vetted instead")

    def handle(self, *, write: bool, waiting: bool, **options: Any) -> None:
        today = database_clock.today()
        ids = recheck.waiting(today) if waiting else recheck.due(today)
        counts: Counter[str] = Counter()
        for finding in tqdm(recheck.recheck(ids, write=write), total=len(ids), unit=" commerces", disable=None):
            counts["sans réponse" if not finding.is_answered else "à examiner" if finding.failed else "en règle"] += 1
            if finding.failed:
                self.stdout.write(f"{finding.merchant.title} ({finding.merchant.siret}) : {finding.told}")
        told = ", ".join(f"{counts[name]} {name}" for name in ("en règle", "à examiner", "sans réponse"))
        self.stdout.write(f"{len(ids)} commerces : {told}.")
        if left := len(ids) - counts.total():
            self.stdout.write(f"Le registre ne répond plus : {left} restent à demander. Relancez plus tard.")
        if not write:
            self.stdout.write("Rien n’a été enregistré : ajoutez --write pour le faire.")
