"""What is asked: kinds of query, each with several questions of that kind, so that no answer is merely remembered."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlencode

SEARCH, SUGGESTIONS = "/recherche/", "/recherche/suggestions"

TOWNS = {
    "Lyon (69)": (45.76, 4.84),
    "Saint-Étienne (42)": (45.43, 4.39),
    "Grenoble (38)": (45.18, 5.72),
    "Clermont-Ferrand (63)": (45.78, 3.09),
    "Annecy (74)": (45.90, 6.12),
    "Valence (26)": (44.93, 4.89),
    "Chambéry (73)": (45.57, 5.92),
    "Bourg-en-Bresse (01)": (46.21, 5.23),
}
CATEGORIES = ("boulangerie-patisserie", "fromagerie-cremerie", "fleuriste")  # their addresses
TRADES = ("boulangerie", "fromagerie", "fleuriste")
WORDS = ("fromage de chèvre", "pain au levain", "miel", "vin rouge", "chocolat", "savon", "confiture", "plante")
TYPOS = ("boulengerie", "fromagrie", "chocollat", "charcutrie", "poissonerie", "confitture", "libraire", "fleurriste")
NOWHERE = ("xylotron", "grumbelquist", "zorbifleur", "brachtomel", "quizzalune", "vroutchka", "plumbrasse", "tarkoval")
BEGUN = ("boulangerie", "fromagerie", "chocolat", "librairie", "saint-etienne", "confiture", "fleuriste", "valence")


@dataclass(frozen=True)
class Kind:
    """One row of the table. paths: what its questions ask of the portal."""

    name: str
    paths: tuple[str, ...]


def _kind(name: str, questions: Iterable[dict[str, str]], address: str = SEARCH) -> Kind:
    return Kind(name, tuple(f"{address}?{urlencode(question)}" for question in questions))


TOWN_CATEGORY = _kind(
    "town × category", ({"ou": town, "categorie": category} for town, category in product(TOWNS, CATEGORIES))
)
ALL_FACETS = _kind(
    "merchants, five filters",
    (
        {"type": "commercants", "q": "pain", "categorie": category, "ou": town, "rayon": "20", "retrait": "1",
         "ouvert": "maintenant"}
        for town, category in product(TOWNS, CATEGORIES)
    ),
)  # fmt: skip
MERCHANTS = _kind("merchants, all facets", ({"type": "commercants", "q": words} for words in (*TRADES, *WORDS)))
THREE_BLOCKS = _kind("three blocks", ({"q": words, "ou": town} for words, town in product(WORDS, TOWNS)))
LETTERS = [
    _kind(f"autocomplete, {letters}", ({"q": word[:letters]} for word in BEGUN), SUGGESTIONS) for letters in (1, 3, 8)
]

KINDS = [
    TOWN_CATEGORY,
    _kind("category only", ({"categorie": category} for category in CATEGORIES)),
    _kind("town only", ({"ou": town} for town in TOWNS)),
    _kind("words", ({"q": words} for words in WORDS)),
    _kind("words with faults", ({"q": words} for words in TYPOS)),
    _kind("near me", ({"q": words, "autour": f"{x},{y}"} for words, (x, y) in product(WORDS, TOWNS.values()))),
    _kind("open now", ({"q": words, "ouvert": "maintenant"} for words in (*TRADES, "pharmacie", "tabac"))),
    MERCHANTS,
    ALL_FACETS,
    THREE_BLOCKS,
    _kind("page 5", ({"type": "commercants", "q": words, "page": "5"} for words in TRADES)),
    _kind("nothing found", ({"q": words, "ou": town} for words, town in zip(NOWHERE, TOWNS, strict=True))),
    *LETTERS,
]
