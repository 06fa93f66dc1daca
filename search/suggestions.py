"""What to propose while one types: towns, trades, merchants and products whose names begin so."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from search import gazetteer
from search.engines.failover import engine
from search.links import Address
from search.query import Kind, Query
from search.words import LONGEST_TEXT, MOST_WORDS, words_of

SHORTEST = 2  # letters from which something is proposed
TOWNS, TRADES, NAMES = 3, 3, 3  # how many of each
TOWNS_ALONE = 7
MINUTES_KEPT = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """kind: what it is, in French. label: its name. detail: what tells it from others. url: where it leads."""

    kind: str
    label: str
    detail: str
    url: str


class Beginnings:
    """Towns and trades by how their names, or any word in them, begin."""

    def __init__(self, known: gazetteer.Gazetteer) -> None:
        towns = [
            (words_of(place.name), place.population, _town(place.label, place.department_name))
            for place in known.places.values()
        ]
        trades = [(words_of(aisle.name), 0, _trade(aisle.name, slug)) for slug, aisle in known.aisles.items()]
        self._towns, self._trades = sorted(_keyed(towns), key=_key), sorted(_keyed(trades), key=_key)

    def towns(self, words: list[str], count: int) -> list[Suggestion]:
        return _best(self._towns, words, count)

    def trades(self, words: list[str], count: int) -> list[Suggestion]:
        return _best(self._trades, words, count)


# (words of a name from one of them on, whether from its first, weight, suggestion)
Keyed = tuple[str, bool, int, Suggestion]


@require_safe
@cache_control(public=True, max_age=MINUTES_KEPT * 60)
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer {"suggestions": [Suggestion…]} to ``q``; with ``champ=ou``, towns alone."""
    words = words_of(request.GET.get("q", "")[:LONGEST_TEXT])[:MOST_WORDS]
    if len("".join(words)) < SHORTEST:
        return JsonResponse({"suggestions": []})
    known = _beginnings(gazetteer.current())
    if request.GET.get("champ") == "ou":
        found = known.towns(words, TOWNS_ALONE)
    else:
        found = [*known.trades(words, TRADES), *known.towns(words, TOWNS), *_named(words)]
    return JsonResponse({"suggestions": [asdict(suggestion) for suggestion in found]})


def _named(words: list[str]) -> Iterator[Suggestion]:
    """Yield merchants and products whose names hold these words, the last one begun; one round trip."""
    begun = Query(words=tuple(words), unfinished=True, size=NAMES)
    merchants, products = engine().search([begun, replace(begun, kind=Kind.PRODUCT)])
    for hit in merchants.hits:
        yield Suggestion("Commerçant", hit.entry.title, hit.entry.town_name, hit.entry.url)
    for hit in products.hits:
        yield Suggestion("Produit", hit.entry.title, hit.entry.seller, hit.entry.url)


@lru_cache(maxsize=1)
def _beginnings(known: gazetteer.Gazetteer) -> Beginnings:
    return Beginnings(known)


def _town(label: str, department: str) -> Suggestion:
    return Suggestion("Commune", label, department, Address(where=label).url)


def _trade(name: str, slug: str) -> Suggestion:
    return Suggestion("Métier", name, "", Address(category=slug).url)


def _keyed(named: list[tuple[list[str], int, Suggestion]]) -> Iterator[Keyed]:
    for words, weight, suggestion in named:
        for start in range(len(words)):
            yield " ".join(words[start:]), start == 0, weight, suggestion


def _key(keyed: Keyed) -> str:
    return keyed[0]


def _best(keyed: list[Keyed], words: list[str], count: int) -> list[Suggestion]:
    """Return those that begin so: by their first word before another, then the heaviest."""
    begun = " ".join(words)
    first, last = bisect_left(keyed, begun, key=_key), bisect_left(keyed, begun + "\x7f", key=_key)
    ranked = sorted(keyed[first:last], key=lambda one: (not one[1], -one[2], one[3].label))
    return list(dict.fromkeys(suggestion for *_, suggestion in ranked))[:count]
