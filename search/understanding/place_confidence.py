"""How surely words of a question that name a place mean it: "lyon", "à Four", "au four", "clairette de Die".

One table of rules, of which the first that applies decides; test_place_confidence.py has an example of each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from search.query import Place, Within
from search.understanding.gazetteer import BIG_TOWN, Gazetteer, is_full_name
from search.understanding.normalize import SMALL_WORDS, fold
from search.understanding.terms import told

OF = frozenset(["d", "de", "des", "du"])
NEAR = frozenset(["alentours", "autour", "cote", "environs", "loin", "pres", "proche", "proximite", "secteur"])
AT = frozenset(["a", "au", "aux", "chez", "dans", "en", "entre", "sur", "vers"])
AREAS = frozenset(["agglo", "canton", "commune", "departement", "dept", "ville"])
KINDS = frozenset(["quartier", "village", "hameau", "bourg"])
# Numbers that measure something: "taille 38", "pour 42", "5 kg", "15 pouces".
MEASURED = frozenset(["taille", "pointure", "t", "pour", "lot", "numero", "n", "de", "x", "en", "iphone", "optic"])

WELL_KNOWN = 10_000  # inhabitants, from which a short form that is a word too is thought of: Romans


@dataclass(frozen=True)
class Span:
    """words[start:end] of a question, which name a place. edges: where what counts of the words begins and ends."""

    gazetteer: Gazetteer
    text: str
    words: Sequence[str]
    start: int
    end: int
    place: Place
    edges: tuple[int, int]

    @cached_property
    def name(self) -> Sequence[str]:
        return self.words[self.start : self.end]

    @cached_property
    def link(self) -> str:
        """The word before, or ""."""
        return self.words[self.start - 1] if self.start else ""

    @cached_property
    def is_number(self) -> bool:
        return len(self.name) == 1 and self.name[0].isdigit() and len(self.name[0]) < 5

    @cached_property
    def is_measured(self) -> bool:
        return self.link in MEASURED - {"en"} or self.end < self.edges[1]

    @cached_property
    def is_near(self) -> bool:
        leads = self.link in OF or self.link in NEAR
        return leads and not NEAR.isdisjoint(self.words[max(0, self.start - 3) : self.start])

    @cached_property
    def is_everyday(self) -> bool:
        """Whether the name is an everyday word too: four, romans."""
        return self.gazetteer.is_everyday(self.name, self.place)

    @cached_property
    def is_full_name(self) -> bool:
        return is_full_name(self.name, self.place)

    @cached_property
    def is_of(self) -> bool:
        return self.link in OF or f"d'{self.name[0]}" in fold(self.text)

    @cached_property
    def is_in_a_good(self) -> bool:
        """Whether the words are part of the name of something sold: « noix de Grenoble », « pot au feu »."""
        leads = self.is_of or self.link in AT or self.is_everyday
        return self.gazetteer.lexicon.covers(self.words, self.start, self.end) and leads

    @cached_property
    def is_big(self) -> bool:
        return self.place.population >= BIG_TOWN

    @cached_property
    def is_hinted_good(self) -> bool:
        """Whether a name told apart by its department is, without it, the name of something sold."""
        cut = next((index for index, word in enumerate(self.name) if index and word in AT), 0)
        return bool(cut) and self.gazetteer.lexicon.means(self.name[:cut])

    @cached_property
    def is_a_trade_s_town(self) -> bool:
        """Whether it follows a trade, and is the full name of a town and of something sold: « fromager Beaufort »."""
        lexicon = self.gazetteer.lexicon
        return bool(self.start) and lexicon.is_trade(self.link) and self.is_full_name and lexicon.means(self.name)

    @cached_property
    def is_elsewhere(self) -> bool:
        """Whether a town's name that is a word too has nothing to do with what is looked for: "cocotte romans"."""
        if self.place.population < WELL_KNOWN and not self.is_full_name:
            return False
        around = [*self.words[: self.start], *self.words[self.end :]]
        others, name = (self.gazetteer.lexicon.guess(told(list(part))).slugs for part in (around, self.name))
        return bool(others) and set(others).isdisjoint(name)

    @cached_property
    def is_good_of_its_village(self) -> bool:
        """« beaufort » is the cheese of its village, but « chapeau » and « chapeaux » are one question."""
        lexicon = self.gazetteer.lexicon
        return self.is_full_name and lexicon.means(self.name) and not lexicon.has_two_numbers(self.name)

    @cached_property
    def is_known(self) -> bool:
        """« de quartier » is no village."""
        return self.is_big or not self.place.insee_code

    @cached_property
    def is_owned_by_a_trade(self) -> bool:
        owner = next((word for word in reversed(self.words[: self.start]) if word not in SMALL_WORDS), "")
        return self.gazetteer.lexicon.is_trade(owner)


@dataclass(frozen=True)
class Rule:
    """One way to name a place. within: how strictly it is then meant. confidence: from 0, not meant, to 4."""

    name: str
    applies: Callable[[Span], bool]
    within: Within
    confidence: float


def _not_meant(name: str, applies: Callable[[Span], bool]) -> Rule:
    return Rule(name, applies, Within.ANYWHERE, 0)


def _may_be_a_word(span: Span) -> bool:
    return span.is_everyday and not span.is_a_trade_s_town


RULES = (
    _not_meant(  # « dans le quartier des Ormes » is in no village called Le Quartier
        "kind of place",
        lambda s: s.name[-1] in KINDS and bool(s.words[s.end : s.end + 1]) and s.words[s.end] in OF,
    ),
    Rule("department", lambda s: s.is_number and len(s.name[0]) == 2 and not s.is_measured, Within.PLACE, 3),
    _not_meant("quantity", lambda s: s.is_number),
    Rule("near", lambda s: s.is_near, Within.RADIUS, 4),
    Rule(
        "area of",
        lambda s: s.link in OF and not AREAS.isdisjoint(s.words[max(0, s.start - 2) : s.start]),
        Within.PLACE,
        3.5,
    ),
    Rule("postal code", lambda s: s.name[0].isdigit() and len(s.name[0]) == 5, Within.PLACE, 4),
    Rule(
        "at, with the town's article",
        lambda s: s.link in ("au", "aux") and s.is_big and s.place.name.startswith(("Le ", "Les ")),
        Within.PLACE,
        3.5,
    ),
    Rule(
        "at an everyday word",
        lambda s: s.is_everyday and s.link == "a" and s.is_full_name and not s.is_in_a_good,
        Within.PLACE,
        3.5,
    ),
    _not_meant("in an everyday word", lambda s: s.is_everyday and s.link in AT and not s.place.area),
    Rule("at", lambda s: s.link in AT, Within.PLACE, 3.5),
    Rule(
        "part of a good",
        lambda s: s.is_in_a_good and (not s.is_everyday or s.place.population >= WELL_KNOWN),
        Within.ANYWHERE,
        0.5,
    ),
    Rule("village of a good", lambda s: s.is_in_a_good and s.is_full_name and len(s.name) > 1, Within.ANYWHERE, 0.4),
    _not_meant("everyday part of a good", lambda s: s.is_in_a_good),
    _not_meant("good of a department", lambda s: not s.is_everyday and not s.is_big and s.is_hinted_good),
    _not_meant(
        "everyday word of something",
        lambda s: s.is_everyday and not s.start and bool(s.words[s.end : s.end + 1]) and s.words[s.end] in OF,
    ),
    Rule(
        "good of its village",
        lambda s: _may_be_a_word(s) and not s.is_elsewhere and s.is_good_of_its_village,
        Within.ANYWHERE,
        0.4,
    ),
    _not_meant("everyday word", lambda s: _may_be_a_word(s) and not s.is_elsewhere),
    Rule("small town that is a word", lambda s: _may_be_a_word(s) and not s.is_big, Within.ANYWHERE, 0.4),
    Rule("of, after a trade", lambda s: s.is_of and s.is_owned_by_a_trade and s.is_known, Within.PLACE, 2.8),
    Rule("of", lambda s: s.is_of, Within.ANYWHERE, 0.6),
    Rule("last", lambda s: s.end >= s.edges[1], Within.PLACE, 3),
    Rule("first", lambda s: s.start <= s.edges[0], Within.PLACE, 2.5),
    Rule("known, in between", lambda s: s.is_known, Within.PLACE, 2),
    _not_meant("unknown, in between", lambda s: True),
)


def rule_of(span: Span) -> Rule:
    """Return the first rule that applies."""
    return next(rule for rule in RULES if rule.applies(span))
