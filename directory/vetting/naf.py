"""NAF codes, what INSEE says that an establishment does: their label, and the categories they may stand for.

INSEE replaces NAF rév. 2 by NAF 2025 on 1 January 2027; until then both are about. The letter of a code tells its
version, and no code is in both. A category read from a code is a proposal: a code decides nothing about a merchant.
Source: directory/data/README.md; décret 2007-1888, article 5.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REV2, NAF2025 = "NAFRev2", "NAF2025"
DATA = Path(__file__).parents[1] / "data"
FILES = {REV2: "naf.csv", NAF2025: "naf-2025.csv"}
LETTERS = {REV2: "ZABCDEF", NAF2025: "YGHJKL"}
# Who sells at a distance, or for others, may have no shop to come to: that is asked, and never a refusal.
DISTANCE_SELLING = ("47.91", "47.92", "56.40")


@dataclass(frozen=True)
class Naf:
    """One code. version: REV2 or NAF2025. categories: slugs of ours, likeliest first, () if no shopper looks for it."""

    code: str
    version: str
    label: str
    categories: tuple[str, ...]


def written(code: str) -> str:
    """Return a code with its dot: "1071c" and "10.71C" are "10.71C"; "" for what is none."""
    found = re.fullmatch(r"([0-9]{2})\.?([0-9]{2})([A-Z])", code.strip().upper())
    return f"{found[1]}.{found[2]}{found[3]}" if found else ""


def version(code: str) -> str:
    """Return REV2 or NAF2025, "" for what is no code."""
    letter = written(code)[-1:]
    return next((name for name, letters in LETTERS.items() if letter and letter in letters), "")


def known(code: str) -> Naf | None:
    return _codes().get(written(code))


def proposed_categories(code: str) -> tuple[str, ...]:
    """Return the slugs of the categories that a code may stand for, likeliest first."""
    naf = known(code)
    return naf.categories if naf else ()


def sells_at_a_distance(code: str) -> bool:
    return written(code).startswith(DISTANCE_SELLING)


@cache
def _codes() -> dict[str, Naf]:
    codes = {}
    for name, file in FILES.items():
        with (DATA / file).open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                others = [slug for slug in row["categories_all"].split("|") if slug and slug != row["category_primary"]]
                categories = (row["category_primary"], *others) if row["category_primary"] else ()
                codes[row["code"]] = Naf(row["code"], name, row["label_fr"].replace("'", "’"), categories)
    return codes
