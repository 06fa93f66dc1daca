"""What somebody sent after the session had ended: kept in the session of that browser until they have logged in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict

from portal.same_origin import same_origin_required

KEY = "typed in the application"
LONGEST = 20_000  # characters, encoded: a form of ours has a tenth of that

View = Callable[..., HttpResponse]


def typing_kept(view: View) -> View:
    """Let ``view`` be seen by who is logged in; it calls ``typed(request)`` for what its form is to show."""

    @same_origin_required
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _keep(request)
        return redirect_to_login(request.path)

    return checked


def typed(request: HttpRequest) -> QueryDict | None:
    """Return what was sent to this address now, or before they logged in again; None if nothing was."""
    if request.method == "POST":
        return request.POST
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEY]
    messages.info(request, "Votre session s’était terminée. Ce que vous aviez écrit est là : envoyez-le de nouveau.")
    return QueryDict(kept["typed"])


def _keep(request: HttpRequest) -> None:
    content = request.POST.urlencode()
    if len(content) <= LONGEST:
        request.session[KEY] = {"path": request.path, "typed": content}
