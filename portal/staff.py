"""Who is staff, and what their sessions must be: hours old at most, and opened by a second factor."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from allauth.account import forms as account_forms
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, suspend_request
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

View = Callable[[HttpRequest], HttpResponseBase]  # what a middleware calls, and is

LOGGED_IN_AT = "logged_in_at"  # keys of a session; seconds since the epoch
SET_UP_HERE = "second_factor_set_up_here"
WENT_TO = "second_factor_went_to"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in for one
PRIVATE_PREFIXES = (*settings.OFFICE_PREFIXES, "/compte/", "/espace/")
USERS = ("/gestion/users/", "/gestion/bulk/portal/user/")  # where superusers change the accounts of others
LEAVING = "/gestion/logout/"

log = structlog.get_logger(__name__)


def is_staff(user: Any) -> bool:
    """Return whether the account opens an office: editors, shop managers, superusers."""
    return user.is_active and (user.is_staff or user.is_superuser or user.has_perm("wagtailadmin.access_admin"))


def must_have_factor(user: Any) -> bool:
    return settings.REQUIRE_SECOND_FACTOR and is_staff(user)


def has_factor(user: Any) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def staff_doors(get_response: View) -> View:
    """Middleware: let staff into the offices by a young session and a second factor only."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return _instead(request) or get_response(request)

    return middleware


def _instead(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to a request that may not pass, or None. Public pages do not even open the session."""
    path = request.path_info
    if not path.startswith(PRIVATE_PREFIXES) or path == LEAVING:
        return None
    if not request.user.is_authenticated:
        return None
    is_old, is_office = is_too_old(request.session), path.startswith(settings.OFFICE_PREFIXES)
    if not (is_old or is_office) or not is_staff(request.user):
        return None
    if is_old:
        logout(request)
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: _where_to(request)})}")
    return _ask_for_factor(request) or _ask_again(request)


def _ask_for_factor(request: HttpRequest) -> HttpResponse | None:
    """Lead to the setting up, or to the factor that this session was not yet shown."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return None
    if not has_factor(request.user):
        request.session[WENT_TO] = _where_to(request)
        return redirect("mfa_index")
    if not _was_shown_factor(request):
        return redirect(f"{factor_page(request.user)}?{urlencode({REDIRECT_FIELD_NAME: _where_to(request)})}")
    request.session.pop(WENT_TO, None)
    return None


def _ask_again(request: HttpRequest) -> HttpResponse | None:
    """Before an account's address or password is changed by others, ask who they are, as allauth does for one's own."""
    changes = request.path_info.startswith(USERS) and (request.method == "POST" or _names_an_account(request))
    if not changes or did_recently_reauthenticate(request):
        return None
    if not any(request.user.has_perm(f"portal.{action}_user") for action in ("add", "change", "delete")):
        return None  # Wagtail turns them away
    page = factor_page(request.user) if has_factor(request.user) else reverse("account_reauthenticate")
    return suspend_request(request, page)


def _names_an_account(request: HttpRequest) -> bool:
    """Return whether this is the form of an account, rather than the list of them."""
    return any(word in request.path_info for word in ("/add/", "/new/", "/edit/", "/delete/"))


def _was_shown_factor(request: HttpRequest) -> bool:
    if request.session.get(SET_UP_HERE):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def factor_page(user: Any) -> str:
    """Return where the account's second factor is asked for again."""
    typed = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN)
    return reverse("mfa_reauthenticate" if typed.exists() else "mfa_reauthenticate_webauthn")


def _where_to(request: HttpRequest) -> str:
    """Return the address to come back to; what was posted cannot be asked for again."""
    return request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")


def is_too_old(session: Any) -> bool:
    """Return whether the login of a member of staff was longer ago than STAFF_SESSION_HOURS, or is not known."""
    return time.time() - session.get(LOGGED_IN_AT, 0) > settings.STAFF_SESSION_HOURS * 3600


def bound_session(request: HttpRequest, user: Any) -> None:
    """Let a member of staff's session end at an hour that no further request puts off."""
    if is_staff(user):
        request.session.set_expiry(timezone.now() + timedelta(hours=settings.STAFF_SESSION_HOURS))


class LoginForm(account_forms.LoginForm):
    """allauth's, which sets the length of the session after the login: staff's is not theirs to choose."""

    def login(self, request: HttpRequest, redirect_url: Any = None) -> Any:
        response = super().login(request, redirect_url=redirect_url)
        if request.user.is_authenticated:
            bound_session(request, request.user)
        return response


@receiver(user_logged_in)
def note_login(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    request.session[LOGGED_IN_AT] = int(time.time())
    bound_session(request, user)


def note_shown_factor(request: HttpRequest) -> None:
    request.session[SET_UP_HERE] = True


@receiver(authenticator_added)
def note_addition(sender: Any, request: HttpRequest, user: Any, authenticator: Any, **kwargs: Any) -> None:
    log.info("second_factor_added", account=user.pk, kind=str(authenticator.type))


@receiver(authenticator_removed)
def note_removal(sender: Any, request: HttpRequest, user: Any, authenticator: Any, **kwargs: Any) -> None:
    log.info("second_factor_removed", account=user.pk, kind=str(authenticator.type))
