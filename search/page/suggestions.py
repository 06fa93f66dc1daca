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
BIG_CITY = 30_000  # inhabitants, from which a town is thought of by two letters
SHORTEST_MENDED = 4  # letters of a word that may have a fault


@dataclass(frozen=True, slots=True)
class Suggestion:
    """kind: what it is, in French. label: its name. detail: what tells it from others. url: where it leads."""

    kind: str
    label: str
    detail: str
    url: str


class Beginnings:
    """Towns, departments and categories by how their names, or any word in them, begin."""

    def __init__(self, known: gazetteer.Gazetteer) -> None:
        self._known = known
        towns = [(words_of(place.name), place.population, _place(place)) for place in known.places.values()]
        self._cities = frozenset(suggestion for _, people, suggestion in towns if people >= BIG_CITY)
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
        towns = self.towns(words, count)
        cities = [town for town in towns if town in self._cities]
        begun = [*_best(self._departments, words, 1), *cities[:1], *areas, *towns]
        if begun:
            return list(dict.fromkeys(begun))[:count]
        read = read_place(self._known, text)
        return [_place(place) for place in ([] if read.outside else [*read.places, *read.offered])[:count]]

    def goods(self, words: list[str], count: int, besides: Iterable[str] = ()) -> list[Suggestion]:
        """Return goods and trades as one says them, each as a search: "kebab", "nougat".

        besides: names of categories that are proposed already, whose words would lead to the same merchants.
        """
        typed = tuple(map(base_form, words))  # typed whole, it may be all that is meant: « nougat »
        begun: dict[tuple[str, ...], Suggestion] = {}
        for good in _best(self._goods, words, 8 * count):
            begun.setdefault(tuple(map(base_form, words_of(good.label))), good)
        others = [good for form, good in begun.items() if form != typed and good.detail not in besides]
        return [*([begun[typed]] if typed in begun else []), *others][:count]

    def both(self, text: str, words: list[str]) -> list[Suggestion]:
        """Return what and where together, where a text says both, or begins to: "coiffeur annecy", "coif ann"."""
        reading = parse(self._known, text)
        place = reading.query.place
        if reading.what and reading.query.inferred and place and reading.query.within == Within.PLACE:
            return [_what_and_where(reading.what, place.label)]
        if not 1 < len(words) < MOST_WORDS_OF_A_PLACE or len(words[-1]) < SHORTEST or self._goods_begin(words):
            return []
        if self._known.lexicon.knows(words[-1]) or words[-1] in wordlists.everyday_words():  # « savon noir »
            return []
        whats = [*self.categories(words[:-1], 1), *self.goods(words[:-1], 1), *self.meant(words[:-1])]
        wheres = _best(self._towns, words[-1:], 1)
        return [_what_and_where(what.label, where.label) for what in whats[:1] for where in wheres]

    def meant(self, words: list[str]) -> list[Suggestion]:
        """Return the category that whole words mean: "resto"."""
        guessed = self._known.lexicon.guess(words).slugs[:1]
        return [_category(self._known.categories[slug].name, slug) for slug in guessed]

    def is_said(self, words: list[str]) -> bool:
        """Return whether these words are, all together, something sold or done: they may be all that is meant."""
        return self._known.lexicon.means(words)

    def mended(self, words: list[str]) -> list[str]:
        """Return the words with a fault of the last one mended; [] where none is near.

        Two letters in each other's place or one too many, where something then begins so; else the nearest known word.
        """
        *before, last = words or [""]
        if len(last) >= SHORTEST_MENDED:
            for variant in _variants(last):
                if self._goods_begin([*before, variant]):
                    return [*before, variant]
        spelled = self._known.speller.correct(last) if last else last
        return [*before, spelled] if spelled != last else []

    def _goods_begin(self, words: list[str]) -> bool:
        return bool(_best(self._goods, words, 1) or _best(self._categories, words, 1))

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
    is_where = request.GET.get("champ") == "ou"
    found = known.places(text, words, TOWNS_ALONE) if is_where else proposed(known, text, words)
    return JsonResponse({"suggestions": [_printed(suggestion) for suggestion in found]})


def proposed(known: Beginnings, text: str, words: list[str]) -> list[Suggestion]:
    """Return what « Quoi ? » may be about to say: as it is typed, else as a fault in it is mended. words: its own."""
    return _suggested(known, text, words) or known.meant(words) or _suggested(known, text, known.mended(words))


def _suggested(known: Beginnings, text: str, words: list[str]) -> list[Suggestion]:
    """Return what « Quoi ? » may be about to say; nothing for no word."""
    if not words:
        return []
    if "".join(words).isdigit():
        return known.coded("".join(words), TOWNS_ALONE)
    places = known.places("", words, TOWNS) if len(words) < MOST_WORDS_OF_A_PLACE else []
    meant = known.meant(words) if known.is_said(words) else []
    categories = list(dict.fromkeys([*meant, *known.categories(words, CATEGORIES)]))[:CATEGORIES]
    goods = known.goods(words, GOODS, {category.label for category in categories})
    said = _merged([*known.both(text, words), *categories, *goods], places, words)
    named = list(_named(words))
    return list(dict.fromkeys([*said[: max(MOST_SAID, MOST - len(named))], *named]))[:MOST]


def _merged(said: list[Suggestion], places: list[Suggestion], words: list[str]) -> list[Suggestion]:
    """Return what is looked for and where in one list: first what begins so itself, before what has a word that does.

    A place that begins so comes second, since nobody knows yet which of both is being typed.
    """
    begun = " ".join(words)

    def begins(one: Suggestion) -> bool:
        return " ".join(SHORTHAND.get(word, word) for word in words_of(one.label)).startswith(begun)

    is_sure = said[:1] if said and (begins(said[0]) or said[0].kind == "Métier" or " – " in said[0].label) else []
    first = [*is_sure, *filter(begins, places[:1])]
    rest = [*filter(begins, said), *filter(begins, places), *said, *places]
    return list(dict.fromkeys([*first, *rest]))


def _variants(word: str) -> Iterator[str]:
    """Yield a word with two letters that follow each other exchanged, then with one left out."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]


def _what_and_where(what: str, where: str) -> Suggestion:
    return Suggestion("Recherche", f"{what} – {where}", "", Address(what, where).url)


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
