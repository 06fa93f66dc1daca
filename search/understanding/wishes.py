"""Reads what a question wishes beside what and where: "ouvert dimanche matin", "moins de 20 €", "livré", "sans sucre".

What the search can filter by becomes a filter and leaves the words. What is refused ("pas de pizza") leaves out.
What nobody records ("halal") stays among the words, to be looked for, and is told. wish_patterns.py has the wording.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from search.open_hours import AHEAD
from search.query import SERVICES
from search.understanding import wish_patterns as patterns
from search.understanding.inflection import base_form
from search.understanding.normalize import SMALL_WORDS, words_of
from search.understanding.opening_wishes import OpeningWish, days_until, opening_wish
from search.understanding.wordlists import Unanswered, out_of_scope, unrecorded


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a question wishes. positions: of its words that say so, and are not looked for.

    opening: when to be open. price: as Query.price. cheap: the cheapest first. collect, delivers, step_free, label:
    as in Query; label_positions: of the words that name the label, looked for where the filter leaves nobody.
    excluded: base forms that the name must not hold, of what is looked for as « sans sucre »; refused: those that are
    left out altogether, « pas de pizza ». unrecorded: what nobody records, as the page says it.
    to_be_said: the words that say so, folded. unanswered: what is not of this site, or None; unanswered_phrase: the
    base forms of the words that say that.
    """

    positions: frozenset[int] = frozenset()
    opening: OpeningWish | None = None
    price: str = ""
    cheap: bool = False
    collect: bool = False
    delivers: bool = False
    step_free: bool = False
    label: str = ""
    label_positions: frozenset[int] = frozenset()
    excluded: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()
    to_be_said: frozenset[str] = frozenset()
    unanswered: Unanswered | None = None
    unanswered_phrase: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether one of them is a filter, which may leave nobody."""
        return bool(self.opening or self.price or self.label or any(getattr(self, name) for name in SERVICES))

    @property
    def services(self) -> dict[str, bool]:
        return {name: getattr(self, name) for name in SERVICES}


NONE = Wishes()


def read_wishes(words: Sequence[str]) -> Wishes:
    """Return what the folded words of a question wish."""
    return _Reader(words).read()


@dataclass
class _Reader:
    """One question. taken: positions of words that say a wish already."""

    words: Sequence[str]
    taken: set[int] = field(default_factory=set)

    def read(self) -> Wishes:
        line = " ".join(self.words)
        unanswered, phrase = _unanswered(line)
        found: dict[str, Any] = {"unanswered": unanswered, "unanswered_phrase": phrase}
        if not (found["unanswered"] and found["unanswered"].keeps):
            found |= self._unrecorded()
        found["opening"] = self._date(line, found) or self._opening(line)
        found["price"], found["cheap"] = self._price(line)
        for service, pattern in patterns.SERVICES.items():
            found[service] = any(self._take(match) for match in pattern.finditer(line))
        wishes = Wishes(**found)
        refused = list(self._excluded())
        wishes = replace(
            wishes,
            excluded=tuple(word for word, is_refused in refused if not is_refused),
            refused=tuple(word for word, is_refused in refused if is_refused),
        )
        label, positions = self._label(line)
        return replace(wishes, label=label, label_positions=positions, positions=frozenset(self.taken))

    def _take(self, match: Any) -> bool:
        """Take the words of a match, unless one of them says another wish already."""
        first = len(match.string[: match.start()].split())
        span = set(range(first, first + len(match[0].split())))
        if span & self.taken:
            return False
        self.taken |= span
        return True

    def _opening(self, line: str) -> OpeningWish | None:
        for match in patterns.OPENING.finditer(line):
            before = line[: match.start()].split()[-1:]
            wish = opening_wish(match.groupdict())
            if wish and not (before and before[0] in patterns.OF_A_DAY and not match["open"]) and self._take(match):
                return wish
        return None

    def _date(self, line: str, found: dict[str, Any]) -> OpeningWish | None:
        """Return the date a question names, if opening hours are known as far ahead; else add that they are not."""
        if not (match := patterns.DATE.search(line)) or not self._take(match):
            return None
        month = patterns.MONTHS.index(match["month"])
        ahead = days_until(match["date"].removesuffix("er"), month + 1)
        if ahead is None:
            return None
        if ahead < AHEAD:
            return OpeningWish(ahead=ahead)
        told = f"horaires du {match['date']} {patterns.MONTHS_SAID[month]}"
        found["unrecorded"] = (*found.get("unrecorded", ()), f"{told}, jour férié ou non")
        return None

    def _price(self, line: str) -> tuple[str, bool]:
        for pattern in patterns.PRICES:
            for match in pattern.finditer(line):
                low, high = match.groupdict().get("low"), match.groupdict().get("high")
                if self._take(match):
                    return f"{int(low or 0)}-{int(high) if high else ''}", False
        cheap = [self._take(match) for match in patterns.CHEAP.finditer(line)]  # each of them is taken
        return "", any(cheap)

    def _label(self, line: str) -> tuple[str, frozenset[int]]:
        for match in patterns.LABEL.finditer(line):
            before = set(range(len(self.words))) & self.taken
            if self._take(match):
                label = {"aoc": "aop", "biologique": "bio", "biologiques": "bio"}.get(match["label"], match["label"])
                return label, frozenset(self.taken - before)
        return "", frozenset()

    def _excluded(self) -> Iterator[tuple[str, bool]]:
        """Yield (what no name may hold, whether it is refused altogether).

        « pas de pizza » leaves the words, « sans sucre » stays to be looked for as such.
        """
        for position, word in enumerate(self.words):
            if position in self.taken or not (word == "sans" or self._refuses(position)):
                continue
            first = position + 1
            while first < len(self.words) and self.words[first] in SMALL_WORDS:
                first += 1
            if first == len(self.words) or self.words[first] in patterns.REFUSES_NOTHING or first in self.taken:
                continue
            yield base_form(self.words[self._last_of(first)]), word != "sans"
            if word != "sans":
                start = position - (position > 0 and self.words[position - 1] in ("mais", "et", "surtout", "plutot"))
                self.taken |= set(range(start, first + 1))

    def _last_of(self, first: int) -> int:
        """Return the position of the word that says which: of « huile de palme », the palm."""
        is_of = self.words[first + 1 : first + 2] in (["de"], ["d"]) and first + 2 < len(self.words)
        return first + 2 if is_of else first

    def _refuses(self, position: int) -> bool:
        word, before = self.words[position], self.words[position - 1] if position else ""
        after = self.words[position + 1] if position + 1 < len(self.words) else ""
        if word == "pas":
            return before not in patterns.STEPS and after not in patterns.REFUSES_NOTHING
        if word == "hors":
            return bool(before) and after not in patterns.OUTSIDE_OF_NOTHING
        if word == "part":
            return before == "a" and position > 1
        return word in ("sauf", "excepte", "exceptes", "hormis") or (word in ("autre", "autres") and after == "que")

    def _unrecorded(self) -> dict[str, Any]:
        told, positions = [], set()
        for start in range(len(self.words)):
            for phrase, name in _unrecorded_phrases():
                end = start + len(phrase)
                if start not in positions and tuple(map(base_form, self.words[start:end])) == phrase:
                    told.append(name)
                    positions |= {at for at in range(start, end) if at > start or not self._is_head(at)}
        return {"unrecorded": tuple(dict.fromkeys(told)), "to_be_said": frozenset(self.words[at] for at in positions)}

    def _is_head(self, position: int) -> bool:
        """Return whether a word of an unrecorded wish says who is looked for: « restaurant italien »."""
        return self.words[position] in patterns.HEADS or self.words[position] in SMALL_WORDS


@lru_cache(maxsize=1)
def _unrecorded_phrases() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return (base forms of a phrase, how the page says it), the longest first."""
    known = [(tuple(map(base_form, words_of(phrase))), name) for phrase, name in unrecorded()]
    return tuple(sorted(known, key=lambda one: -len(one[0])))


def _unanswered(line: str) -> tuple[Unanswered | None, tuple[str, ...]]:
    """Return what a question may ask that is not of this site, and the base forms that say so: the first, the longest.

    Whether it does is told by the other words, see parse.py: « essence de lavande » asks for something sold.
    """
    said = tuple(base_form(word) for word in line.split() if word not in SMALL_WORDS)
    for start, first in enumerate(said):
        for form, answer in _unanswered_phrases().get(first, ()):
            if said[start : start + len(form)] == form:
                return answer, form
    return None, ()


@lru_cache(maxsize=1)
def _unanswered_phrases() -> dict[str, list[tuple[tuple[str, ...], Unanswered]]]:
    """Return (base forms of a phrase, what to say), the longest first, by the first word."""
    begun: dict[str, list[tuple[tuple[str, ...], Unanswered]]] = {}
    for phrase, answer in out_of_scope():
        form = tuple(map(base_form, phrase.split()))
        begun.setdefault(form[0], []).append((form, answer))
    return {first: sorted(phrases, key=lambda one: -len(one[0])) for first, phrases in begun.items()}
