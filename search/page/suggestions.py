"""Suggestions while typing: towns, areas, categories, goods, merchants and products whose names begin so."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.typography import no_break
from search.engines.failover import engine
from search.links import Address
from search.query import Kind, Place, Query, Within
from search.understanding import gazetteer, wordlists
from search.understanding.inflection import base_form
from search.understanding.normalize import LONGEST_TEXT, MOST_WORDS, words_of
from search.understanding.parse import parse
from search.understanding.place_spelling import SHORTHAND
from search.understanding.typed_place import read_place

SHORTEST = 2  # letters from which something is proposed
TOWNS, CATEGORIES, NAMES, GOODS, AREAS = 3, 3, 3, 3, 2  # how many of each
MOST, MOST_SAID = 8, 5  # in all, as many as a telephone shows; of these, of what is no name
MOST_WORDS_OF_A_PLACE = 6
TOWNS_ALONE = 7
MINUTES_KEPT = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """kind: what it is, in French. label: its name. detail: what tells it from others. url: where it leads."""

    kind: str
    label: str
    detail: str
    url: str


EMPTY = Suggestion("", "", "", "")


class Beginnings:
    """Towns, departments and categories by how their names, or any word in them, begin."""

    def __init__(self, known: gazetteer.Gazetteer) -> None:
        self._known = known
        towns = [(words_of(place.name), place.population, _place(place)) for place in known.places.values()]
        departments = [(words_of(place.name), 0, _place(place)) for place in known.departments.values()]
        categories = [(words_of(one.name), 0, _category(one.name, slug)) for slug, one in known.categories.items()]
        self._towns, self._categories = sorted(_keyed(towns), key=_key), sorted(_keyed(categories), key=_key)
        self._departments = sorted(_keyed(departments), key=_key)
        areas = [
            (words_of(place.name.partition(" (")[0]), place.population, _place(place))
            for place in known.areas
            if place.at
        ]
        self._areas = sorted(_keyed(areas), key=_key)
        self._goods = sorted(_keyed(_goods(known)), key=_key)
        self._codes = sorted(known.by_postal_code)

    def towns(self, words: list[str], count: int) -> list[Suggestion]:
        return _best(self._towns, [SHORTHAND.get(word, word) if len(word) > 1 else word for word in words], count)

    def places(self, text: str, words: list[str], count: int) -> list[Suggestion]:
        """Return what « Où ? » may be about to say: a department or town that begins so, a code's, else as it is read.

        words: those of the text.
        """
        if "".join(words).isdigit():
            return [_place(place) for place in self._coded("".join(words))[:count]]
        areas = _best(self._areas, words, AREAS)
        begun = [*_best(self._departments, words, 1), *areas, *self.towns(words, count - len(areas))]
        if begun:
            return begun[:count]
        read = read_place(self._known, text)
        return [_place(place) for place in ([] if read.outside else [*read.places, *read.offered])[:count]]

    def goods(self, words: list[str], count: int, besides: Iterable[str] = ()) -> list[Suggestion]:
        """Return goods and trades as one says them, each as a search: "kebab", "nougat".

        besides: names of categories that are proposed already, whose words would lead to the same merchants.
        """
        begun: dict[tuple[str, ...], Suggestion] = {tuple(map(base_form, words)): EMPTY}  # typed it all: press Enter
        for good in _best(self._goods, words, 8 * count):
            begun.setdefault(tuple(map(base_form, words_of(good.label))), good)
        return [good for good in begun.values() if good is not EMPTY and good.detail not in besides][:count]

    def both(self, text: str) -> list[Suggestion]:
        """Return what and where together, where a text says both: "coiffeur annecy"."""
        reading = parse(self._known, text)
        place = reading.query.place
        if not (reading.what and reading.query.inferred and place and reading.query.within == Within.PLACE):
            return []
        return [Suggestion("Recherche", f"{reading.what} – {place.label}", "", Address(reading.what, place.label).url)]

    def meant(self, words: list[str]) -> list[Suggestion]:
        """Return the category that whole words mean: "resto"."""
        guessed = self._known.lexicon.guess(words).slugs[:1]
        return [_category(self._known.categories[slug].name, slug) for slug in guessed]

    def mended(self, words: list[str]) -> list[str]:
        """Return the words with the last one spelled as the nearest known; [] where none is near."""
        spelled = self._known.speller.correct(words[-1])
        return [*words[:-1], spelled] if spelled != words[-1] else []

    def coded(self, code: str, count: int) -> list[Suggestion]:
        """Return the places of a postal code, or of those that begin so."""
        return [_place(place) for place in self._coded(code)[:count]]

    def _coded(self, code: str) -> list[Place]:
        """Return the places of a code, or of those that begin so, the biggest first."""
        begun = self._codes[bisect_left(self._codes, code) : bisect_left(self._codes, code + "\x7f")]
        towns = {place for one in begun for place in self._known.by_postal_code[one]}
        exact = self._known.coded(code) or list(read_place(self._known, code).places if not begun else ())
        return list(dict.fromkeys([*exact, *sorted(towns, key=lambda place: -place.population)]))

    def categories(self, words: list[str], count: int) -> list[Suggestion]:
        return _best(self._categories, words, count)


# (words of a name from one of them on, whether from its first, weight, suggestion)
Keyed = tuple[str, bool, int, Suggestion]


@require_safe
@cache_control(public=True, max_age=MINUTES_KEPT * 60)
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer {"suggestions": [Suggestion…]} to ``q``; with ``champ=ou``, places alone."""
    text = request.GET.get("q", "")[:LONGEST_TEXT]
    words = words_of(text)[:MOST_WORDS]
    if len("".join(words)) < SHORTEST:
        return JsonResponse({"suggestions": []})
    known = _beginnings(gazetteer.current())
    if request.GET.get("champ") == "ou":
        found = known.places(text, words, TOWNS_ALONE)
    else:
        found = _suggested(known, text, words) or known.meant(words) or _suggested(known, text, known.mended(words))
    return JsonResponse({"suggestions": [_printed(suggestion) for suggestion in found]})


def _suggested(known: Beginnings, text: str, words: list[str]) -> list[Suggestion]:
    """Return what « Quoi ? » may be about to say; nothing for no word."""
    if not words:
        return []
    if "".join(words).isdigit():
        return known.coded("".join(words), TOWNS_ALONE)
    places = known.places("", words, TOWNS) if len(words) < MOST_WORDS_OF_A_PLACE else []
    categories = known.categories(words, CATEGORIES)
    goods = known.goods(words, GOODS, {category.label for category in categories})
    said = list(dict.fromkeys([*known.both(text), *categories, *goods, *places]))
    named = list(_named(words))
    return list(dict.fromkeys([*said[: max(MOST_SAID, MOST - len(named))], *named]))[:MOST]


def _printed(suggestion: Suggestion) -> dict[str, str]:
    """Return a suggestion as it is shown, with the no-break spaces that pages get as they leave."""
    return asdict(replace(suggestion, label=no_break(suggestion.label), detail=no_break(suggestion.detail)))


def _named(words: list[str]) -> Iterator[Suggestion]:
    """Yield merchants and products whose names hold these words, the last one begun; one round trip."""
    begun = Query(words=tuple(words), unfinished=True, size=NAMES)
    merchants, products = engine().search([begun, replace(begun, kind=Kind.PRODUCT)])
    for hit in merchants.hits:
        yield Suggestion("Commerçant", hit.entry.title, hit.entry.town_name, hit.entry.url)
    for title in dict.fromkeys(hit.entry.title for hit in products.hits):
        yield Suggestion("Produit", title, "", Address(title).url)


@lru_cache(maxsize=1)
def _beginnings(known: gazetteer.Gazetteer) -> Beginnings:
    return Beginnings(known)


def _place(place: Place) -> Suggestion:
    kind, detail = ("Commune", place.department_name) if place.insee_code else ("Département", "")
    if place.area:
        kind, detail = f"{place.area[:1].upper()}{place.area[1:]}", place.department_name
    return Suggestion(kind, place.label, detail, Address(where=place.label).url)


def _category(name: str, slug: str) -> Suggestion:
    return Suggestion("Métier", name, "", Address(category=slug).url)


def _goods(known: gazetteer.Gazetteer) -> list[tuple[list[str], int, Suggestion]]:
    """Return the words of each category, its own synonyms before those of the list, as searches."""
    said: dict[str, tuple[int, str]] = {}
    for slug, category in known.categories.items():
        for rank, phrase in enumerate(category.synonyms):
            said.setdefault(phrase.strip(), (100 - rank, slug))
    for slug, rank, phrase in wordlists.phrases("words.txt"):
        if slug in known.categories:
            said.setdefault(phrase.strip(), (-rank, slug))
    return [
        (words_of(phrase), weight, Suggestion("Recherche", phrase, known.categories[slug].name, Address(phrase).url))
        for phrase, (weight, slug) in said.items()
    ]


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
