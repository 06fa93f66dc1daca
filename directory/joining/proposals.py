"""What the register's answer proposes for a new page: name, category, place. Nothing masked, nothing guessed."""

import re
from typing import Any

from directory.vetting.located import town_of
from directory.vetting.naf import proposed_categories
from directory.vetting.register import Establishment

SMALL_WORDS = {
    "à", "au", "aux", "avec", "chez", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par", "pour",
    "s", "sous", "sur", "un", "une",
}  # fmt: skip
ABBREVIATIONS = {"EARL", "EURL", "GAEC", "SA", "SARL", "SAS", "SASU", "SCEA", "SCOP", "SNC"}
STREETS = {  # as the register shortens them, by La Poste's norm
    "ALL": "allée", "AV": "avenue", "BD": "boulevard", "CHE": "chemin", "CRS": "cours", "FG": "faubourg",
    "IMP": "impasse", "LD": "lieu-dit", "LOT": "lotissement", "PL": "place", "QU": "quai", "RTE": "route",
    "R": "rue", "SQ": "square", "ZA": "ZA", "ZAC": "ZAC", "ZI": "ZI",
}  # fmt: skip
KINDS = {
    "allée", "avenue", "boulevard", "chemin", "cours", "faubourg", "impasse", "lieu-dit", "lotissement", "montée",
    "passage", "place", "promenade", "quai", "quartier", "route", "rue", "ruelle", "sentier", "square", "traverse",
}  # fmt: skip


def proposed(establishment: Establishment) -> dict[str, Any]:
    """Return what to begin a page with, as Application.declared holds it: what is not known is not there."""
    town = town_of(establishment.insee_code)
    found = {
        "title": name_over_the_door(establishment),
        "category": next(iter(proposed_categories(establishment.naf)), ""),
        "street": in_mixed_case(establishment.address, streets=True),
        "postal_code": establishment.postal_code,
        "town": town.insee_code if town else "",
        "town_name": town.name if town else "",
    }
    if town and not found["postal_code"] and len(town.postal_codes) == 1:
        found["postal_code"] = town.postal_codes[0]  # the town's, which is not masked
    return {name: value for name, value in found.items() if value}


def name_over_the_door(establishment: Establishment) -> str:
    """Return the trade name, else the company's; "" for sole traders without one: their own name is theirs to give."""
    is_a_person = establishment.legal_form_code.startswith("1")
    name = establishment.trade_name or ("" if is_a_person else establishment.name)
    return in_mixed_case(name)


def in_mixed_case(text: str, streets: bool = False) -> str:
    """Return the register's capitals as one writes: "LE FOURNIL DES MINES" is "Le Fournil des Mines".

    streets: read it as a number and a street, whose kind is not capitalised: "12 BIS R DU PALAIS" is "12 bis rue du
    Palais". A text that is not all in capitals stays as it is.
    """
    if text != text.upper():
        return text
    words: list[str] = []
    for word in re.split(r"(\s+|-|'|’)", text):
        words.append(_written(word, is_first=not words, streets=streets))
    return "".join(words).replace("'", "’")


def _written(word: str, is_first: bool, streets: bool) -> str:
    lower = word.lower()
    if streets:
        if word in STREETS:
            return STREETS[word]
        if lower in KINDS or lower in ("bis", "ter", "quater"):
            return lower
    if word in ABBREVIATIONS:
        return word
    if lower in SMALL_WORDS and not is_first:
        return lower
    return lower.capitalize()
