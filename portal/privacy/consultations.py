"""Who of the staff opened or exported personal data: noted from what each page of an office really reads.

The register names columns that tell of people (``Holding.watched``); a page of an office whose queries read one of them
is noted, so that a page made tomorrow is noted as well. Accounts are read by every page: those are noted by address.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponseBase

from portal.privacy.models import Consultation
from portal.privacy.register import holdings

View = Callable[[HttpRequest], HttpResponseBase]

ACCOUNTS = {"/gestion/users/": "comptes"}

log = structlog.get_logger(__name__)


def noted(get_response: View) -> View:
    """Middleware: note the pages of the offices that read what the register watches."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(settings.OFFICE_PREFIXES) or not request.user.is_authenticated:
            return get_response(request)
        read = {name for start, name in ACCOUNTS.items() if request.path.startswith(start)}
        with _watching(read):
            response = get_response(request)
        if getattr(response, "streaming", False) and not getattr(response, "is_async", False):
            response.streaming_content = _watched(request, response.streaming_content, read)  # type: ignore[attr-defined]
        else:
            _note(request, read)
        return response

    return middleware


def _watched(request: HttpRequest, content: Iterable[bytes], read: set[str]) -> Iterator[bytes]:
    """Yield an export as it is written: it reads as it goes."""
    with _watching(read):
        yield from content
    _note(request, read)


@contextmanager
def _watching(read: set[str]) -> Iterator[None]:
    """Add to ``read`` the names of the holdings that queries read meanwhile."""

    def look(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql)
        read.update(name for column, name in _columns().items() if column in text)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield


@cache
def _columns() -> dict[str, str]:
    """Return what is watched, as queries quote it: {'"home_notice"."email"': "signalements"}."""
    watched = ((column, holding.name) for holding in holdings() for column in holding.watched)
    return {'"{}"."{}"'.format(*column.split(".")): name for column, name in watched}


def _note(request: HttpRequest, read: set[str]) -> None:
    if not read:
        return
    try:
        Consultation.objects.create(
            by_id=request.user.pk, path=request.path[:300], holdings=", ".join(sorted(read))[:300]
        )
    except Error:  # the page was made; that it cannot be noted is for the technical staff
        log.exception("consultation_not_noted", path=request.path)
