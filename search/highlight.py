"""What one looked for, marked where it stands in a text."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.query import Query
from search.words import fold, singular

LONG = 5  # letters from which a word also marks the longer ones that begin with it: « boulanger » in « boulangerie »

_WORD = re.compile(r"(\w+)")


def marked(text: str, query: Query) -> SafeString:
    """Return the text as safe HTML, with <mark> around the words of the query."""
    asked = {singular(word) for word in query.words}
    if not asked:
        return mark_safe(escape(text))
    beginnings = tuple(word for word in asked if len(word) >= LONG)
    pieces = [
        f"<mark>{escape(piece)}</mark>" if _is_asked(piece, asked, beginnings) else escape(piece)
        for piece in _WORD.split(text)
    ]
    return mark_safe("".join(pieces))


def _is_asked(piece: str, asked: set[str], beginnings: tuple[str, ...]) -> bool:
    word = singular(fold(piece))
    return word in asked or word.startswith(beginnings)
