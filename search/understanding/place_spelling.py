"""Compares names of places by their letters alone: spaces, hyphens and one wrong letter do not matter."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from search.query import Place
from search.understanding.normalize import fold
from search.understanding.spelling import LONG, MOST, edit_distance, sound

SHORTEST = 4  # letters, from which a wrong one is forgiven
FAR_END = 8  # only so many letters are left out of, so that the index stays small
LIKE_ENOUGH = 0.25  # trigrams shared
MOST_OF_VOWELS = 2  # faults, in the vowels of a town that everybody has heard of
WELL_KNOWN = 20_000  # inhabitants
HEARD_OF = 5_000  # inhabitants, from which a name is known by how it sounds: "Annessy"

# How people write parts of names.
SHORTHAND = {"st": "saint", "ste": "sainte", "sts": "saints", "mt": "mont", "s": "sur", "ss": "sous", "lez": "les",
             "hte": "haute", "htes": "hautes", "ht": "haut", "gd": "grand", "gde": "grande"}  # fmt: skip
ARTICLES = ("les", "la", "le", "l")
AREA_KINDS = frozenset(["ca", "cc", "cu", "metropole", "communaute", "de", "du", "d", "des", "la", "le", "les", "l"])


class PlaceSpellings:
    """The names of places, found as they are written or nearly so. Places are given biggest first."""

    def __init__(self) -> None:
        self._by_letters: dict[str, list[Place]] = defaultdict(list)
        self._ranks: dict[tuple[str, str], int] = {}  # 0 for the name a place bears today, 1 for others
        self._by_sound: dict[str, set[str]] = defaultdict(set)
        self._by_consonants: dict[str, set[str]] = defaultdict(set)
        self._by_rest: dict[str, list[str]] = defaultdict(list)
        self._by_trigram: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, tuple[frozenset[str], Place]] = {}

    def add(self, place: Place, names: Iterable[str], plain_name: Sequence[str] = ()) -> None:
        """Learn how a place is called, in full or short, today's name first. plain_name: the words to liken it by."""
        for rank, name in enumerate(names):
            whole = letters(name)
            for form in dict.fromkeys((whole, letters(_without_article(name)))):
                self._ranks.setdefault((form, place.label), min(rank, 1))
                if place not in self._by_letters[form]:
                    self._by_letters[form].append(place)
                if place.population >= HEARD_OF:
                    self._by_sound[sound(form)].add(form)
                if place.population >= WELL_KNOWN:
                    self._by_consonants[_consonants(form)].add(form)
                if len(self._by_letters[form]) == 1 and len(form) >= SHORTEST - 1:
                    for rest in _rests(form):
                        self._by_rest[rest].append(form)
        if plain_name:
            trigrams = frozenset(_trigrams(plain_name))
            self._names[place.insee_code] = trigrams, place
            for trigram in trigrams:
                self._by_trigram[trigram].add(place.insee_code)

    def written(self, text: str) -> list[Place]:
        """Return the places whose names have these very letters: "lisle d'abeau", "saintetienne"."""
        return list(self._by_letters.get(letters(text), ()))

    def near(self, text: str) -> list[tuple[int, Place]]:
        """Return (faults, place) of those whose names have a letter wrong, or two beyond LONG letters; likest first.

        A name that sounds the same counts as one fault. Among equals, today's names first, then the biggest; a wrong
        first letter is less likely than another. Of three letters, only towns HEARD_OF are found.
        """
        form = letters(text)
        if len(form) < SHORTEST - 1:
            return []
        allowed = 1 if len(form) < LONG else 2
        forms = {known for rest in _rests(form) for known in self._by_rest.get(rest, ())}
        if allowed > 1:
            forms |= {letters(place.name) for place in self._like(_trigrams([fold(text)]), 60)}
        costs = {known: _faults(form, known) for known in forms if abs(len(known) - len(form)) <= allowed + 2}
        costs |= dict.fromkeys(self._by_sound.get(sound(form), ()), 1)
        if not any(cost <= allowed for cost in costs.values()):  # « Rouane »: the same consonants, its vowels wrong
            alike = self._by_consonants.get(_consonants(form), ())
            costs |= {known: allowed for known in alike if _faults(form, known) <= MOST_OF_VOWELS}
        found = sorted(
            (cost, known[0] != form[0], self._ranks[known, place.label], bool(place.area), -_weight(place), place.label)
            for known, cost in costs.items()
            if cost <= allowed
            for place in self._by_letters[known]
            if len(form) > SHORTEST - 1
            or (_weight(place) >= HEARD_OF and known[0] == form[0] and not self._ranks[known, place.label])
        )
        by_label = {place.label: place for known in costs for place in self._by_letters[known]}
        best: dict[str, int] = {}
        for cost, *_, label in found:
            best.setdefault(label, cost)
        return [(cost, by_label[label]) for label, cost in best.items()]

    def alike(self, words: Sequence[str], count: int = 4) -> list[Place]:
        """Return the places whose names share most letters with the words, likest first, biggest among equals."""
        asked = _trigrams(words)

        def likeness(place: Place) -> float:
            trigrams, _ = self._names[place.insee_code]
            return 2 * len(asked & trigrams) / (len(asked) + len(trigrams))

        near = [place for place in self._like(asked, 60) if likeness(place) > LIKE_ENOUGH]
        near.sort(key=lambda place: (-round(likeness(place), 1), -place.population))
        return near[:count]

    def _like(self, asked: set[str], count: int) -> list[Place]:
        shared: dict[str, int] = defaultdict(int)
        for trigram in asked:
            for code in self._by_trigram.get(trigram, ()):
                shared[code] += 1
        return [self._names[code][1] for code in sorted(shared, key=lambda code: -shared[code])[:count]]


def _faults(form: str, known: str) -> int:
    """Return how many letters are wrong; letters written once that are double, or twice, are one fault together."""
    faults = edit_distance(form, known)
    return faults if faults < 2 else min(faults, edit_distance(_undoubled(form), _undoubled(known)) + 1)


def _undoubled(form: str) -> str:
    return "".join(letter for at, letter in enumerate(form) if letter != form[at - 1 : at])


def _weight(place: Place) -> int:
    return place.population if place.insee_code else MOST  # a department is thought of before a town


def letters(text: str) -> str:
    """Return the letters and digits of a text, parts of names written out: "St-Étienne" -> "saintetienne"."""
    parts = "".join(letter if letter.isalnum() and letter.isascii() else " " for letter in fold(text)).split()
    return "".join(SHORTHAND.get(part, part) for part in parts)


def _consonants(form: str) -> str:
    """Return the consonants of a name, double ones once, its first letter kept: "roanne" -> "rn"."""
    kept = form[:1] + "".join(letter for letter in form[1:] if letter not in "aeiouy")
    return _undoubled(kept)


def _without_article(name: str) -> str:
    first, _, rest = fold(name).replace("'", " ").replace("-", " ").partition(" ")
    return rest if first in ARTICLES and rest else name


def _rests(form: str) -> set[str]:
    """Return a name's beginning, and what is left of it without one letter."""
    beginning = form[:FAR_END]
    return {beginning, *(beginning[:index] + beginning[index + 1 :] for index in range(len(beginning)))}


def _trigrams(words: Sequence[str]) -> set[str]:
    padded = f"  {' '.join(words)} "
    return {padded[index : index + 3] for index in range(len(padded) - 2)}
