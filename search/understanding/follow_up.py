"""Reads a question that goes on from the one before: « et à Aussois ? » after « boulangerie », « qui livrent ».

The form of a results page sends the question before along. What leans on it is put behind what it asked; what stands
by itself is left as typed.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from search.understanding.gazetteer import Gazetteer
from search.understanding.normalize import LONGEST_TEXT, MOST_WORDS, SHOPPING_WORDS, SMALL_WORDS, fold, words_of
from search.understanding.parse import MOST_WORDS_SAID, parse, without
from search.understanding.place_mentions import mention
from search.understanding.wishes import Wishes, read_wishes

BEFORE = "avant"  # the parameter that holds the question before
LONGEST = 12  # words of a question that leans on another

_OPENERS = frozenset(words_of("alors bon bah ben donc et mais ok oui ou plutot sinon surtout"))
_THOSE = frozenset(words_of("celui celle ceux celles"))
_REFUSES = frozenset(["non"])
# What opens a question that has no subject of its own: « avec terrasse », « en farine », « qui livrent ».
_GOES_ON = frozenset(words_of("avec sans en pour qui")) | _THOSE | _REFUSES
_ONE = frozenset(words_of("un une des"))
# Says nothing of what is sold: « c’est combien au kilo », « un fermier normal », « plus haut ».
_FILLERS = frozenset(words_of("combien coute coutent kilo kg normal normale normaux ordinaire plutot soit"))
_FARTHER = re.compile(r"(?:un peu )?plus (?:haut|bas|loin|près|pres)\b[ ,]*", re.IGNORECASE)
_UNSAID = _FILLERS | frozenset(words_of("cote coin haut bas ici juste loin moins plus possible voir"))
_LINKS = frozenset(words_of("d de du des la le les l a au aux un une"))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The question to read. q, where: as if typed so. before: the one it leans on, "" where it stands by itself."""

    q: str
    where: str
    before: str = ""


def follow_up(gazetteer: Gazetteer, q: str, where: str, before: str) -> FollowUp:
    """Return what a question asks that comes from the page of another. before: what that one asked, "" for none.

    A place that the words name counts before « Où ? », which still holds that of the page.
    """
    q, before = q[:LONGEST_TEXT], before[:LONGEST_TEXT]
    words = words_of(q)
    if not before.strip() or not words or words == words_of(before):
        return FollowUp(q, where)
    tail, is_those = _tail(q)
    told = _at_place(gazetteer, tail) if is_those else tail
    wishes = read_wishes(words)
    refused = wishes.refused
    named = mention(gazetteer, told, words_of(told)[:MOST_WORDS])
    is_elsewhere = (named.within and named.places) or named.outside or named.near_me
    elsewhere = "" if is_elsewhere and not refused else where
    if not _leans(gazetteer, q, words):
        return FollowUp(q, elsewhere)
    subject = _without(_unwished(before, wishes).split(), {*refused, *_FILLERS})
    return FollowUp(f"{subject} {told}".strip(), elsewhere, before=before)


def _unwished(before: str, now: Wishes) -> str:
    """Return the question before without its hours and prices, where others are asked for now."""
    said = words_of(before)[:MOST_WORDS_SAID]
    wished = read_wishes(said)
    if not ((now.opening and wished.opening) or (now.price and wished.price)):
        return before
    return without(before, said, wished.positions - wished.label_positions, MOST_WORDS_SAID)


def _leans(gazetteer: Gazetteer, q: str, words: Sequence[str]) -> bool:
    """Return whether a question has no subject of its own."""
    if len(words) > LONGEST:
        return False
    alone = parse(gazetteer, q)
    if alone.wishes.unanswered:
        return False
    opened = _after_openers(words)
    if opened[:1] and (opened[0] in _GOES_ON or (opened[0] in _ONE and opened[1:2] == ["qui"])):
        return True
    left = set(words_of(alone.what)) - SMALL_WORDS - SHOPPING_WORDS - _UNSAID - _OPENERS
    return not left and not alone.near_me


def _after_openers(words: Sequence[str]) -> list[str]:
    start = next((at for at, word in enumerate(words) if word not in _OPENERS), len(words))
    return list(words[start:])


def _tail(q: str) -> tuple[str, bool]:
    """Return what a question adds to another, and whether it is one of those: « celui d’alpage » -> « d’alpage »."""
    pieces = _FARTHER.sub("", q).split()
    while pieces and set(words_of(pieces[0])) <= _OPENERS | _REFUSES:
        pieces = pieces[1:]
    is_those = bool(pieces) and fold(pieces[0]) in _THOSE
    if is_those or (len(pieces) > 1 and fold(pieces[0]) in _ONE and fold(pieces[1]) == "qui"):
        pieces = pieces[1:]
    return _without(pieces, _FILLERS), is_those


def _at_place(gazetteer: Gazetteer, tail: str) -> str:
    """Return « à la Croix-Rousse » for « de la Croix-Rousse », where all of it names a place."""
    words = words_of(tail)
    start = next((at for at, word in enumerate(words) if word not in _LINKS), len(words))
    name = " ".join(words[start:])
    return f"à {name}" if start and name and gazetteer.find(words[start:]) else tail


def _without(pieces: Sequence[str], left_out: Collection[str]) -> str:
    """Return a text without some words, nor what led to them: « poulet de Bresse » -> « poulet »."""
    kept: list[str] = []
    for piece in pieces:
        if set(words_of(piece)).isdisjoint(left_out):
            kept.append(piece)
            continue
        while kept and words_of(kept[-1]) and set(words_of(kept[-1])) <= _LINKS:
            kept.pop()
    return " ".join(kept)
