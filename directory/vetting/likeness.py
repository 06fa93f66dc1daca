"""Whether two names, addresses or websites are one, however they are written."""

import re
from urllib.parse import urlsplit

from portal.slugs import slug_of

_ABBREVIATIONS = {
    "all": "allee", "av": "avenue", "bd": "boulevard", "bvd": "boulevard", "ch": "chemin", "che": "chemin",
    "crs": "cours", "fg": "faubourg", "imp": "impasse", "ld": "lieu-dit", "pl": "place", "qu": "quai", "r": "rue",
    "rte": "route", "sq": "square", "st": "saint", "ste": "sainte",
}  # fmt: skip
_EMPTY = {"d", "de", "des", "du", "l", "la", "le", "les"}  # the register leaves them out, or does not


def alike(one: str, other: str) -> bool:
    """Return whether two names may be of one shop: all words of the shorter are in the longer."""
    first, second = set(slug_of(one).split("-")) - {""}, set(slug_of(other).split("-")) - {""}
    return bool(first and second) and (first <= second or second <= first)


def street(address: str) -> str:
    """Return an address as two of them are compared: « 12, bd. Voltaire » and « 12 BOULEVARD VOLTAIRE » are one."""
    words = [_ABBREVIATIONS.get(word, word) for word in slug_of(address).split("-")]
    return " ".join(word for word in words if word and word not in _EMPTY)


def host(address: str) -> str:
    return re.sub(r"^www\.", "", (urlsplit(address).hostname or "").lower())
