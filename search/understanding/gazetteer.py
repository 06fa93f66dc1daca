"""The towns, departments and categories that words can name, kept in memory."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings

from directory.geography import distance
from directory.models import Category, Town
from portal.changes import Followed
from search.editorial.models import meanings, with_synonyms
from search.query import Place
from search.understanding.inflection import singular
from search.understanding.lexicon import Lexicon
from search.understanding.named_areas import named_areas
from search.understanding.normalize import SHOPPING_WORDS, SMALL_WORDS, words_of
from search.understanding.place_spelling import HEARD_OF, SHORTHAND, PlaceSpellings, letters
from search.understanding.spelling import Speller
from search.understanding.synonyms import Synonyms
from search.understanding.wordlists import everyday_words

LONGEST_NAME = 9  # words of a place, its department included
BIG_TOWN = 2_000  # inhabitants; a smaller town has no short form, and an everyday word is not taken for it
EVERYDAY = 10_000  # inhabitants; a smaller town, Jardin or Pommiers, is not thought of by a word with a plural
OUTSHINES = 10  # times as many inhabitants: « Clermont » is Clermont-Ferrand, though a Clermont exists

_ARTICLES = frozenset(["l", "la", "le", "les"])
_OF = frozenset(["d", "de", "des", "du"])
_LINKS = _ARTICLES | frozenset(["a", "au", "aux", "d", "de", "des", "du", "en", "et", "sous", "sur"])
_FIGURES = {"2": "deux", "3": "trois"}  # as names have them
_ORDINAL = re.compile(r"^(\d{1,2})(?:er|e|eme|ieme|nd)$")  # "lyon 3e", "lyon 3eme"
# What follows these in a name is left out in everyday speech: Romans(-sur-Isère), Bourg(-en-Bresse), Aix(-les-Bains).
_TAIL_OPENERS = frozenset(["sur", "en", "les", "la", "le", "sous"])
_NO_SHORT_FORM = frozenset(["saint", "sainte"])


@dataclass(frozen=True, slots=True)
class KnownCategory:
    """A category as searches know it. parent: the slug of its top category, its own if it is one."""

    slug: str
    name: str
    parent: str
    accent: str
    synonyms: tuple[str, ...] = ()


class Gazetteer:
    """Everything words can name, looked up likeliest first.

    places: towns by INSEE code. departments: by code. areas: see named_areas.py. categories: categories by slug, each
    top category before its own.
    by_postal_code: towns, biggest first. spellings: places by the letters of their names. lexicon: what words mean.
    speller: how words are spelled. synonyms: what editors say that words mean as well.
    """

    def __init__(
        self, towns: Iterable[Town], categories: Iterable[Category], meanings: Sequence[tuple[str, str]] = ()
    ) -> None:
        """meanings: (phrase, words that mean the same)."""
        self.places: dict[str, Place] = {}
        self.departments: dict[str, Place] = {}
        self.areas: list[Place] = []
        self.categories: dict[str, KnownCategory] = {}
        self._by_name: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        self._by_short_name: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        self.by_postal_code: dict[str, list[Place]] = defaultdict(list)
        self._biggest: dict[str, Place] = {}  # town of a department
        self._districts: set[str] = set()
        self.spellings = PlaceSpellings()
        self._tails: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        towns = sorted(towns, key=lambda town: -town.population)
        for town in towns:
            self._add_town(town)
        self._add_areas(towns)
        self._add_nicknames()
        categories = list(categories)
        for category in categories:
            parent = category.parent.slug if category.parent else category.slug
            self.categories[category.slug] = KnownCategory(
                category.slug, category.name, parent, category.accent, tuple(category.synonyms)
            )
        self.lexicon = Lexicon(categories, [phrase for phrase, _ in meanings])
        self.synonyms = Synonyms(meanings)
        self._department_ends = {words_of(department.name)[-1] for department in self.departments.values()}
        names = [name for names in (self._by_name, self._by_short_name) for name in names]
        self._beginnings = {name[0] for name in names if name}
        self._words = frozenset(word for name in names for word in name)
        self.speller = Speller(self.lexicon.spellings, self._word_weights())
        self._apart = self.lexicon.written_together() | {
            "".join(name): " ".join(name) for name in self._by_name if len(name) > 1 and not name[-1].isdigit()
        }
        whole = {letters(place.name): words_of(place.name) for place in self.places.values()}  # the article as well
        self._apart |= {glued: " ".join(name) for glued, name in whole.items() if len(name) > 1}

    def find(self, words: Sequence[str]) -> list[Place]:
        """Return the places that these folded words name in full, the likeliest first.

        Understands names, codes, and a name told apart by its department or postal code: "beaufort 73", "42000
        saint etienne", "die 26150".
        """
        if not 0 < len(words) <= LONGEST_NAME:
            return []
        if len(words) == 1 and words[0].isdigit():
            return self.coded(words[0])
        return self._named(words) or self._told_apart(words)

    def may_begin(self, word: str) -> bool:
        """Return whether the name of a place may begin with this word."""
        return word.isdigit() or word in _ARTICLES or SHORTHAND.get(word, word) in self._beginnings

    def knows(self, word: str) -> bool:
        """Return whether a word is one of a place's name, of what is sold somewhere, or of every question."""
        return (
            word in SMALL_WORDS
            or word in SHOPPING_WORDS
            or SHORTHAND.get(word, word) in self._words
            or self.lexicon.knows(word)
            or word in everyday_words()
        )

    def apart(self, word: str) -> str:
        """Return the known words that were written without a space between them, or ""."""
        return self._apart.get(word) or self._apart.get(singular(word), "")

    def is_trade_word(self, word: str) -> bool:
        """Return whether a folded word is one of what is sold somewhere."""
        return self.lexicon.knows(word)

    def is_everyday(self, words: Sequence[str], place: Place) -> bool:
        """Return whether words that name a town mean a trade or a product all the same: « costume homme ».

        So it is if they are words of a category, unless they are the full name of a town of some size, as Thiers.
        """
        if (not place.insee_code and not place.area) or words[-1].isdigit():  # « lyon 7 » means nothing else
            return False
        if not (self.lexicon.is_common(words) or self.lexicon.means(words)):
            return False
        if place.area:  # « chartreuse » is the liqueur before the massif
            return self.lexicon.means(words)
        smaller = EVERYDAY if self.lexicon.has_two_numbers(words) else BIG_TOWN
        return place.population < smaller or not is_full_name(words, place)

    def spelled_like(self, words: Sequence[str], count: int = 4) -> list[Place]:
        """Return the places whose names share most letters with the words, likest first, biggest among equals."""
        return self.spellings.alike(_plain(words), count)

    def coded(self, code: str) -> list[Place]:
        """Return the towns of a postal code; of none, the town of an INSEE code; or a department by its number.

        The code that all of a city share on envelopes, 69000, is the city's, which has none of its own.
        """
        if found := self.by_postal_code.get(code):
            return list(found)
        if code in self.places:
            return [self.places[code]]
        if len(code) == 5 and code.endswith("000") and code[:2] in self.departments:
            return [self._biggest[code[:2]]]
        return [self.departments[code]] if code in self.departments else []

    def agreeing(self, candidates: Sequence[Place], code: str) -> list[Place]:
        """Return those of the places that a code allows: one of theirs first, else any of its department."""
        return _agreeing(list(candidates), self._hinted([code]))

    def nearest(self, point: tuple[float, float], count: int = 3) -> list[Place]:
        """Return the towns of some size that are nearest to a point."""
        towns = (place for place in self.places.values() if place.population >= BIG_TOWN and place.point)
        whole = (place for place in towns if place.insee_code not in self._districts)
        return sorted(whole, key=lambda place: distance(place.point or point, point))[:count]

    def _named(self, words: Sequence[str]) -> list[Place]:
        """Return the places called so: by their full name first, then by a former one, last by a short form."""
        name = _plain(words)
        exact = sorted(self._by_name.get(name, []), key=lambda place: not is_full_name(words, place))
        short = self._by_short_name.get(_linkless(name)) or self._tails.get(name, [])
        if words[0] in _OF:  # « de Villard » is no short form of Villard-Bonnot
            short = []
        elif words[0] in _ARTICLES:
            short = [place for place in short if words_of(place.name)[0] == words[0]]
        is_told_in_full = len(_linkless(name)) < len(name)
        if not exact or (short and not is_told_in_full and 0 < exact[0].population * OUTSHINES < short[0].population):
            return [*short, *exact]
        return exact

    def _told_apart(self, words: Sequence[str]) -> list[Place]:
        """Find a name with the hint that tells it from others, on either side: "beaufort en savoie", "69005 lyon"."""
        for cut in range(1, len(words)):
            for name, hint in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
                if not (hint[-1].isdigit() or hint[-1] in self._department_ends or hint[0].isdigit()):
                    continue
                while hint and hint[0] in _LINKS | {"dans"}:
                    hint = hint[1:]
                candidates = self._named(name) if hint and name[0] not in _LINKS - _ARTICLES else []
                if found := _agreeing(candidates, self._hinted(hint)):
                    return found
        return []

    def _hinted(self, words: Sequence[str]) -> list[Place]:
        """Return what a hint stands for: the towns of a code, else the department that it begins with or that is named.

        Of a CEDEX the department is all there is to know: its figures are of a sorting office.
        """
        if len(words) == 1 and words[0].isdigit():
            code = words[0].zfill(5) if len(words[0]) == 4 else words[0]  # a spreadsheet took its zero
            return self.coded(code) or (self.coded(code[:2]) if len(code) == 5 else [])
        return [place for place in self._by_name.get(_plain(words), []) if not place.insee_code] if words else []

    def _add_town(self, town: Town) -> None:
        place = Place(
            name=town.name,
            department_code=town.department_code,
            department_name=town.department_name,
            insee_code=town.insee_code,
            slug=town.slug,
            population=town.population,
            point=town.point,
        )
        self.places[town.insee_code] = place
        for code in town.postal_codes:
            # 69003 is Lyon's third arrondissement before it is Lyon.
            self.by_postal_code[code].insert(0 if town.parent else len(self.by_postal_code[code]), place)
        if town.parent:
            self._districts.add(town.insee_code)
        else:
            self._biggest.setdefault(town.department_code, place)

        names = [_plain(words_of(name)) for name in (town.name, *town.former_names)]
        if town.parent:  # "Lyon 3e Arrondissement" is "lyon 3"
            names.append((*_plain(words_of(town.parent.name)), *re.findall(r"\d+", town.name)))
        for name in dict.fromkeys(names):
            self._by_name[name].append(place)
        shorts = {form for name in names for form in _short_forms(name)} - set(names[1:])
        if town.population >= BIG_TOWN:
            for short in shorts:
                self._by_short_name[short].append(place)
        for body in {_body(name) for name in names} - set(names):
            self._tails[body].append(place)
        said = [" ".join(short) for short in shorts] if town.population >= HEARD_OF else []
        self.spellings.add(place, (town.name, *town.former_names, *said), names[0])

        if town.department_code not in self.departments:
            department = Place(town.department_name, town.department_code, town.department_name)
            self.departments[town.department_code] = department
            self._by_name[_plain(words_of(town.department_name))].append(department)
            self.spellings.add(department, [town.department_name])

    def _add_areas(self, towns: Sequence[Town]) -> None:
        """Learn valleys, massifs, quarters and intercommunalities; one is meant before a village of its name."""
        known_areas = list(named_areas(towns, self.places))
        for area, names, _ in known_areas:
            self.areas.append(area)
            for name in dict.fromkeys(_plain(words_of(name)) for name in names):
                known = self._by_name[name]
                if known and known[0].population * OUTSHINES > area.population:
                    continue  # « Vichy Communauté » is asked by its whole name, « Lyon » is the town
                known.insert(0, area)
            if area.at:  # an intercommunality bears its town's name, which is meant
                self.spellings.add(area, names[:1])
        for area, _, around in known_areas:  # « plaine du Forez » is an area of its own before it is the Forez
            for name in dict.fromkeys(_plain(words_of(name)) for name in around):
                known = self._by_name[name]
                if not known or known[0].population * OUTSHINES <= area.population:
                    known.insert(0, area)

    def _add_nicknames(self) -> None:
        """Learn how people call towns and districts (search/nicknames.csv). They give way to official names."""
        with (settings.REGION.search_data / "nicknames.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                name = _plain(words_of(row["name"]))
                if row["insee"] in self.places and not self._by_name.get(name):
                    self._by_name[name].append(self.places[row["insee"]])

    def _word_weights(self) -> dict[str, int]:
        """Return the words of the names of bigger places, each with the inhabitants of the biggest.

        A word like that of a village is more often a word than the village.
        """
        weights: dict[str, int] = defaultdict(int)
        for name, places in self._by_name.items():
            for place in places:
                if place.population >= BIG_TOWN or not place.insee_code:
                    for word in name:
                        weights[word] = max(weights[word], place.population)
        return weights


def _read() -> Gazetteer:
    towns = Town.objects.select_related("parent")
    categories = with_synonyms(Category.objects.select_related("parent"))
    return Gazetteer(towns, categories, meanings())


_gazetteer = Followed(_read, "vocabulary")


def current() -> Gazetteer:
    """Return the gazetteer of the tables as they are now: read once a process, and again when they change."""
    return _gazetteer.get()


def _agreeing(candidates: list[Place], hinted: list[Place]) -> list[Place]:
    """Return what a name and a hint agree on: the place or district both give, else the towns of that department."""
    both = [place for place in hinted if any(place.name.startswith(candidate.name) for candidate in candidates)]
    if both:
        return both
    departments = {place.department_code for place in hinted}
    return [place for place in candidates if place.insee_code and place.department_code in departments]


def _plain(words: Sequence[str]) -> tuple[str, ...]:
    """Return a place's words as its key: shorthand written out, ordinals as numbers, no leading or elided article."""
    written = [SHORTHAND.get(word, word) for word in words if word not in ("l", "d", "arrondissement")]
    written = [_FIGURES.get(word, word) for word in written[:-1]] + written[-1:]  # « Les 2 Alpes », but « Lyon 3 »
    numbered = [match[1] if (match := _ORDINAL.match(word)) else word for word in written]
    while len(numbered) > 1 and numbered[0] in _ARTICLES:
        numbered = numbered[1:]
    return tuple(numbered)


def _linkless(name: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in name if word not in _LINKS)


def is_full_name(words: Sequence[str], place: Place) -> bool:
    """Return whether these words are the whole name a town bears today, its article included: "la terrasse"."""
    return [SHORTHAND.get(word, word) for word in words] == words_of(place.name)


def _body(name: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name up to its tail: "antraigues" of Antraigues-sur-Volane; villages are called so too."""
    tail = next((index for index, word in enumerate(name) if index and word in _TAIL_OPENERS), len(name))
    return name[:tail]


def _short_forms(name: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return how one says a long name: without its small words, up to its tail, or by its first word alone."""
    forms = {_linkless(name), _linkless(_body(name))}
    if name and name[0] not in _NO_SHORT_FORM and len(name[0]) > 3:
        forms.add(name[:1])
    return {form for form in forms if form and form[0] not in _LINKS}
