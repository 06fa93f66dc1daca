"""Computes the accessibility statement from the recorded audit; nothing of it is typed.

Three states exist (loi 2005-102, art. 47; décret 2019-768): the share of the applicable criteria of the RGAA that are
met decides, and without an audit of the last three years a site is « non conforme ». A criterion nobody has examined
is not met. `manage.py record_audit` writes the record, home/data/audit.json.
"""

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data/audit.json"
RGAA = "4.1.2"
VALID_YEARS = 3
NONE, PARTIAL, TOTAL = "non conforme", "partiellement conforme", "totalement conforme"
MET, BROKEN, OUTSIDE, UNSEEN = "C", "NC", "NA", "NE"  # the grid's own letters; NE: non examiné

# Themes of the RGAA 4.1: number, name, how many criteria.
THEMES = (
    (1, "Images", 9),
    (2, "Cadres", 2),
    (3, "Couleurs", 3),
    (4, "Multimédia", 13),
    (5, "Tableaux", 8),
    (6, "Liens", 2),
    (7, "Scripts", 5),
    (8, "Éléments obligatoires", 10),
    (9, "Structure de l’information", 4),
    (10, "Présentation de l’information", 14),
    (11, "Formulaires", 13),
    (12, "Navigation", 11),
    (13, "Consultation", 12),
)
CRITERIA = tuple(f"{theme}.{number}" for theme, _, count in THEMES for number in range(1, count + 1))

# The criteria that tests/audit decides by itself: which of its tools does, and what it makes sure of.
DECIDED = {
    "1.1": ("axe", "chaque image porteuse d’information a une alternative"),
    "3.2": ("axe", "le contraste des textes suffit, en clair et en sombre"),
    "6.2": ("axe", "chaque lien a un intitulé"),
    "8.1": ("markup", "chaque page dit son type de document"),
    "8.2": ("markup", "le code est valide"),
    "8.3": ("axe", "chaque page dit sa langue"),
    "8.4": ("layout", "cette langue est la bonne"),
    "8.5": ("axe", "chaque page a un titre"),
    "9.2": ("layout", "la structure de la page est balisée"),
    "10.1": ("layout", "la présentation est dans les feuilles de style"),
    "10.4": ("layout", "le texte reste lisible à 200 %"),
    "10.7": ("keyboard", "la prise de focus se voit"),
    "10.11": ("layout", "rien ne déborde à 320 pixels de large"),
    "10.12": ("layout", "le texte supporte d’être espacé"),
    "11.1": ("axe", "chaque champ a une étiquette"),
    "11.13": ("axe", "les champs personnels se remplissent d’eux-mêmes"),
    "12.7": ("keyboard", "un lien mène au contenu"),
    "12.9": ("keyboard", "le clavier n’est jamais piégé"),
    "13.1": ("layout", "aucune page ne se recharge seule"),
    "13.2": ("layout", "aucune fenêtre ne s’ouvre sans prévenir"),
    "13.9": ("axe", "la page se lit dans les deux orientations"),
}
# What the audited pages must hold for a theme to apply.
SUBJECTS = {2: "frames", 4: "media", 5: "tables", 11: "forms"}


@dataclass(frozen=True)
class Audit:
    """A recorded audit. verdicts: a letter of the grid by criterion; faults: what is wrong, by criterion."""

    date: datetime.date
    auditor: str
    pages: tuple[str, ...]
    verdicts: Mapping[str, str]
    faults: Mapping[str, list[str]] = field(default_factory=dict)

    def count(self, verdict: str, criteria: Iterable[str] = CRITERIA) -> int:
        return sum(self.verdicts[criterion] == verdict for criterion in criteria)

    @property
    def rate(self) -> int:
        """The share of the applicable criteria that are met, in whole per cents, rounded down."""
        return 100 * self.count(MET) // (len(CRITERIA) - self.count(OUTSIDE))

    def is_valid(self, today: datetime.date) -> bool:
        return (today.year - self.date.year, today.month, today.day) <= (VALID_YEARS, self.date.month, self.date.day)

    def themes(self) -> list[dict]:
        """Return the rows of the statement's table: name, and how many criteria have each verdict."""
        return [
            {
                "name": name,
                "counts": [self.count(verdict, of_theme(theme)) for verdict in (MET, BROKEN, UNSEEN, OUTSIDE)],
            }
            for theme, name, _ in THEMES
        ]


def of_theme(theme: int) -> list[str]:
    return [criterion for criterion in CRITERIA if criterion.startswith(f"{theme}.")]


def state(audit: Audit | None, today: datetime.date) -> str:
    """Return the word that the law makes every page say."""
    if audit is None or not audit.is_valid(today) or audit.rate < 50:
        return NONE
    return TOTAL if audit.rate == 100 else PARTIAL


def judged(report: dict, grid: Mapping[str, str], auditor: str) -> Audit:
    """Return the audit that a report of tests/audit and the grid of a person make together.

    A person's verdict completes the machine's; a fault the machine found stays a fault.
    """
    faults: dict[str, list[str]] = {}
    for finding in report["findings"]:
        for criterion in finding["criteria"]:
            faults.setdefault(criterion, []).append(f"{finding['page']} : {finding['message']}")
    verdicts = {criterion: _verdict(criterion, report, grid, faults) for criterion in CRITERIA}
    return Audit(datetime.date.fromisoformat(report["date"]), auditor, tuple(report["pages"]), verdicts, faults)


def _verdict(criterion: Any, report: Any, grid: Any, faults: Any) -> Any:
    if criterion in faults:
        return BROKEN
    if criterion in grid:
        return grid[criterion]
    subject = SUBJECTS.get(int(criterion.split(".")[0]))
    if subject and not any(contents[subject] for contents in report["pages"].values()):
        return OUTSIDE
    tool, _ = DECIDED.get(criterion, (None, None))
    return MET if tool in report["tools"] else UNSEEN


@cache
def recorded() -> Audit | None:
    """Return the audit of home/data/audit.json, read once a process; None when none was recorded."""
    return read(FILE) if FILE.exists() else None


def read(file: Path) -> Audit:
    stored = json.loads(file.read_text(encoding="utf-8"))
    return Audit(**stored | {"date": datetime.date.fromisoformat(stored["date"]), "pages": tuple(stored["pages"])})


def write(audit: Audit, file: Path) -> None:
    stored = asdict(audit) | {"date": audit.date.isoformat()}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
