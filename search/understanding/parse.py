"""Parses what a visitor typed into a query: "fromager a st etienne" -> fromageries, in Saint-Étienne."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.query import LAST_PAGE, Place, Query, Within, Wording
from search.understanding import terms
from search.understanding.correction import corrected
from search.understanding.gazetteer import Gazetteer
from search.understanding.lexicon import MOST_GUESSES, MOST_SUBSTITUTES, InferredCategory
from search.understanding.normalize import LONGEST_TEXT, MOST_WORDS, content_words, words_of
from search.understanding.place_mentions import Mention, joined_codes, mention
from search.understanding.place_writing import plain
from search.understanding.synonyms import SynonymMatch
from search.understanding.typed_place import NEAR, TypedPlace, beyond, read_place


class Unreadable(ValueError):
    """The question cannot be answered; its message, in French, says how to mend it."""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """How a question was understood.

    query: what to ask, of merchants; other kinds replace ``kind``.
    what: what was typed, without the place.
    others: places of the same name as the one taken, biggest first.
    unknown_place: what « Où ? » holds when no place is called so, else "". outside: the place asked for, if it is not
    in the region. spellings: what to choose from then: names written much alike, or the nearest towns of the region.
    near_me: around the visitor, whose position nobody has told.
    read_as_place: what « Où ? » holds where the place taken is not its very words, else "".
    text: the whole question. corrected: the same question with its unknown words spelled as known ones, if that makes
    a difference; see ``spelling`` for when it is the one to answer.
    """

    query: Query
    what: str = ""
    others: tuple[Place, ...] = ()
    unknown_place: str = ""
    outside: Place | None = None
    spellings: tuple[Place, ...] = ()
    near_me: bool = False
    read_as_place: str = ""
    text: str = ""
    corrected: "ParsedQuery | None" = None

    @property
    def is_unplaced(self) -> bool:
        """Whether it asks for a place, and nobody can tell which in the region."""
        return bool(self.unknown_place or self.outside or self.near_me)


def parse(gazetteer: Gazetteer, q: str = "", where: str = "", category: str = "", page: str = "") -> ParsedQuery:
    """Return how a question is understood. Raises Unreadable for a page that cannot be.

    q, where, category, page: as typed, whatever they hold; an unknown category is no filter.
    """
    number = _page_number(page)
    q, where = joined_codes(gazetteer, plain(_legible(q))), _legible(where)
    filters = Query(category=category if category in gazetteer.categories else "", page=number)
    there = read_place(gazetteer, where)
    reading = _read(gazetteer, q, where, there, filters)
    spelled = corrected(gazetteer, q, reading.query)
    return replace(reading, corrected=_read(gazetteer, spelled, where, there, filters)) if spelled != q else reading


def _read(gazetteer: Gazetteer, q: str, where: str, there: TypedPlace, filters: Query) -> ParsedQuery:
    """Return how a question is understood. there: how « Où ? » is."""
    words = words_of(q)[:MOST_WORDS]
    named = mention(gazetteer, q, words)
    is_asked = bool(where) and not there.is_region  # « Où ? » decides where both say it
    if not is_asked:
        there = _said(gazetteer, named)
    found = there.places
    within = (Within.RADIUS if there.radius else Within.PLACE) if is_asked else named.within
    if (named.within and found) or named.near_me or named.is_region or named.outside:
        q, words = _without(q, words, named), list(named.others)

    own, guess = _worded(gazetteer, words)
    query = replace(
        filters,
        words=own.words,
        phrase=own.phrase,
        inferred=guess.slugs,
        unexplained=own.unexplained,
        related=guess.related,
        place=found[0] if found else None,
        within=within if found else Within.ANYWHERE,
        radius=there.radius or filters.radius,
    )
    if exchange := gazetteer.synonyms.exchange(words):
        query = _expand(gazetteer, query, exchange)
    is_unknown = is_asked and not (found or there.near_me or there.outside)
    return ParsedQuery(
        query,
        q,
        others=tuple(found[1:6]) if found and within else (),
        unknown_place=where if is_unknown else "",
        outside=there.outside,
        spellings=there.offered,
        near_me=there.near_me,
        read_as_place=where if found and not there.is_literal else "",
        text=q,
    )


def _said(gazetteer: Gazetteer, named: Mention) -> TypedPlace:
    """Return the place that a question names by itself."""
    if named.outside:
        return beyond(gazetteer, named.outside, named.places)
    return TypedPlace(named.places, NEAR if named.within == Within.RADIUS else 0, near_me=named.near_me)


def _worded(gazetteer: Gazetteer, words: Sequence[str]) -> tuple[Wording, InferredCategory]:
    """Return what is looked for, said in folded words without the place, and the categories they lead to."""
    told = content_words(words)
    guess = gazetteer.lexicon.guess(terms.told(words)) if told else InferredCategory()
    rest = (word for place, word in enumerate(told) if place not in guess.explained and not _measures(word))
    return Wording(told, tuple(words), tuple(rest)), guess


def _expand(gazetteer: Gazetteer, query: Query, exchange: SynonymMatch) -> Query:
    """Return a query that a synonym's words answer as well. It says what, never where: they name no place.

    An editor knows better than the lists what a word means here: the categories of an editor's words come first.
    """
    wording, guess = _worded(gazetteer, exchange.words)
    slugs = tuple(dict.fromkeys((*guess.slugs, *query.inferred)))[:MOST_GUESSES]
    others = dict.fromkeys((*guess.related, *query.related))
    return replace(
        query,
        inferred=slugs,
        related=tuple(slug for slug in others if slug not in slugs)[:MOST_SUBSTITUTES],
        synonym=replace(wording, typed=exchange.phrase, meaning=exchange.meaning),
    )


def _measures(word: str) -> bool:
    """Return whether a word is a number or a unit: « 5 kg » says how much, no entry needs to hold it."""
    return not word.isalpha() or len(word) < 3


def _without(q: str, words: list[str], named: Mention) -> str:
    """Return a question without the words that say where, the others as they were typed."""
    pieces, kept, position = q.split(), [], 0
    if [word for piece in pieces for word in words_of(piece)][:MOST_WORDS] != words:
        return " ".join(named.others)
    for piece in pieces:
        own = words_of(piece)
        left = [word for index, word in enumerate(own, position) if index not in named.positions]
        if len(left) == len(own):
            kept.append(piece)
        elif left:  # « miel/Vichy »
            kept.append(" ".join(left))
        position += len(own)
    while kept and not words_of(kept[0]):
        kept = kept[1:]
    while kept and not words_of(kept[-1]):
        kept = kept[:-1]
    return " ".join(kept).strip(",;:/ ")


def _legible(text: str) -> str:
    """Return the part of a text that is read, on one line, without control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_TEXT]).split())


def _page_number(page: str) -> int:
    if not page:
        return 1
    if not (page.isascii() and page.isdecimal() and len(page) < 9):
        raise Unreadable("Ce numéro de page n’en est pas un. Revenez à la première page de la recherche.")
    if not 1 <= int(page) <= LAST_PAGE:
        raise Unreadable(f"Les pages vont de 1 à {LAST_PAGE}. Précisez votre recherche pour trouver plus vite.")
    return int(page)
