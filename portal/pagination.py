"""One page of a long list, and its own address."""

from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest


def page_of(request: HttpRequest, items: Any, size: int) -> Page:
    """Return the page of ``items`` that ?page= asks for, the first by default; raise Http404 beyond the last."""
    try:
        return Paginator(items, size).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404("Cette page n’existe pas.") from error


def canonical_url(request: HttpRequest, page: Page) -> str:
    """Return the absolute address of a page of a list, the same whatever else the query holds."""
    query = f"?page={page.number}" if page.number > 1 else ""
    return f"{settings.SITE_URL}{request.path}{query}"
