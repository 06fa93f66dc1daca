"""Parses « Où ? »: "12 cours du Palais, 07000 Privas", "près de Die", "villeurbane" -> a place, or none.

A text is read in steps, the surest first: as the name or code of a place; without the words around it; by its postal
code; part by part between commas; as an address; last with a letter wrong. What no step understands is no place, and
never the whole region.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from search.query import RADII, Place
from search.understanding import place_writing
from search.understanding.gazetteer import BIG_TOWN, LONGEST_NAME, Gazetteer, is_full_name
from search.understanding.inflection import singular
from search.understanding.joined_places import together
from search.understanding.normalize import LONGEST_TEXT, SMALL_WORDS, words_of
from search.understanding.outside import outside_instead, outside_places
from search.understanding.place_tokens import SMALL, code_at, is_department, linkless, names_beside, padded, tokens_of
from search.understanding.place_words import AFTER, BEFORE, NEARBY, STREETS, is_here, is_whole_region
from search.understanding.wordlists import everyday_words

NEAR = 20  # kilometres that « près de » means
OFFERED = 4  # places to choose from

_OR = re.compile(r"\b(?:et|ou)\b")


@dataclass(frozen=True, slots=True)
class TypedPlace:
    """How a typed place was understood.

    places: those it may be, likeliest first; () if none. radius: kilometres around the first, 0 for inside it.
    is_literal: these are its very words; False where some were left out or mended, which the page then says.
    near_me: around the visitor, whose position the text does not tell. is_region: all of the region.
    outside: a place that is not in the region. offered: the nearest towns of the region to that; where nothing is
    understood, the names likest to what was typed.
    """

    places: tuple[Place, ...] = ()
    radius: int = 0
    is_literal: bool = True
    near_me: bool = False
    is_region: bool = False
    outside: Place | None = None
    offered: tuple[Place, ...] = ()


Lookup = Callable[[Sequence[str]], list[Place]]  # from folded words to the places they name


def read_place(gazetteer: Gazetteer, text: str) -> TypedPlace:
    """Return how a text that only says where is understood: any text is, one without a word as nothing."""
    text = text[:LONGEST_TEXT]
    words = words_of(text)
    if not words:
        return TypedPlace()
    if is_whole_region(words):
        return TypedPlace(is_region=True)
    if is_here(" ".join(tokens_of(text)).replace("'", " ")):
        return TypedPlace(near_me=True)
    return _Reader(gazetteer).read(text, words)


def beyond(gazetteer: Gazetteer, outside: Place, namesakes: Sequence[Place] = ()) -> TypedPlace:
    """Return a place that is not in the region, with the nearest towns of it, one of the same name first."""
    near = gazetteer.nearest(outside.point) if outside.point else []
    return TypedPlace(outside=outside, offered=tuple(dict.fromkeys([*namesakes[:1], *near])))


class _Reader:
    """The steps, for one text."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._known = gazetteer
        self._is_lenient = False  # a letter may be wrong
        self._hints: list[str] = []  # codes elsewhere in the text, which tell namesakes apart
        self._radius = 0

    def read(self, text: str, words: list[str]) -> TypedPlace:
        """Return how a text is understood. words: its own."""
        if found := self._known.find(words):  # a name as it is written is believed, whatever it looks like
            return self._unless_outside(text, found) or TypedPlace(tuple(found))
        written, self._radius = place_writing.where_alone(text)
        parts = [tokens for part in place_writing.segments(written) if (tokens := tokens_of(part))]
        whole = [token for part in parts for token in part]
        understood = self._parts(parts) or self._one(whole) or self._choice(whole) or self._address(whole)
        if not understood:
            self._is_lenient = True
            understood = self._parts(parts) or self._one(whole)
        if not understood and (begun := self._known.beginning_with(words)):  # « Lalevade »
            return TypedPlace(tuple(begun), is_literal=False)
        return understood or TypedPlace(offered=tuple(self._likest(words, whole)))

    def _parts(self, parts: Sequence[list[str]]) -> TypedPlace | None:
        """Read what commas part, from the last on: "12 cours du Palais, Privas, Ardèche, France".

        A code or a department that stands alone tells the others' namesakes apart.
        """
        if len(parts) < 2:
            return None
        coded = [self._hint(part) for part in parts]
        self._hints = [hint for hint in coded if hint]
        named = [part for part, hint in zip(parts, coded, strict=True) if not hint and not self._is_beside(part)]
        understood = next(filter(None, map(self._one, reversed(named))), None)
        if understood and understood.places:  # « Privas / Aubenas »
            also = [found[0] for part in named if (found := self._exact(part))]
            understood = replace(understood, places=tuple(dict.fromkeys([*understood.places, *also])))
        elif understood and understood.outside and not understood.outside.population:  # « Toulouse, Haute-Garonne »
            city = next(filter(None, (outside_places().named(" ".join(part)) for part in named)), understood.outside)
            understood = beyond(self._known, city, understood.offered)
        self._hints = []
        return understood

    def _choice(self, tokens: list[str]) -> TypedPlace | None:
        """Read places of which each will do: « Lyon ou Vienne », « entre Privas et Aubenas »."""
        pieces = [piece.split() for piece in _OR.split(" ".join(tokens))]
        found = [self._peeled(piece)[0][:1] for piece in pieces]
        if len(pieces) < 2 or not all(found):
            return None
        said = [place for places in found for place in places]
        joined = together(self._known, said)
        return TypedPlace((joined, *said)) if joined else self._told(said)

    def _one(self, tokens: list[str]) -> TypedPlace | None:
        """Read one part: a name among words that are none of it, or a code with the town beside it."""
        alone = linkless(tokens)
        if not self._exact(alone) and (outside := outside_places().named(" ".join(alone))):
            return beyond(self._known, outside)  # « Pays de la Loire » is none of the towns called Loire
        found, is_near = self._peeled(tokens)
        if found:
            return self._unless_outside(" ".join(tokens), found) or self._told(found, is_near)
        return self._by_code(tokens) or self._by_border(tokens)

    def _peeled(self, tokens: Sequence[str], look: Lookup | None = None) -> tuple[list[Place], bool]:
        """Return what is called so once the words around a name are gone, and whether one of them says « near »."""
        look = look or (self._mended if self._is_lenient else self._exact)
        first = next((at for at, token in enumerate(tokens) if token not in BEFORE), len(tokens))
        last = next((at for at in range(len(tokens), 0, -1) if tokens[at - 1] not in AFTER), 0)
        spans = [(start, end) for start in range(first + 1) for end in range(max(last, start + 1), len(tokens) + 1)]
        for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):  # the fewest words left out
            if found := look(tokens[start:end]):
                return found, bool(NEARBY & {*tokens[:start], *tokens[end:]})
        return [], False

    def _by_code(self, tokens: list[str]) -> TypedPlace | None:
        """Read a code with the town beside it: the town says where, the code which of its namesakes."""
        for at in reversed(range(len(tokens))):
            if not (code := code_at(tokens, at)):
                continue
            before, after = tokens[:at], tokens[at + 1 :]
            for look in (self._exact, self._mended):
                allowed = partial(self._allowed, look, code)
                for name in names_beside(before, after):
                    found, is_near = self._peeled(name, allowed)
                    if found:
                        return self._told(found, is_near)
            if beyond := self._coded_outside(code, before, after):
                return beyond
            if len(code) == 5 and self._known.coded(code):  # « 26000 Grenoble »: a name is wrong less often
                called, _ = self._peeled(after or before)
                return self._told(list(dict.fromkeys([*called, *self._known.coded(code)])))
        return None

    def _allowed(self, look: Lookup, code: str, tokens: Sequence[str]) -> list[Place]:
        return self._known.agreeing(look(tokens), code)

    def _coded_outside(self, code: str, before: list[str], after: list[str]) -> TypedPlace | None:
        """Return the place outside that a code or the name beside it says, the town here of that name after it."""
        named = next(filter(None, (outside_places().named(" ".join(part)) for part in (after, before) if part)), None)
        coded = outside_places().coded(code)
        if len(code) == 2 and not coded:
            return None
        is_same = named and (not coded or coded.department_code in ("", named.department_code))
        if not (outside := named if is_same else coded):
            return None
        return beyond(self._known, outside, self._exact(after or before) if after or before else [])

    def _by_border(self, tokens: Sequence[str]) -> TypedPlace | None:
        """Read a place outside, without the words around it: a name, or the number of a department alone."""
        named = outside_places().near if self._is_lenient else outside_places().named
        while tokens:
            alone = (
                outside_places().coded(tokens[0].zfill(2)) if len(tokens) == 1 and is_department(tokens[0]) else None
            )
            if outside := alone or named(" ".join(tokens)):
                return beyond(self._known, outside)
            if tokens[-1] in AFTER:
                tokens = tokens[:-1]
            elif tokens[0] in BEFORE or tokens[0].isdigit():
                tokens = tokens[1:]
            else:
                break
        return None

    def _address(self, tokens: list[str]) -> TypedPlace | None:
        """Read the town at the end of an address without a code, or before its street: "12 cours du Palais Privas"."""
        street = next((at for at, token in enumerate(tokens) if token in STREETS or token.isdigit()), None)
        if street is None:
            return None
        for start in range(street + 2, len(tokens)):
            if tokens[start - 1] in SMALL | {"saint", "sainte"}:  # « rue de Lyon » is a street
                continue
            found = self._exact(tokens[start:])
            if found and (found[0].population >= BIG_TOWN or _is_told_in_full(tokens[start:], found[0])):
                return self._told(found)
            if outside := outside_places().named(" ".join(tokens[start:])):
                return beyond(self._known, outside)
        found, _ = self._peeled(tokens[:street])
        return self._told(found) if found else None

    def _exact(self, tokens: Sequence[str]) -> list[Place]:
        """Return the places that tokens name, those that a code or department elsewhere in the text allows first."""
        text = " ".join(tokens)
        words = words_of(text)
        if text.isdigit():
            return self._known.coded(padded(text)) if len(text) in (1, 2, 4, 5) else []
        found = self._known.find(words) or self._known.spellings.written(text)
        for hint in self._hints:
            found = self._known.agreeing(found, hint) or found
        return found

    def _mended(self, tokens: Sequence[str]) -> list[Place]:
        """Return the towns that tokens name but for a letter; a word that means something is no fault."""
        text = " ".join(tokens)
        words = words_of(text)
        if (
            set(words) <= SMALL_WORDS
            or tokens[0] in SMALL
            or len(words) > LONGEST_NAME
            or any(word.isdigit() for word in words)
        ):
            return []
        if len(words) == 1 and (self._known.is_trade_word(words[0]) or words[0] in everyday_words()):
            return self._known.find([singular(words[0])]) or self._known.find([f"{words[0]}s"])
        found = [place for _, place in self._known.spellings.near(text)]
        for hint in self._hints:
            found = self._known.agreeing(found, hint)
        return found[: OFFERED + 1]

    def _hint(self, tokens: Sequence[str]) -> str:
        """Return the code that a part is and nothing else, a postal code's or a department's; else ""."""
        if len(tokens) == 1 and tokens[0].isdigit() and len(tokens[0]) != 3:
            code = padded(tokens[0])
            return code if self._known.coded(code) else ""
        while tokens:
            found = self._known.find(words_of(" ".join(tokens)))
            if found and not found[0].insee_code:
                return found[0].department_code
            if found or tokens[0] not in BEFORE:
                break
            tokens = tokens[1:]
        return ""

    def _is_beside(self, tokens: list[str]) -> bool:
        """Return whether a part of an address is its street, the region or the country."""
        if is_whole_region(words_of(" ".join(tokens))):
            return True
        has_street = bool(STREETS & set(tokens)) or (tokens[0].isdigit() and len(tokens[0]) < 4)
        return has_street and not any(code_at(tokens, at) for at in range(len(tokens))) and not self._exact(tokens)

    def _told(self, found: Sequence[Place], is_near: bool = False) -> TypedPlace:
        told = next((radius for radius in RADII if radius >= self._radius), RADII[-1]) if self._radius else 0
        radius = told or (NEAR if is_near else 0)
        return TypedPlace(tuple(found), radius if found[0].point else 0, is_literal=False)

    def _unless_outside(self, text: str, found: Sequence[Place]) -> TypedPlace | None:
        """Return the place outside that is more likely meant than what was found here; None if none is."""
        outside = outside_instead(text, found[0], self._is_lenient)
        return beyond(self._known, outside, found) if outside else None

    def _likest(self, words: Sequence[str], tokens: Sequence[str]) -> Iterator[Place]:
        """Yield what may be meant where nothing is understood: the towns and departments said, then likely names."""
        said = [found for token in tokens if len(token) > 2 and (found := self._exact([token]))]
        codes = [code[:2] for at in range(len(tokens)) if (code := code_at(list(tokens), at))]
        known = [found[0] for found in said if found[0].population >= BIG_TOWN]
        known += [department for code in codes for department in self._known.coded(code)]
        yield from list(dict.fromkeys([*known, *self._known.spelled_like(words)]))[:OFFERED]


def _is_told_in_full(tokens: Sequence[str], place: Place) -> bool:
    """Return whether the end of an address is the whole name of a village, and no word of every day."""
    words = words_of(" ".join(tokens))
    return is_full_name(words, place) and (len(words) > 1 or words[0] not in everyday_words())
