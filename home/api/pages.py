"""Pages of a list, by a cursor: the key of the last row told. What comes or goes meanwhile shifts nothing."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from portal.jsonld import absolute

MOST = 200  # rows in a page
USUAL = 50


def page_of(request: HttpRequest, rows: Iterable[Any], number: int, key: str) -> dict[str, Any]:
    """Return a page and where the next is. rows: ``number`` + 1 of them, if there are; key: of each, what orders it."""
    told = list(rows)
    following = None
    if len(told) > number:
        told = told[:number]
        asked = request.GET.copy()
        asked["apres"] = str(told[-1][key])
        following = absolute(f"{request.path}?{asked.urlencode()}")
    return {"resultats": told, "suivant": following}
