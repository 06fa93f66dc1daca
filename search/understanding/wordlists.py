"""Reads the word lists of search/data/, and those of the region's folder, once per process."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from search.understanding.normalize import SMALL_WORDS, words_of

DATA = Path(__file__).parents[1] / "data"
OF_REGION = settings.REGION.search_data  # what this region alone makes and names


@lru_cache(maxsize=2)
def phrases(name: str) -> list[tuple[str, int, str]]:
    """Return (category slug, rank in its line, phrase) for all of words.txt or more-words.txt."""
    return [(slug, rank, phrase) for slug, line in _by_slug(name) for rank, phrase in enumerate(line.split(","))]


@lru_cache(maxsize=1)
def beside() -> dict[str, tuple[str, ...]]:
    """Return the slugs of the categories that stand in for a category, by its slug."""
    return {slug: tuple(other.strip() for other in line.split(",")) for slug, line in _by_slug("beside.txt")}


@lru_cache(maxsize=1)
def everyday_words() -> frozenset[str]:
    """Return words of French that name nothing sold and no place, folded, in either number: they are no faults."""
    words = [word for line in _lines("everyday.txt") for word in words_of(line)]
    return frozenset(form for word in words for form in (word, f"{word}s", f"{word}x", word.rstrip("sx")))


@lru_cache(maxsize=1)
def groups() -> list[list[str]]:
    """Return phrases that mean the same, group by group."""
    return [line.split(",") for line in _lines("synonyms.txt")]


@lru_cache(maxsize=1)
def inflections() -> dict[str, list[str]]:
    """Return the words of each rule of inflections.txt, as one writes them."""
    return {rule: [word.strip() for word in words.split(",")] for rule, words in _by_slug("inflections.txt")}


def lists_of_slugs(name: str) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield (slugs, phrases) for each line of a file whose lines begin with several slugs: goods.txt."""
    for slugs, line in _by_slug(name):
        yield tuple(slug.strip() for slug in slugs.split(",")), line.split(",")


def specialities() -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Yield (slugs of who makes or sells them, of who else may, phrases) for each line of specialities.txt."""
    for slugs, line in _by_slug("specialities.txt", OF_REGION):
        makers, _, others = slugs.partition(";")
        yield _slugs(makers), _slugs(others), line.split(",")


def _slugs(text: str) -> list[str]:
    return [slug.strip() for slug in text.split(",") if slug.strip()]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What people ask that is not of this site. name, text: what the page says, in French. link: its name, url: whom to
    ask instead, "" for nobody. keeps: merchants answer all the same, but for a part of it. sold_too: those, folded,
    of its phrases that may begin what is sold: « bibliothèque en chêne »."""

    name: str
    text: str
    link: str
    url: str
    keeps: bool
    sold_too: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def unrecorded() -> tuple[tuple[str, str], ...]:
    """Return (phrase, how the page says it) of what no merchant's page records."""
    lines = list(_by_slug("unrecorded.txt"))
    named = [(name, name) for name, _ in lines]
    return (*named, *((phrase.strip(), name) for name, line in lines for phrase in line.split(",") if phrase.strip()))


@lru_cache(maxsize=1)
def out_of_scope() -> tuple[tuple[str, Unanswered], ...]:
    """Return (folded phrase without small words, what to say) of what is not of this site, the longest phrase first."""
    with (DATA / "out_of_scope.csv").open(encoding="utf-8", newline="") as file:
        found = [
            (" ".join(word for word in words_of(phrase) if word not in SMALL_WORDS), answer)
            for row in csv.DictReader(file)
            for answer in [_unanswered(row)]
            for phrase in row["words"].split("|")
        ]
    return tuple(sorted(found, key=lambda one: -len(one[0])))


def _unanswered(row: dict[str, str]) -> Unanswered:
    sold_too = (" ".join(words_of(phrase)) for phrase in row["sold_too"].split("|") if phrase)
    name, text, link, url = (row[name] for name in ("name", "text", "link", "url"))
    return Unanswered(name, text, link, url, keeps=bool(row["keeps"]), sold_too=frozenset(sold_too))


def districted_cities() -> dict[str, int]:
    """Return how many arrondissements each city has that has any, by its folded name."""
    return {city: int(count) for city, count in _by_slug("districts.txt")}


def products() -> Iterator[tuple[str, str]]:
    """Yield (category slug, name) for each regional product."""
    with (OF_REGION / "products.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["category"], row["name"]


def _by_slug(name: str, folder: Path = DATA) -> Iterator[tuple[str, str]]:
    for line in _lines(name, folder):
        slug, _, rest = line.partition(":")
        yield slug, rest


def _lines(name: str, folder: Path = DATA) -> list[str]:
    """Return the lines of a file but comments; one that begins with two spaces goes on the one before."""
    text = (folder / name).read_text(encoding="utf-8").replace("\n  ", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
