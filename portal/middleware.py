"""Middleware of every request: its log line, its size, its Content-Security-Policy and its Permissions-Policy."""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.views.defaults import page_not_found
from django_structlog.middlewares import RequestMiddleware
from modelsearch.backends.base import FilterFieldError

View = Callable[[HttpRequest], HttpResponseBase]  # what a middleware calls, and is

log = structlog.get_logger(__name__)

DOCUMENTS = "/gestion/documents/"


class RequestLog(RequestMiddleware):
    """One log line a request: method, path and status.

    The user is left out (reading it would open the session, and a log is no place for it), and so is the query
    string, which holds what a visitor typed and perhaps where they are.
    """

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        pass

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


def bounded_bodies(
    get_response: View,
) -> View:
    """Refuse a request that is too heavy before any of its body is read. Films go to the office's documents alone."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        of_documents = request.path.startswith(DOCUMENTS)
        limit = settings.LARGEST_BODY + (settings.WAGTAILDOCS_MAX_UPLOAD_SIZE if of_documents else 0)
        if length.isdecimal() and int(length) <= limit:
            return get_response(request)
        return HttpResponse(render_to_string("413.html"), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    return middleware


class ContentSecurityPolicy(CSPMiddleware):
    """Strict everywhere but in the two back offices, whose packages write inline code, and in their previews.

    A preview is made by a dummy request for the page's own address, and shown in a frame of the office.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if _is_picture(response) else super().process_response(request, response)

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        of_office = request.path.startswith(settings.OFFICE_PREFIXES) or getattr(request, "is_dummy", False)
        if not report_only and of_office:
            parts.config = settings.OFFICE_CONTENT_SECURITY_POLICY
        return parts


class OddQueries:
    """An address that an office cannot read, `?page=-1` or `/x/` for a number, is not found, as in the public pages.

    Their packages trust that their own links alone are followed. The error is logged all the same.
    """

    UNREADABLE = (ValueError, OverflowError, DataError, NoReverseMatch, FilterFieldError)  # a NUL is a ValueError

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        found = request.resolver_match
        asked = request.META.get("QUERY_STRING") or (found and (found.kwargs or found.args))
        is_reading = request.method in ("GET", "HEAD") and request.path.startswith(settings.OFFICE_PREFIXES)
        if not (asked and is_reading):
            return None
        if not isinstance(exception, self.UNREADABLE):
            return None
        log.error("address_not_understood", path=request.path, exc_info=exception)
        return page_not_found(request, exception)


def permissions_policy(
    get_response: View,
) -> View:
    """Tell the browser which of its powers our pages may ask for."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not _is_picture(response):
            response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response

    return middleware


def _is_picture(response: HttpResponseBase) -> bool:
    """Return whether it runs nothing and asks for nothing, so that a policy would only weigh: half a kilobyte each."""
    kind = response.get("Content-Type", "")
    return kind.startswith("image/") and not kind.startswith("image/svg")
