"""« Vos données »: to get, correct and erase them, with an account or by a link sent to an address."""

from datetime import timedelta
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal import rate_limits
from portal.client_address import UNKNOWN, client_address
from portal.models import User
from portal.privacy import copies
from portal.privacy.erasure import erase
from portal.privacy.models import ErasureRecord
from portal.privacy.obstacles import obstacles
from portal.privacy.person import Person, of_account, of_address
from portal.privacy.register import Fate, holdings
from portal.rate_limits import Limit
from portal.same_origin import same_origin_required

COPIES = Limit("copies of an account's data", 3, timedelta(days=1))
BY_VISITOR = Limit("links to somebody's data, of a visitor", 10, timedelta(hours=1))
BY_ADDRESS = Limit("links to somebody's data, to an address", 3, timedelta(days=1))
LINK_LASTS = timedelta(days=1)
TOO_MANY = 429
_SALT = "portal.privacy.link"


class AddressForm(forms.Form):
    """Where the link goes."""

    email = forms.EmailField(
        label="Votre adresse e-mail",
        max_length=254,
        help_text="Celle que vous avez donnée en commandant, en demandant une alerte ou en signalant une page.",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": "Écrivez votre adresse e-mail : c’est là que nous enverrons le lien.",
            "invalid": "Cette adresse e-mail n’est pas complète. Écrivez-la comme nom@exemple.fr.",
        },
    )


@never_cache
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """What can be done with the data of an account; a POST asks for a copy."""
    user = cast(User, request.user)
    if request.method == "POST":
        if rate_limits.take(COPIES, str(user.pk)):
            messages.error(request, "Vous avez demandé plusieurs copies aujourd’hui : demandez la suivante demain.")
        else:
            with transaction.atomic():
                copies.ask(of_account(user), user.email)
            messages.success(request, f"Nous préparons vos données. Un e-mail à {user.email} vous donnera le lien.")
        return redirect("own_data")
    return render(request, "portal/privacy/own.html", {"email": user.email})


@never_cache
@login_required
@reauthentication_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """What goes at once, what the law keeps and until when, what is to be done first; a POST erases."""
    user = cast(User, request.user)
    person = of_account(user)
    context = {"obstacles": obstacles(person), **_fate_of(person)}
    if request.method != "POST" or context["obstacles"]:
        return render(request, "portal/privacy/delete.html", context)
    with transaction.atomic():
        erase(person, ErasureRecord.Way.ACCOUNT)
        _acknowledge(user.email)
    logout(request)
    return redirect("data_erased")


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy/erased.html")


@never_cache
@same_origin_required
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Send a link to an address; the answer never tells whether anything is kept of it."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/privacy/ask.html", {"form": form})
    email, visitor = form.cleaned_data["email"].lower(), client_address(request)
    if visitor != UNKNOWN and rate_limits.take(BY_VISITOR, visitor):
        form.add_error(None, "Trop de demandes sont parties de votre connexion. Réessayez dans une heure.")
        return render(request, "portal/privacy/ask.html", {"form": form}, status=TOO_MANY)
    if not rate_limits.take(BY_ADDRESS, email):
        _send_link(email)
    return render(request, "portal/privacy/asked.html", {"email": email, "hours": LINK_LASTS.total_seconds() // 3600})


@never_cache
@require_safe
def linked(request: HttpRequest, token: str) -> HttpResponse:
    """What can be done with the data of an address: programs that read mail press no button."""
    email = _address_of(token)
    if email is None:
        return render(request, "portal/privacy/link_over.html", status=410)
    context = {"email": email, "token": token, "has_account": _has_account(email), **_fate_of(of_address(email))}
    return render(request, "portal/privacy/linked.html", context)


@never_cache
@same_origin_required
@require_POST
def linked_act(request: HttpRequest, token: str) -> HttpResponse:
    """Erase what is kept of an address, or have a copy of it made, as the button says."""
    email = _address_of(token)
    if email is None:
        return render(request, "portal/privacy/link_over.html", status=410)
    with transaction.atomic():
        if "effacer" in request.POST:
            erase(of_address(email), ErasureRecord.Way.LINK)
            _acknowledge(email)
            return redirect("data_erased")
        if rate_limits.take(COPIES, email) is None:
            copies.ask(of_address(email), email)
    return render(request, "portal/privacy/copy_asked.html", {"email": email})


@never_cache
@require_safe
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """Give the file; that of an account, to whoever is logged in with it."""
    found = copies.of_link(token)
    if found is None or found.content is None:
        return render(request, "portal/privacy/link_over.html", status=410)
    if found.user_id is not None:
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        if request.user.pk != found.user_id:
            raise Http404
    response = HttpResponse(bytes(found.content), "application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="mes-donnees.zip"'
    return response


def _fate_of(person: Person) -> dict[str, Any]:
    """Return what an erasure does to what is kept of a person: what goes, what stays, until when."""
    known = [
        holding
        for holding in holdings()
        if holding.queries is None or any(query.exists() for query in holding.queries(person))
    ]
    relevant = [holding for holding in known if holding.queries is not None or (person.user and holding.erase)]
    gone = [holding for holding in relevant if holding.fate in (Fate.DELETED, Fate.EMPTIED)]
    return {
        "goes": [holding.fate_told for holding in gone],
        "stays": [holding.fate_told for holding in relevant if holding not in gone],
        "until": [line for holding in relevant if holding.stays_until for line in holding.stays_until(person)],
    }


def _send_link(email: str) -> None:
    link = reverse("data_of_address", args=[signing.dumps(email, salt=_SALT)])
    context = {
        "link": f"{settings.SITE_URL}{link}",
        "hours": int(LINK_LASTS.total_seconds() // 3600),
        "own": f"{settings.SITE_URL}{reverse('own_data')}" if _has_account(email) else "",
    }
    get_adapter().send_mail("account/email/data_link", email, context)


def _acknowledge(email: str) -> None:
    get_adapter().send_mail("account/email/data_erased", email, {})


def _address_of(token: str) -> str | None:
    try:
        return signing.loads(token, salt=_SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None


def _has_account(email: str) -> bool:
    return User.objects.filter(email__iexact=email, emailaddress__verified=True).exists()
