"""The sessions that an account has open, for its owner to see and end.

Of a session we keep since when it is open and the kind of device, in two words: no address and no program's full name.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import user_logged_in
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal import database_clock
from portal.models import AccountSession, User

OTHERS = "autres"  # the button that ends all but this one
UNKNOWN_DEVICE = "Appareil inconnu"
# The first that is found names it: each later one calls itself by the former's name too.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
            ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"))  # fmt: skip


@dataclass(frozen=True)
class OpenSession:
    """pk: of AccountSession. until: when it ends by itself. is_this_one: the one that looks."""

    pk: int
    device: str
    opened_at: datetime
    until: datetime
    is_this_one: bool


def device_of(user_agent: str) -> str:
    """Return "Chrome, Android", or UNKNOWN_DEVICE."""
    found = [
        next((name for sign, name in known if re.search(rf"\b{sign}", user_agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or UNKNOWN_DEVICE


@receiver(user_logged_in)
def note_session(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    _note(request, user)


def open_sessions(request: HttpRequest) -> list[OpenSession]:
    """Return the sessions of who asks, this one first, then the newest."""
    user = cast(User, request.user)
    own = request.session.session_key
    if not AccountSession.objects.filter(session=own).exists():  # opened before they were noted, or a new password's
        _note(request, user)
    rows = AccountSession.objects.filter(user=user, session__expire_date__gt=database_clock.now())
    rows = rows.select_related("session").order_by("-opened_at", "-pk")
    found = [
        OpenSession(row.pk, row.device, row.opened_at, row.session.expire_date, row.session_id == own) for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_this_one)


def end(user: User, pk: int) -> bool:
    """End one session of an account; return whether there was such a one."""
    return bool(Session.objects.filter(accountsession__user=user, accountsession__pk=pk).delete()[0])


def end_others(user: User, kept: str | None) -> int:
    """End all sessions of an account that are known but the one of that key; return how many."""
    others = AccountSession.objects.filter(user=user).exclude(session=kept)
    return Session.objects.filter(accountsession__in=others).delete()[1].get("sessions.Session", 0)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """The list, with a button each; a POST ends one, or all others."""
    user = cast(User, request.user)
    if request.method == "POST":
        wanted = request.POST.get("fermer", "")
        if wanted == OTHERS:
            end_others(user, request.session.session_key)
            messages.success(request, "Vos autres sessions sont fermées.")
        elif wanted.isascii() and wanted.isdigit() and len(wanted) <= 18 and end(user, int(wanted)):
            messages.success(request, "Cette session est fermée.")
        else:
            messages.info(request, "Cette session était déjà fermée.")
        return redirect("account_sessions")
    return render(request, "portal/sessions.html", {"sessions": open_sessions(request)})


def _note(request: HttpRequest, user: Any) -> None:
    if not request.session.session_key:
        request.session.save()
    key = request.session.session_key
    if not Session.objects.filter(pk=key).exists():
        return  # a session that is kept elsewhere
    device = device_of(request.headers.get("User-Agent", ""))
    AccountSession.objects.update_or_create(session_id=key, defaults={"user": user, "device": device})
