"""Finds the name that an unknown one was meant to be: « biocop valmi » is Biocoop Valmy, « chez Papitof » Chez Papytof.

Names are looked up in IndexedEntry, whichever engine answers, so that both answer alike.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from django.db import connection

from search.query import Kind, Naming, Place
from search.understanding.gazetteer import Gazetteer
from search.understanding.normalize import SMALL_WORDS, words_of
from search.understanding.parse import ParsedQuery
from search.understanding.spelling import edit_distance, edits_allowed
from search.understanding.wordlists import everyday_words

BEGINS = 3  # letters of a word by which names are looked for
MOST_WORDS = 5
MOST_NAMES = 300
ALIKE = 0.75  # of two words, beside a word that is right
SHARED = 0.6  # of the letters of a name, and of what was typed


def nearly_named(gazetteer: Gazetteer, reading: ParsedQuery) -> str:
    """Return the one name that a question's words were meant to be; "" where none is near, or all are known.

    reading: as typed. One statement, and only where a word is neither known nor in anybody's name.
    """
    query = reading.query
    said = [word for word in words_of(reading.what) if word not in SMALL_WORDS]
    own = [word for word in said if not gazetteer.lexicon.is_trade(word)][:MOST_WORDS]
    unknown = [word for word in own if word in query.unexplained and word not in everyday_words()]
    wishes = reading.wishes
    if not unknown or query.naming != Naming.ALL or wishes.unanswered or wishes.excluded or wishes.refused:
        return ""
    names = _names(own, query.place if query.within else None)
    if any(set(own) <= set(words_of(name)) for name in names):
        return ""  # somebody is called so
    likeness = {name: _likeness(gazetteer, own, name) for name in names}
    best = max(likeness, key=lambda name: (likeness[name], name), default="")
    return best if best and likeness[best] >= SHARED else ""


def _names(words: Sequence[str], place: Place | None) -> list[str]:
    """Return the names in which two of the words begin one each, or the only one does."""
    begun = sorted({word[:BEGINS] for word in words if len(word) >= BEGINS and word.isalnum()})
    pairs = [f"({one}:*A & {other}:*A)" for at, one in enumerate(begun) for other in begun[at + 1 :]]
    if len(begun) == 1:
        pairs = [f"{begun[0]}:*A"]
    if not pairs:
        return []
    where = "and places && %(towns)s" if place and (place.towns or place.insee_code) else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select distinct document->>'title' from regional_search_indexedentry
            where kind = any(%(kinds)s) and not deleted and vector @@ to_tsquery('simple', %(begun)s) {where}
            order by 1 limit {MOST_NAMES}""",
            {
                "kinds": [Kind.MERCHANT, Kind.PRODUCT],
                "begun": " | ".join(pairs),
                "towns": list(place.towns or (place.insee_code,)) if place else [],
            },
        )
        return [name for (name,) in cursor.fetchall()]


def _likeness(gazetteer: Gazetteer, typed: Sequence[str], name: str) -> float:
    """Return how much of a name and of what was typed is the same, the lesser of the two; 0 for strangers."""
    named = [word for word in words_of(name) if word not in SMALL_WORDS and not gazetteer.lexicon.is_trade(word)]
    if not named:
        return 0
    is_alone = len(typed) == 1
    pairs = [(word, known) for word in typed for known in named if _are_alike(word, known, is_alone)]
    shared_typed = sum(map(len, {word for word, _ in pairs})) / sum(map(len, typed))
    shared_named = sum(map(len, {known for _, known in pairs})) / sum(map(len, named))
    return min(shared_typed, shared_named)


def _are_alike(word: str, known: str, is_alone: bool) -> bool:
    if word == known or edit_distance(word, known) <= edits_allowed(word):
        return True
    return not is_alone and SequenceMatcher(None, word, known).ratio() >= ALIKE
