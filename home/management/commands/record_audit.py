"""Record an accessibility audit, from which every page's statement is computed."""

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from home import accessibility
from home.accessibility import BROKEN, CRITERIA, MET, OUTSIDE, UNSEEN

WORDS = {MET: "respectés", BROKEN: "non respectés", UNSEEN: "non examinés", OUTSIDE: "non applicables"}


class Command(BaseCommand):
    help = (
        "Enregistre un audit d’accessibilité : le rapport de « make audit » (reports/audit.json), et la grille d’une "
        "personne qui a examiné les autres critères. Sans --write, dit seulement ce qui serait déclaré."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("report", type=Path, metavar="RAPPORT.json")
        parser.add_argument(
            "--grid", type=Path, metavar="GRILLE.csv", help="deux colonnes : critere, verdict (C, NC, NA)"
        )
        parser.add_argument("--auditor", default="contrôle automatique du portail", help="qui a mené l’audit")
        parser.add_argument("--write", action="store_true", help=f"écrire {accessibility.FILE.name}")

    def handle(self, *, report: Any, grid: Any, auditor: Any, write: bool, **options: Any) -> None:
        audit = accessibility.judged(
            json.loads(report.read_text(encoding="utf-8")), read_grid(grid) if grid else {}, auditor
        )
        for verdict, words in WORDS.items():
            self.stdout.write(f"{audit.count(verdict):4} critères {words}")
        for criterion, faults in audit.faults.items():
            self.stdout.write(
                f"  {criterion} : {faults[0]}" + (f" (et {len(faults) - 1} autres)" if faults[1:] else "")
            )
        self.stdout.write(f"{audit.rate} % : {accessibility.state(audit, timezone.localdate())}.")
        if write:
            accessibility.write(audit, accessibility.FILE)
            self.stdout.write(f"Écrit dans {accessibility.FILE}.")


def read_grid(file: Path) -> dict[str, str]:
    """Return the verdicts of a grid by criterion. Raises CommandError, naming the line at fault."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for number, row in enumerate(rows, start=2):
        if row.get("critere") not in CRITERIA or row.get("verdict") not in (MET, BROKEN, OUTSIDE):
            raise CommandError(f"{file}, ligne {number} : un critère de 1.1 à 13.12, puis C, NC ou NA.")
    return {row["critere"]: row["verdict"] for row in rows}
