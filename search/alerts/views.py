"""Asking to be told, confirming it, ending it."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal import database_clock
from portal.client_address import client_address
from portal.same_origin import same_origin_required
from search.alerts.emails import ask_to_confirm, waits_for
from search.alerts.forms import AlertForm
from search.alerts.models import UNCONFIRMED, Alert
from search.understanding import gazetteer

TOO_MANY = 429


@same_origin_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Keep an alert and send the link that confirms it. The answer never tells whether it existed before."""
    form = AlertForm(request.POST)
    if not form.is_valid():
        return render(request, "search/alerts/ask.html", {"form": form})
    with transaction.atomic():
        if refusal := form.refusal(client_address(request)):
            transaction.set_rollback(True)
            form.add_error(None, refusal)
            return render(request, "search/alerts/ask.html", {"form": form}, status=TOO_MANY)
        if alert := form.save():
            ask_to_confirm(alert)
    return render(request, "search/alerts/asked.html", {"email": form.cleaned_data["email"], "days": UNCONFIRMED.days})


@never_cache
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Where the links of the e-mails lead: a button to confirm or to end it, as programs that read mail press none."""
    return _page(request, Alert.objects.signed(token))


@same_origin_required
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Start to look out for all that the page showed: what was asked for since then waits for another look."""
    alert = Alert.objects.signed(token)
    if alert is None:
        return _page(request, None)
    shown = request.POST.get("vu", "")
    last = int(shown) if shown.isdecimal() and len(shown) < 19 else alert.pk
    waiting = Alert.objects.waiting().filter(email=alert.email, pk__lte=last)
    waiting.update(confirmed_at=database_clock.now())
    return redirect("regional_search:alert", token)


@csrf_exempt  # the signed link is proof enough: mail programs post here too (RFC 8058)
@require_POST
def end(request: HttpRequest, token: str) -> HttpResponse:
    """Forget the alert and its address; one that was never confirmed, with all others that wait for that address."""
    if alert := Alert.objects.signed(token):
        alert.delete()
        if alert.confirmed_at is None:
            Alert.objects.waiting().filter(email=alert.email).delete()
    return render(request, "search/alerts/ended.html")


def _page(request: HttpRequest, alert: Alert | None) -> HttpResponse:
    """Show all alerts of an address to whoever has its link: one e-mail a day asks for all that are new."""
    known = gazetteer.current()
    own = list(Alert.objects.filter(email=alert.email).select_related("product").order_by("pk")) if alert else []
    listed = [(each, waits_for(known, each)) for each in own]
    context = {
        "alert": alert,
        "waiting": [(each, name) for each, name in listed if each.confirmed_at is None],
        "followed": [(each, name) for each, name in listed if each.confirmed_at is not None],
    }
    return render(request, "search/alerts/alert.html", context, status=200 if alert else 410)
