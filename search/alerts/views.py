"""Asking to be told, confirming it, ending it."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal import database_clock
from portal.same_origin import same_origin_required
from search import gazetteer
from search.alerts.emails import ask_to_confirm
from search.alerts.forms import AlertForm
from search.alerts.models import Alert
from search.heading import heading


@same_origin_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Keep an alert and send the link that confirms it. The answer never tells whether it existed before."""
    form = AlertForm(request.POST)
    if not form.is_valid():
        return render(request, "search/alerts/ask.html", {"form": form})
    with transaction.atomic():
        if alert := form.save():
            ask_to_confirm(alert)
    return render(request, "search/alerts/asked.html", {"email": form.cleaned_data["email"]})


@never_cache
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Where the links of the e-mails lead: a button to confirm or to end it, as programs that read mail press none."""
    return _page(request, Alert.objects.signed(token))


@same_origin_required
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Start to look out."""
    alert = Alert.objects.signed(token)
    if alert is None:
        return _page(request, None)
    Alert.objects.waiting().filter(pk=alert.pk).update(confirmed_at=database_clock.now())
    return redirect("regional_search:alert", token)


@csrf_exempt  # the signed link is proof enough: mail programs post here too (RFC 8058)
@require_POST
def end(request: HttpRequest, token: str) -> HttpResponse:
    """Forget the alert and its address."""
    if alert := Alert.objects.signed(token):
        alert.delete()
    return render(request, "search/alerts/ended.html")


def _page(request: HttpRequest, alert: Alert | None) -> HttpResponse:
    known = gazetteer.current()
    context = {"alert": alert, "name": heading(known, alert.what, alert.query(known)) if alert else ""}
    return render(request, "search/alerts/alert.html", context, status=200 if alert else 410)
