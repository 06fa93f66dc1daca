"""Public pages kept as they were made, for at most a minute, and forgotten the moment something they show changes.

Three things work together:

- While a page is made, whatever puts a thing on it says so by a *tag*: ``shows("page", merchant.pk)``.
- Triggers note in the log of changes, in the writer's own transaction, the tags of what it changes.
- A kept page remembers its tags and from which position of the log it was made. It is true as long as none of its tags
  has changed since: one query, exact even for a change that was being committed while the page was made.

Which tags there are: portal/changes.py.

While the database is away, a page that was kept goes on being shown, for OUTAGE at most.

What the clock changes (opening hours, dates to come) needs no tag: nobody reads a page older than ``PAGE_SECONDS``, his
browser's copy included. What its making asked of the database is remembered longer: portal/memory.py.
"""

import gzip
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.core.cache import caches
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import has_vary_header, patch_vary_headers

from portal import changes
from portal.changes import Position
from portal.memory import Making, making, memory

PARAMETERS = ("page",)  # all that a kept view may read of its query: each value is a page of its own
FRESH = 30  # seconds that a process may show of the whole site what another process has changed since
OUTAGE = 600  # seconds beyond PAGE_SECONDS that a page outlives the database by


@dataclass(frozen=True)
class KeptPage:
    """A page as it was made. body: compressed. made_at: seconds since 1970. position: of the log, before that."""

    body: bytes
    headers: dict[str, str]
    tags: list[str]
    made_at: float
    position: Position | None = None  # of pages that older code has kept elsewhere

    @property
    def seconds_left(self) -> int:
        return int(self.made_at + settings.PAGE_SECONDS - time.time())

    def is_true(self) -> bool:
        """Return whether nothing that the page shows has changed since it was made, in the same history; one query."""
        return changes.since(self.position, self.tags, most=1).tags == frozenset()


def shows(kind: str, *ids: int | str) -> None:
    """Say that the page being made shows these things, or the whole set of that name: ``shows("merchants")``."""
    page = making.get()
    if page is not None:
        page.tags.update([f"{kind}:{id}" for id in ids] if ids else [kind])


def site_moment() -> tuple[int, float]:
    """Return what a process remembers under what all pages show: another value once that changes, or FRESH later.

    A page that is kept tells of the last change; others, of the last that the process has learnt of. A process that has
    learnt nothing learns first, so that what it reads now is not read again when the page's view learns.
    """
    page = making.get()
    if page is not None and settings.PAGE_SECONDS and memory.is_blank:
        page.learned = memory.learn()
    return memory.site_moment, time.monotonic() // FRESH


def kept(view: Callable) -> Callable:
    """Let the answers of ``view`` be kept: it must show the same to everyone, and name what it shows.

    An answer that sets a cookie or varies with one is not kept, whatever this says.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        page = making.get()
        if page is not None:
            page.start()
        asked = request.GET.copy()
        for name in asked.keys() - set(PARAMETERS):
            del asked[name]
        request.GET = asked  # type: ignore[assignment]
        return view(request, *args, **kwargs)

    return wrapped


class PageCache:
    """Answer from the kept pages, keep what may be kept, and tell browsers what they may do with every page.

    Who is logged in gets the same pages, and asks for them again each time: who changes a page sees her change. Only
    what was made for a visitor without a session is kept. Whoever brings a message (« ajouté au panier ») gets a page
    made for her.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.get_host()  # a kept page, too, is refused to whoever asks for it by another site's name
        # A preview asks for a draft at the page's own address.
        is_read = request.method in ("GET", "HEAD") and not getattr(request, "is_dummy", False)
        if not is_read or _brings_message(request):
            return _declare(request, self.get_response(request))
        kept_pages, key = caches["pages"], _key(request)
        known = kept_pages.get(key) if settings.PAGE_SECONDS else None
        if known and known.seconds_left > 0 and _still_stands(known):
            return _answer(request, known)
        new = Making()
        token = making.set(new)
        try:
            response = self.get_response(request)
        finally:
            making.reset(token)
        if known and response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            return _answer(request, known)
        if not _may_be_kept(request, response, new):
            return _declare(request, response)
        page = _page(response, new)  # type: ignore[arg-type]
        if not _is_logged_in(request):
            kept_pages.set(key, page, settings.PAGE_SECONDS + OUTAGE)
        return _answer(request, page)


def _still_stands(page: KeptPage) -> bool:
    """Return whether a page may be shown: it is true, or nobody can tell while the database is away."""
    try:
        return page.is_true()
    except (OperationalError, InterfaceError):
        return True


def _key(request: HttpRequest) -> str:
    query = [request.GET.get(name, "") for name in PARAMETERS]
    return hashlib.blake2b(repr((request.path, query)).encode(), digest_size=16).hexdigest()


def _may_be_kept(request: HttpRequest, response: HttpResponseBase, new: Making) -> bool:
    return bool(
        settings.PAGE_SECONDS
        and new.position
        and response.status_code == 200
        and not response.streaming
        and not response.has_header("Cache-Control")
        and not _is_personal(response)
        and not hasattr(request, "_csp_nonce")  # a nonce is good for one answer
    )


def _page(response: HttpResponse, new: Making) -> KeptPage:
    patch_vary_headers(response, ["Accept-Encoding"])
    # Weak: one tag for the page compressed or not.
    headers = {**response.headers, "ETag": f'W/"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'}
    body = gzip.compress(response.content, compresslevel=6)
    return KeptPage(body, headers, sorted(new.tags), new.began_at, new.position)


def _answer(request: HttpRequest, page: KeptPage) -> HttpResponse:
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
    """Say who may keep a page of which its view said nothing: nobody, if it is somebody's; else, who asks each time."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    if not is_page or response.has_header("Cache-Control"):
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
