"""Corrects the spelling of one word.

A word is only corrected when nothing known is spelled so: not under SHORTEST letters, one fault up to LONG letters and
two beyond, the first letter kept (or its sound), never with a figure in it. It is found by what is left of it without a
letter or two (a delete-neighbourhood), and by how it sounds; nothing is compared with the whole list.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from search.understanding.inflection import singular

SHORTEST = 5  # letters
LONG = 9  # letters, from which two faults are forgiven
ALIKE = 0.5  # of a fault: sounds the same, is written otherwise
MOST = 10_000_000  # weighs more than the inhabitants of any town
FAR_END = 8  # only so many letters are left out of, so that the index stays small

# How French writes one sound several ways, on folded words; longer spellings first.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"eau|au", "o"),
        (r"(?:ai|ei)(?![nm])", "e"),
        (r"(?:ai|ei|i|y)[nm](?![aeiouynm])", "1"),
        (r"[ae][nm](?![aeiouynm])", "2"),
        (r"qu|q|ck|k|cc?(?![eiyh])", "k"),
        (r"sc(?=[eiy])|c(?=[eiy])|ss|(?<=[aeiou])t(?=ion)", "s"),
        (r"gu(?=[eiy])", "G"),
        (r"g(?=[eiy])", "j"),
        (r"y", "i"),
        (r"(?<!c)h", ""),
        (r"(?:er|ez|ee)$", "e"),
        (r"(.)\1+", r"\1"),
        (r"(?<=..)[esxtdp]+$", ""),
    )
]
_DOUBLED = re.compile(r"(.)\1+")


class Speller:
    """Corrects words from those it was given.

    spellings: words of what is sold. places: words of places' names, with the inhabitants of the biggest so called.
    """

    places: frozenset[str]

    def __init__(self, spellings: Iterable[str], places: Mapping[str, int]) -> None:
        self._weights = {word: weight for word, weight in places.items() if _is_corrigible(word)}
        self.places = frozenset(self._weights)
        # What is sold comes before where, among equals.
        self._weights |= {word: MOST for word in spellings if _is_corrigible(word)}
        self._spelled: dict[str, set[str]] = defaultdict(set)  # known words by what is compared with them
        self._by_rest: dict[str, list[str]] = defaultdict(list)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for word in self._weights:
            for form in {word, singular(word)} if self._is_sold(word) else {word}:
                self._spelled[form].add(word)
        for form in self._spelled:
            self._by_sound[sound(form)].append(form)
            for rest in _rests(form):
                self._by_rest[rest].append(form)

    def correct(self, word: str) -> str:
        """Return the known word that a folded, unknown word was meant to be; the word itself if none is near."""
        near = self.near(word)
        return min(near, key=lambda known: (near[known], self.order(word, known)), default=word)

    def near(self, word: str) -> dict[str, float]:
        """Return the known words that a folded, unknown word may have been meant to be, each with its faults.

        It is looked up in the singular, so that it and its plural are corrected alike; a name has no plural.
        """
        if not _is_corrigible(word):
            return {}
        near: dict[str, float] = {}
        for asked in {singular(word), word}:  # « yssingaux » is no plural
            alike = {form for rest in _rests(asked) for form in self._by_rest.get(rest, ()) if form[0] == asked[0]}
            costs = {form: float(edit_distance(asked, form)) for form in alike}
            for form in self._by_sound.get(sound(asked), ()):
                costs[form] = min(ALIKE, costs.get(form, ALIKE))
            for form, cost in costs.items():
                names = {known for known in self._spelled[form] if asked == singular(word) or not self._is_sold(known)}
                for known in names if cost <= edits_allowed(asked) else ():
                    near[known] = min(cost, near.get(known, cost))
        return near

    def _is_sold(self, known: str) -> bool:
        return self._weights[known] == MOST

    def order(self, word: str, known: str) -> tuple[float, int, int, str]:
        """Return what decides among words as near: a letter doubled or not, then how much they are asked for."""
        word, form = singular(word), singular(known) if self._is_sold(known) else known
        return (_undoubled(word) != _undoubled(form), edit_distance(word, form), -self._weights[known], known)


def edits_allowed(word: str) -> int:
    """Return how many faults a word of this length may hold."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < LONG else 2


def edit_distance(a: str, b: str) -> int:
    """Return the letters to add, drop, change or swap with their neighbour to get from one word to the other."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def sound(word: str) -> str:
    """Return how a folded word sounds, roughly: "farmacie" and "pharmacie" share theirs."""
    for pattern, written in _SOUNDS:
        word = pattern.sub(written, word)
    return word


def _undoubled(word: str) -> str:
    return _DOUBLED.sub(r"\1", word)


def _is_corrigible(word: str) -> bool:
    return len(singular(word)) >= SHORTEST and word.isalpha()


def _rests(word: str) -> set[str]:
    """Return what is left of a word's beginning without up to as many letters as faults are allowed."""
    rests = layer = {word[:FAR_END]}
    for _ in range(edits_allowed(word)):
        layer = {rest[:index] + rest[index + 1 :] for rest in layer for index in range(len(rest))}
        rests = rests | layer
    return rests
