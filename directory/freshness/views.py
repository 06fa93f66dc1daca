"""The freshness contract as a public page, and the link by which a merchant confirms opening hours."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from directory.freshness.links import asked_by
from directory.freshness.stages import CONTRACT
from directory.hours import confirmation, week
from portal import database_clock


@require_safe
def contract(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/freshness/contract.html", {"contract": CONTRACT})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def confirm_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """It shows the hours and asks; the button confirms them, once. Programs that open links change nothing."""
    is_sent = request.method == "POST"
    asked = asked_by(token, is_locked=is_sent)
    if asked and is_sent and not asked.is_used:
        today = database_clock.today()
        asked.merchant.confirm_hours(today)
        asked.merchant.confirmed_on = today
    context = {
        "asked": asked,
        "is_confirmed": asked is not None and is_sent and not asked.is_used,
        "week": tuple(week(asked.merchant.opening_hours, timezone.localdate(), asked.merchant.place)) if asked else (),
        "confirmation": confirmation(asked.merchant.confirmed_on, timezone.localdate()) if asked else "",
    }
    return render(request, "directory/freshness/confirm.html", context, status=200 if asked else 404)
