"""Forms on pages that carry no token: the browser says where a request comes from, and only our pages may post.

A CSRF token needs a cookie, and a page that anyone merely reads must set none. Every browser of the last years sends
Sec-Fetch-Site; older ones send Origin or Referer. A request with none of the three is refused.
"""

from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.decorators.csrf import csrf_exempt

READING = ("GET", "HEAD")


def is_same_origin(request: HttpRequest) -> bool:
    """Return whether the browser says that one of our own pages made this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if not source:
        return False
    origin = urlsplit(source)
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())


def same_origin_required(view: Any) -> Any:
    """Let ``view`` be posted to without a token, by our own pages only; others get 403."""

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method not in READING and not is_same_origin(request):
            raise PermissionDenied("Ce formulaire doit être envoyé depuis le site.")
        return view(request, *args, **kwargs)

    return checked
