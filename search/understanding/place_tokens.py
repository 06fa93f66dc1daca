"""Tokens of a typed place, and which of them are postal or INSEE codes."""

import re
from collections.abc import Iterator, Sequence

from search.understanding.gazetteer import LONGEST_NAME
from search.understanding.normalize import fold
from search.understanding.outside import OVERSEAS
from search.understanding.place_words import NEARBY, OF, STREETS
from search.understanding.place_writing import DISTRICTED

MOST_TOKENS = 24
SMALL = OF | {"a", "au", "aux", "en", "l", "la", "le", "les"}  # names are learnt without them too

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")


def tokens_of(text: str) -> list[str]:
    """Return the folded words of a text, their apostrophes kept: "L’Isle-d’Abeau" -> l'isle, d'abeau."""
    return _TOKEN.findall(fold(text))[:MOST_TOKENS]


def code_at(tokens: list[str], at: int) -> str:
    """Return the code that a token is, its lost zero put back, or "": five figures, or a department's at an end."""
    token = tokens[at]
    if not token.isdigit():
        return ""
    is_house = at + 1 < len(tokens) and tokens[at + 1] in STREETS
    if len(token) == 5 or (len(token) == 4 and not is_house):
        return padded(token)
    is_last = at == len(tokens) - 1 and at > 0 and not STREETS & set(tokens) and tokens[at - 1] not in DISTRICTED
    return token if is_last and len(token) == 2 else ""


def padded(code: str) -> str:
    """Return a code with the zero that a spreadsheet took: "1000" -> "01000", "7" -> "07"."""
    return code.zfill(2 if len(code) < 3 else 5)


def names_beside(before: list[str], after: list[str]) -> Iterator[list[str]]:
    """Yield what may be the town's name beside its code, the longest first; no street's name before it."""
    for end in range(min(len(after), LONGEST_NAME), 0, -1):
        yield after[:end]
    has_street = bool(STREETS & set(before))
    for start in range(max(0, len(before) - LONGEST_NAME), len(before)):
        if not has_street or (start and before[start - 1] not in OF):
            yield before[start:]


def is_department(token: str) -> bool:
    """Return whether a token has the form of a department's number: "71", "5", "2a", "974"."""
    return len(token) == 2 or (len(token) == 1 and token.isdigit()) or (len(token) == 3 and token[:2] in OVERSEAS)


def linkless(tokens: Sequence[str]) -> Sequence[str]:
    """Return tokens without the small words that lead to a name: "en Bretagne", "près de la Suisse"."""
    while len(tokens) > 1 and tokens[0] in SMALL | NEARBY | {"dans"}:
        tokens = tokens[1:]
    return tokens
