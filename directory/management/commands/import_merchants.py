"""Merchants from a CSV file, by SIRET: see directory/importing/."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from directory.importing.checks import Checker, Refusal, Row
from directory.importing.merging import CREATED, REFUSED, UNCHANGED, UPDATED, Outcome, carry_out, plan
from directory.importing.reading import OPTIONAL, REQUIRED, Unreadable, ignored_columns, read
from portal.spreadsheets import table

SHOWN = 20  # refusals on the screen; the report has them all


class Command(BaseCommand):
    help = (
        "Import merchants from a CSV file. Dry unless --write. Rows are matched by SIRET, so a second run changes "
        f"nothing. Columns: {', '.join(REQUIRED)}; may be missing: {', '.join(OPTIONAL)}; others are ignored. "
        "What people changed since the last import is kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true", help="store the changes")
        parser.add_argument(
            "--publish",
            action="store_true",
            help="put vetted merchants online instead of keeping drafts",
        )
        parser.add_argument(
            "--report", type=Path, help="CSV report of every row; with --write, FILE.rapport.csv if none is named"
        )

    def handle(self, *, file: Path, write: bool, publish: bool, report: Path | None, **options: Any) -> None:
        try:
            lines = read(file)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        if ignored := ignored_columns(file):
            self.stdout.write(f"Colonnes que l’import ne lit pas : {', '.join(ignored)}.")
        if write and report is None:
            report = file.with_suffix(".rapport.csv")
        if report and not os.access(report.parent, os.W_OK):
            raise CommandError(f"Le rapport ne peut pas s’écrire dans {report.parent}/ : choisissez-le avec --report.")
        checked = list(tqdm(Checker().check(lines), total=len(lines), desc="Lecture", unit=" lignes", disable=None))
        outcomes = plan([row for row in checked if isinstance(row, Row)], publish)
        if write:
            total = sum(outcome.kind != UNCHANGED for outcome in outcomes)
            with tqdm(total=total, desc="Écriture", unit=" fiches", disable=None) as bar:
                carry_out(outcomes, file.name, bar.update)
        refusals = [row for row in checked if isinstance(row, Refusal)]
        rows = sorted([*map(_outcome_row, outcomes), *map(_refusal_row, refusals)])
        if report:
            write_report(report, rows)
        self._report(rows, report, write)

    def _report(self, rows: list[tuple], report: Path | None, write: bool) -> None:
        counts = Counter(kind for _, _, _, kind, _ in rows)
        for number, _, name, kind, remarks in [row for row in rows if row[3] == REFUSED][:SHOWN]:
            self.stdout.write(f"ligne {number}, {name or 'sans nom'} : {kind}, {remarks}")
        if counts[REFUSED] > SHOWN:
            self.stdout.write(f"… et {counts[REFUSED] - SHOWN} autres refus.")
        if report:
            self.stdout.write(f"Rapport : {report}")
        else:
            self.stdout.write("Aucun rapport n’est écrit à blanc : nommez-en un avec --report pour lire chaque ligne.")
        if not write:
            self.stdout.write("Rien n’a été enregistré : ajoutez --write pour le faire.")
        self.stdout.write(
            f"créés {counts[CREATED]}, mis à jour {counts[UPDATED]}, "
            f"inchangés {counts[UNCHANGED]}, refusés {counts[REFUSED]}"
        )


def write_report(path: Path, rows: Iterable[tuple]) -> None:
    """Write the whole report, or leave the file as it was. For spreadsheets: UTF-8 with its mark, semicolons."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", encoding="utf-8-sig", newline="", delete=False
    ) as file:
        try:
            report = table(file)
            report.writerow(["ligne", "siret", "nom", "résultat", "remarques"])
            report.writerows(rows)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _outcome_row(outcome: Outcome) -> tuple:
    row = outcome.row
    return row.line, row.siret, row.values["title"], outcome.kind, " ; ".join(outcome.remarks)


def _refusal_row(refusal: Refusal) -> tuple:
    return refusal.line, refusal.siret, refusal.name, REFUSED, refusal.reason
