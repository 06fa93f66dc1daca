"""From what a visitor typed to what is asked: "fromager a st etienne" -> fromageries, in Saint-Étienne."""

from dataclasses import dataclass

from search.gazetteer import Gazetteer
from search.query import LAST_PAGE, Place, Query, Within
from search.words import LONGEST_TEXT, MOST_WORDS, telling, words_of

# "à Privas" says where; "de Privas" may be part of what is looked for, as in « clairette de Die ».
_OF = frozenset(["d", "de", "des", "du"])
_NEAR = frozenset(["autour", "cote", "environs", "pres", "proche"])
_AT = frozenset(["a", "au", "aux", "chez", "dans", "en", "sur", "vers"])
_WHOLE_REGION = ({"auvergne", "rhone", "alpes"}, {"auvergne"}, {"region"}, {"partout"})


class Unreadable(ValueError):
    """The question cannot be answered; its message, in French, says how to mend it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was understood.

    query: what to ask, of merchants; other kinds replace ``kind``.
    what: what was typed, without the place.
    others: places of the same name as the one taken, biggest first.
    unknown_place: what « Où ? » holds when no place is called so, else "". spellings: places written much alike.
    """

    query: Query
    what: str = ""
    others: tuple[Place, ...] = ()
    unknown_place: str = ""
    spellings: tuple[Place, ...] = ()


def parse(gazetteer: Gazetteer, q: str = "", where: str = "", category: str = "", page: str = "") -> Reading:
    """Return how a question is understood. Raises Unreadable for a page that cannot be.

    q, where, category, page: as typed, whatever they hold; an unknown category is no filter.
    """
    number = _page_number(page)
    q, where = _legible(q), _legible(where)
    words, within = words_of(q)[:MOST_WORDS], Within.ANYWHERE
    asked_where = words_of(where)[: MOST_WORDS * 2]
    if set(asked_where) - {"la", "toute"} in _WHOLE_REGION:
        asked_where = []

    typed, before, binding = _place_in(gazetteer, words)
    found = gazetteer.find(asked_where) if asked_where else typed
    if found and (asked_where or binding):
        within = Within.PLACE
    if binding and found:  # « fromage st etienne »; « Où ? » decides where both say it
        q, words = _head(q, before), before

    told = telling(words)
    guesses, start, end = gazetteer.categories(told)
    query = Query(
        words=told,
        phrase=tuple(words),
        guesses=guesses,
        rest=told[:start] + told[end:],
        category=category if category in gazetteer.aisles else "",
        place=found[0] if found else None,
        within=within,
        page=number,
    )
    if asked_where and not found:
        return Reading(query, q, unknown_place=where, spellings=tuple(gazetteer.spelled_like(asked_where)))
    return Reading(query, q, others=tuple(found[1:6]) if within else ())


def _legible(text: str) -> str:
    """Return the part of a text that is read, on one line, without control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_TEXT]).split())


def _head(text: str, words: list[str]) -> str:
    """Return the beginning of a text that holds these words, as it was typed."""
    pieces = text.split()
    heads = (" ".join(pieces[:count]) for count in range(len(pieces) + 1))
    return next((head for head in heads if words_of(head) == words), " ".join(words))


def _page_number(page: str) -> int:
    if not page:
        return 1
    if not (page.isascii() and page.isdecimal() and len(page) < 9):
        raise Unreadable("Ce numéro de page n’en est pas un. Revenez à la première page de la recherche.")
    if not 1 <= int(page) <= LAST_PAGE:
        raise Unreadable(f"Les pages vont de 1 à {LAST_PAGE}. Précisez votre recherche pour trouver plus vite.")
    return int(page)


def _place_in(gazetteer: Gazetteer, words: list[str]) -> tuple[list[Place], list[str], Within]:
    """Return the places that end a question, the words before them, and how strictly the place is meant."""
    for start, word in enumerate(words):
        found = gazetteer.find(words[start:]) if word not in _OF | _AT else []
        if not found:
            continue
        before = words[:start]
        link = before[-1] if before else ""
        if link not in _AT and gazetteer.is_everyday(words[start:], found[0]):
            continue
        if link in _OF and not _NEAR & set(before[-3:-1]):
            # « clairette de Die », « vin de Savoie »: where it is from, not where to look.
            return found, words, Within.ANYWHERE
        return found, _without_link(before), Within.PLACE
    return [], words, Within.ANYWHERE


def _without_link(words: list[str]) -> list[str]:
    """Leave out what led to the place: « fromager à », « apiculteur près de », « maraîcher autour de »."""
    while words and words[-1] in _OF | _AT | _NEAR | {"la", "le", "les"}:
        words = words[:-1]
    return words
