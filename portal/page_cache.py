"""Caches rendered public pages for up to a minute, and drops a page as soon as something that it shows changes.

- While a page is rendered, it gathers the tags of all that it shows (portal/dependencies.py).
- Triggers note in the log of changes, in the writer's own transaction, the tags of what it changes (portal/changes.py).
- A cached page remembers its tags and from which position of the log it was made. It is fresh as long as none of its
  tags has changed since: one query, exact even for a change that was being committed while the page was made.

While the database is away, a cached page goes on being shown, for OUTAGE at most.

What the clock changes (opening hours, dates to come) needs no tag: nobody reads a page older than ``PAGE_SECONDS``, the
browser's copy included. What its making asked of the database is memoized for longer: portal/memory.py.
"""

import gzip
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import has_vary_header, patch_vary_headers

from portal import changes
from portal.changes import Position
from portal.dependencies import RenderState, rendering
from portal.memory import process_cache, start

PARAMETERS = ("page",)  # all that a cached view may read of its query: each value is a page of its own
FRESH = 30  # seconds that a process may show of the whole site what another process has changed since
OUTAGE = 600  # seconds beyond PAGE_SECONDS that a page outlives the database by


@dataclass(frozen=True)
class CachedPage:
    """A page as it was made. body: compressed. made_at: seconds since 1970. position: of the log, before that."""

    body: bytes
    headers: dict[str, str]
    tags: list[str]
    made_at: float
    position: Position | None = None  # of pages that older code has cached elsewhere

    @property
    def seconds_left(self) -> int:
        return int(self.made_at + settings.PAGE_SECONDS - time.time())

    def is_fresh(self) -> bool:
        """Return whether nothing that the page shows has changed since it was made, in the same history; one query."""
        return changes.since(self.position, self.tags, most=1).tags == frozenset()


def site_generation() -> tuple[int, float]:
    """Return a key for what all pages show: another value once that changes, or FRESH seconds later.

    A page that is cached tells of the last change; others, of the last that the process has learnt of. A process that
    has learnt nothing learns first, so that what it reads now is not read again when the page's view learns.
    """
    page = rendering.get()
    if page is not None and settings.PAGE_SECONDS and process_cache.is_blank:
        page.learned = process_cache.refresh()
    return process_cache.site_generation, time.monotonic() // FRESH


def cached_page(view: Callable) -> Callable:
    """Let the answers of ``view`` be cached: it must show the same to everyone.

    An answer that sets a cookie or varies with one is not cached, whatever this says.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = rendering.get()
        if page is not None:
            start(page)
        asked = request.GET.copy()
        for name in asked.keys() - set(PARAMETERS):
            del asked[name]
        request.GET = asked  # type: ignore[assignment]
        return view(request, *args, **kwargs)

    return wrapped


class PageCache:
    """Answers from the cached pages, caches what may be, and tells browsers what they may do with every page.

    Who is logged in gets the same pages, and asks for them again each time: who changes a page sees the change. Only
    what was made for a visitor without a session is cached. Whoever brings a message (« ajouté au panier ») gets a page
    made for them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.get_host()  # a cached page, too, is refused to whoever asks for it by another site's name
        # A preview asks for a draft at the page's own address.
        is_read = request.method in ("GET", "HEAD") and not getattr(request, "is_dummy", False)
        if not is_read or _brings_message(request):
            return _declare(request, self.get_response(request))
        pages, key = caches["pages"], _key(request)
        known = pages.get(key) if settings.PAGE_SECONDS else None
        if known and known.seconds_left > 0 and _may_be_shown(known):
            return _answer(request, known)
        new = RenderState()
        token = rendering.set(new)
        try:
            response = self.get_response(request)
        finally:
            rendering.reset(token)
        if known and response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            return _answer(request, known)
        if not _is_cacheable(request, response, new):
            return _declare(request, response)
        page = _page(response, new)  # type: ignore[arg-type]
        if not _is_logged_in(request):
            pages.set(key, page, settings.PAGE_SECONDS + OUTAGE)
        return _answer(request, page)


def _may_be_shown(page: CachedPage) -> bool:
    """Return whether a page may be shown: it is fresh, or nobody can tell while the database is away."""
    try:
        return page.is_fresh()
    except (OperationalError, InterfaceError):
        return True


def _key(request: HttpRequest) -> str:
    query = [request.GET.get(name, "") for name in PARAMETERS]
    # What older code has stored under another class cannot be read.
    return hashlib.blake2b(repr((CachedPage.__name__, request.path, query)).encode(), digest_size=16).hexdigest()


def _is_cacheable(request: HttpRequest, response: HttpResponseBase, new: RenderState) -> bool:
    return bool(
        settings.PAGE_SECONDS
        and new.position
        and response.status_code == 200
        and not response.streaming
        and not response.has_header("Cache-Control")
        and not _is_personal(response)
        and not hasattr(request, "_csp_nonce")  # a nonce is good for one answer
    )


def _page(response: HttpResponse, new: RenderState) -> CachedPage:
    patch_vary_headers(response, ["Accept-Encoding"])
    # Weak: one tag for the page compressed or not.
    headers = {**response.headers, "ETag": f'W/"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'}
    body = gzip.compress(response.content, compresslevel=6)
    return CachedPage(body, headers, sorted(new.tags), new.began_at, new.position)


def _answer(request: HttpRequest, page: CachedPage) -> HttpResponse:
    # Nothing in it is secret, so that its size may tell.
    is_zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(page.body if is_zipped else gzip.decompress(page.body), headers=page.headers)
    if is_zipped:
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = len(response.content)
    # The browser's copy ends when ours does, so that nobody's is older.
    seconds = max(page.seconds_left, 0)
    response["Cache-Control"] = "private, no-cache" if _is_logged_in(request) else f"public, max-age={seconds}"
    return response


def _declare(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Say who may keep an answer of which its view said nothing: nobody, if it is somebody's, whatever kind it is.

    Of pages that are everybody's: who asks each time.
    """
    is_page = response.get("Content-Type", "").startswith("text/html")
    if response.has_header("Cache-Control") or not (is_page or _is_personal(response)):
        return response
    if _is_personal(response) or request.method not in ("GET", "HEAD") or _brings_message(request):
        response["Cache-Control"] = "private, no-store"
    else:
        response["Cache-Control"] = "private, no-cache" if _is_logged_in(request) else "public, no-cache"
    return response


def _is_personal(response: HttpResponseBase) -> bool:
    """Return whether making the answer read a cookie, as Django notes it, or set one."""
    return bool(response.cookies) or has_vary_header(response, "Cookie")


def _is_logged_in(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _brings_message(request: HttpRequest) -> bool:
    return bool(request.COOKIES.get("messages"))
