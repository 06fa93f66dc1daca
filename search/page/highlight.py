"""Extracts the passage of a text that matches, and marks the words."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.query import Query, Wording
from search.understanding.inflection import base_form, irregular_plurals
from search.understanding.normalize import words_of
from search.understanding.terms import in_terms, terms

LONG = 5  # letters from which a word also marks the longer ones that begin with it: « boulanger » in « boulangerie »
PASSAGE = 160  # characters
BEFORE = 50  # characters shown before the first word found
MOST_FOUND = 60  # words found in one text that are weighed
SENSE = 40  # characters before a word that tell whether it is denied: « sans gluten »

_VARIANTS = {"a": "aàâäáã", "c": "cç", "e": "eéèêë", "i": "iîïí", "n": "nñ", "o": "oôöóõ", "u": "uùûüú", "y": "yÿ"}
_LIGATURES = {"oe": "(?:œ|oe)", "ae": "(?:æ|ae)"}
_OTHER_ENDINGS = {"teur": 4, "eur": 2, "ail": 2, "al": 1}  # letters that other forms of the word do without


def marked(text: str, query: Query) -> SafeString:
    """Return the text as safe HTML, with <mark> around the words of the query."""
    pieces: list[str] = []
    end = 0
    for start, stop, _ in _found(text, query):
        pieces += escape(text[end:start]), f"<mark>{escape(text[start:stop])}</mark>"
        end = stop
    return mark_safe("".join([*pieces, escape(text[end:])]))


def passage(text: str, query: Query, instead: str) -> str:
    """Return the passage of a text that holds most of the words asked, or ``instead`` if none does or it does too."""
    if not query.words or not text or next(_found(instead, query), None):
        return instead
    found = [(start, term) for start, _, term in islice(_found(text, query), MOST_FOUND)]
    if not found:
        return instead
    start, _ = max(found, key=lambda one: (len({term for at, term in found if 0 <= at - one[0] < PASSAGE}), -one[0]))
    first = 0 if start <= BEFORE else text.rfind(" ", 0, start - BEFORE) + 1
    last = len(text) if len(text) <= first + PASSAGE else text.rfind(" ", first, first + PASSAGE)
    return f"{'… ' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def _found(text: str, query: Query) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, term) of each word of a text that is asked for, in whatever number."""
    if not query.words:
        return
    wanted, roots, candidates = _sought(query.wordings)
    for match in candidates.finditer(text):
        start, end = match.span()
        told = terms(words_of(text[max(0, start - SENSE) : end]))
        if told and (told[-1] in wanted or told[-1].startswith(roots)):
            yield start, end, told[-1]


@lru_cache(maxsize=256)
def _sought(wordings: tuple[Wording, ...]) -> tuple[frozenset[str], tuple[str, ...], re.Pattern[str]]:
    """Return the terms asked for, what longer words may begin with, and the pattern of words that may be them."""
    wanted = frozenset(term for wording in wordings for term in in_terms(wording).words)
    roots = tuple(term for term in wanted if len(term) >= LONG and term[-1] != "s")  # « fraise » is not « frais »
    return wanted, roots, _candidates({word for wording in wordings for word in wording.words})


def _candidates(words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of words that may be forms of folded words, accented or not; ``terms`` tells which are."""
    forms = {form for word in words for form in (word, base_form(word), *irregular_plurals(base_form(word)))}
    beginnings = {_shared(form) for form in forms}
    return re.compile(rf"\b(?:{'|'.join(sorted(map(_written, beginnings)))})\w*", re.IGNORECASE)


def _shared(word: str) -> str:
    """Return what all forms of a word begin with: "cheva" of "cheval", "crea" of "createur"."""
    dropped = next((count for ending, count in _OTHER_ENDINGS.items() if word.endswith(ending)), 0)
    return word[:-dropped] if dropped else word


def _written(beginning: str) -> str:
    return re.sub("oe|ae|.", lambda match: _LIGATURES.get(match[0]) or _letter(match[0]), beginning)


def _letter(letter: str) -> str:
    return f"[{_VARIANTS[letter]}]" if letter in _VARIANTS else letter
