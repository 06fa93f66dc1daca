"""Corrects the spelling of a query, each word together with its neighbours.

« huiles essentelles » is huiles essentielles, « lavevaisselle » a lave-vaisselle, « quin caillerie » one word.
Where the other words already say what is looked for, an unknown word is only taken for a place's, or for one that
makes a known phrase with its neighbours.
"""

from collections.abc import Sequence

from search.query import Query
from search.understanding.gazetteer import LONGEST_NAME, Gazetteer
from search.understanding.normalize import words_of
from search.understanding.place_spelling import letters

JOINS = 0.9  # of a fault: makes a known phrase or a place's name with its neighbours
SHORTEST_WHOLE = 6  # letters; shorter words are not put together from two


def corrected(gazetteer: Gazetteer, q: str, query: Query) -> str:
    """Return a question with its words spelled as known ones; the pieces that hold no fault are left as typed.

    query: how the question was understood as typed.
    """
    pieces = _together(gazetteer, q.split())
    words = [words_of(piece) for piece in pieces]
    for index, those in enumerate(words):
        for position, word in enumerate(those):
            if not gazetteer.knows(word):
                before = [one for some in words[:index] for one in some] + those[:position]
                after = those[position + 1 :] + [one for some in words[index + 1 :] for one in some]
                those[position] = _meant(gazetteer, word, before, after, query)
    return " ".join(
        " ".join(those) if those != words_of(piece) else piece for those, piece in zip(words, pieces, strict=True)
    )


def _together(gazetteer: Gazetteer, pieces: Sequence[str]) -> list[str]:
    """Return the pieces of a question with those put together that are two halves of a known word: "quin caillerie"."""
    put: list[str] = []
    for piece in pieces:
        halves = words_of(f"{put[-1]} {piece}") if put else []
        whole = "".join(halves)
        is_apart = len(halves) == 2 and not all(gazetteer.knows(half) for half in halves)
        if is_apart and (name := gazetteer.apart(letters(f"{put[-1]} {piece}"))):  # "lisle d'abeau"
            put[-1] = name
        elif is_apart and whole.isalpha() and len(whole) >= SHORTEST_WHOLE and gazetteer.knows(whole):
            put[-1] = whole
        else:
            put.append(piece)
    return put


def _meant(gazetteer: Gazetteer, word: str, before: Sequence[str], after: Sequence[str], query: Query) -> str:
    if apart := gazetteer.apart(word):
        return apart
    speller = gazetteer.speller
    near = speller.near(word)
    joining = {known for known in near if _joins(gazetteer, before, known, after)}
    if query.inferred:
        near = {known: cost for known, cost in near.items() if known in joining or known in speller.places}
    return min(
        near, key=lambda known: (near[known] - JOINS * (known in joining), speller.order(word, known)), default=word
    )


def _joins(gazetteer: Gazetteer, before: Sequence[str], word: str, after: Sequence[str]) -> bool:
    """Return whether a word makes a known phrase, or the name of a place, with the words beside it."""
    words, at = [*before, word, *after], len(before)
    if gazetteer.lexicon.covers(words, at, at + 1):
        return True
    starts = range(max(0, at - LONGEST_NAME + 1), at + 1)
    return any(
        gazetteer.find(words[start:end])
        for start in starts
        if gazetteer.may_begin(words[start])
        for end in range(max(at + 1, start + 2), min(len(words), start + LONGEST_NAME) + 1)
    )
