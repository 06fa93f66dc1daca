"""What one looked for: the passage of a text that holds it, marked where it stands."""

import re
from functools import lru_cache
from itertools import islice

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.query import Query
from search.words import singular

LONG = 5  # letters from which a word also marks the longer ones that begin with it: « boulanger » in « boulangerie »
PASSAGE = 160  # characters
BEFORE = 50  # characters shown before the first word found
MOST_FOUND = 60  # words found in one text that are weighed

_VARIANTS = {"a": "aàâäáã", "c": "cç", "e": "eéèêë", "i": "iîïí", "n": "nñ", "o": "oôöóõ", "u": "uùûüú", "y": "yÿ"}
_LIGATURES = {"oe": "(?:œ|oe)", "ae": "(?:æ|ae)"}


def marked(text: str, query: Query) -> SafeString:
    """Return the text as safe HTML, with <mark> around the words of the query."""
    if not query.words:
        return mark_safe(escape(text))
    pieces = _asked(_sought(query)).split(text)  # what lies between, then a word found, in turn
    return mark_safe(
        "".join(f"<mark>{escape(piece)}</mark>" if turn % 2 else escape(piece) for turn, piece in enumerate(pieces))
    )


def passage(text: str, query: Query, instead: str) -> str:
    """Return the passage of a text that holds most of the words asked, or ``instead`` if none does or it does too."""
    if not query.words or not text:
        return instead
    asked = _asked(_sought(query))
    if asked.search(instead):
        return instead
    found = [(match.start(), singular(match[0].casefold())) for match in islice(asked.finditer(text), MOST_FOUND)]
    if not found:
        return instead
    start, _ = max(found, key=lambda one: (len({word for at, word in found if 0 <= at - one[0] < PASSAGE}), -one[0]))
    first = 0 if start <= BEFORE else text.rfind(" ", 0, start - BEFORE) + 1
    last = len(text) if len(text) <= first + PASSAGE else text.rfind(" ", first, first + PASSAGE)
    return f"{'… ' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def _sought(query: Query) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for wording in query.wordings for word in wording.words))


@lru_cache(maxsize=256)
def _asked(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern, with one group, of folded words as they stand in a text: accented, in the plural."""
    return re.compile(rf"\b({'|'.join(sorted(map(_written, words), key=len, reverse=True))})\b", re.IGNORECASE)


def _written(word: str) -> str:
    root = singular(word)
    letters = re.sub("oe|ae|.", lambda match: _LIGATURES.get(match[0]) or _letter(match[0]), root)
    if len(root) >= LONG:
        return rf"{letters}\w*" if not root.endswith("al") else rf"(?:{letters}|{letters[:-1]}ux)\w*"
    return f"{letters}[sx]?"


def _letter(letter: str) -> str:
    return f"[{_VARIANTS[letter]}]" if letter in _VARIANTS else letter
