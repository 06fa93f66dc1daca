"""The one door of the API: who may read, how often, and what is told to browsers and caches.

Any site may read (CORS), nothing may be sent. An answer is asked for again each time, for a merchant may have left
since; who has it already gets 304 (Django's ConditionalGetMiddleware makes the ETag).
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from portal import database_clock
from portal.client_address import client_address
from portal.rate_limits import Limit, take

LIMIT = Limit("api", 600, timedelta(minutes=10))
METHODS = ("GET", "HEAD", "OPTIONS")


def door(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let ``view`` answer GET and HEAD, LIMIT times an address."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return opened(HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(METHODS)}))
        if request.method not in METHODS:
            answer = fault(HTTPStatus.METHOD_NOT_ALLOWED, "lecture_seule", "On ne peut que lire.", "Read only.")
            answer["Allow"] = ", ".join(METHODS)
            return opened(answer)
        if again_at := take(LIMIT, client_address(request)):
            return opened(_too_many(max(1, ceil((again_at - database_clock.now()).total_seconds()))))
        if request.method == "HEAD":
            request.method = "GET"  # the server leaves the body out
        return opened(view(request, *args, **kwargs))

    return wrapped


def _too_many(seconds: int) -> HttpResponse:
    minutes = LIMIT.period // timedelta(minutes=1)
    answer = fault(
        HTTPStatus.TOO_MANY_REQUESTS,
        "trop_de_demandes",
        f"Plus de {LIMIT.most} demandes en {minutes} minutes : revenez dans {seconds} secondes, ou téléchargez les "
        "fichiers de /donnees/.",
        f"More than {LIMIT.most} requests in {minutes} minutes: come back in {seconds} seconds, or download the files "
        "of /donnees/.",
    )
    answer["Retry-After"] = str(seconds)
    return answer


def fault(status: int, code: str, french: str, english: str) -> HttpResponse:
    """Return what tells a program, and whoever reads its log, what is wrong."""
    body = {"erreur": {"code": code, "message": french, "message_en": english}}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def opened(response: HttpResponseBase) -> HttpResponseBase:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    response["Access-Control-Allow-Headers"] = "If-None-Match"
    response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    response["Cache-Control"] = "public, no-cache"
    return response
