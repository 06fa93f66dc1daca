"""Pages of the portal itself."""

import sys

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import cache_control

from portal.gallery import samples

RETRY_AFTER = 30  # seconds
PASSING = {"25006", "25P03"}  # a database that is only read; a transaction that was ended because it idled


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of templates/components/ in its states, for those who build pages."""
    components = [
        {"name": name, "samples": [render_to_string(f"components/{name}.html", context) for context in contexts]}
        for name, contexts in samples().items()
    ]
    return render(request, "portal/gallery.html", {"components": components})


@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps pages for offline reading: at the root, since it serves the addresses below its own."""
    script = settings.BASE_DIR / "portal/static/portal/js/service-worker.js"
    return HttpResponse(script.read_bytes(), content_type="text/javascript; charset=utf-8")


def office_login(request: HttpRequest) -> HttpResponse:
    """Lead whoever knocks at the admin to the portal's login; refuse those whom logging in again would not help."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?{request.GET.urlencode()}")
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    raise PermissionDenied


def server_error(request: HttpRequest) -> HttpResponse:
    """Tell of what broke: 503 and when to come back while the database is away, overloaded or only read, else 500.

    Both pages are made without request, context or database.
    """
    if _is_of_the_database(sys.exc_info()[1]):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_AFTER)})
    return HttpResponse(render_to_string("500.html"), status=500)


def _is_of_the_database(error: BaseException | None) -> bool:
    """Return whether the database cannot do, for now, what any request asks."""
    refused = getattr(error.__cause__, "sqlstate", None) if isinstance(error, InternalError) else None
    return isinstance(error, OperationalError | InterfaceError) or refused in PASSING
