"""The page « Signaler », with its limits per visitor and per address."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from home.reports import complaints, terms, tracking
from home.reports.emails import acknowledge
from home.reports.forms import ComplaintForm, NoticeForm
from home.reports.tracking import Side
from portal import rate_limits
from portal.client_address import UNKNOWN, client_address
from portal.rate_limits import Limit
from portal.same_origin import same_origin_required
from shop.buyers import email_key, is_verified
from shop.wording import written_hour

# Anybody may report (DSA art. 16), so nothing is counted of everybody together: nobody can close this door to others.
BY_VISITOR = Limit("notices of a visitor", 10, timedelta(hours=1))
BY_ADDRESS = Limit("notices of an address", 5, timedelta(days=1))  # that nobody has proved to be theirs
RECEIPTS = Limit("receipts to an address", 1, timedelta(days=1))
TOO_MANY = 429


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The form, filled with the page one comes from: /signaler/?page=/commercants/le-fournil/."""
    form = NoticeForm(initial={"page": request.GET.get("page", "")[:300]})
    return render(request, "home/notice.html", {"form": form})


@same_origin_required
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Keep a report and say its number; one too many is given back as it was typed. Editors hear of it each hour."""
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return render(request, "home/notice.html", {"form": form})
    email = form.cleaned_data["email"]
    is_verified_address = is_verified(request.user if request.user.is_authenticated else None, email)
    with transaction.atomic():
        if refusal := _refusal(client_address(request), "" if is_verified_address else email):
            transaction.set_rollback(True)
            form.add_error(None, refusal)
            return render(request, "home/notice.html", {"form": form}, status=TOO_MANY)
        today = timezone.localdate()
        form.instance.is_trusted = is_verified_address and terms.is_trusted(email, today)
        form.instance.due_on = terms.due_on(today)
        notice = form.save()
        acknowledged = bool(email) and (is_verified_address or rate_limits.take(RECEIPTS, email_key(email)) is None)
        if acknowledged:
            acknowledge(notice, with_page=is_verified_address)
    context = {"notice": notice, "acknowledged": acknowledged, "status": tracking.path_of(notice, Side.SENDER)}
    return render(request, "home/notice_received.html", context)


@never_cache
@same_origin_required
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Where a report stands, for who follows it by a signed link; what was decided, and how to contest it.

    Nothing of what was typed is shown: the link may have gone to an address that was given by mistake.
    """
    if (follower := tracking.follower_of(token)) is None:
        return render(request, "home/notice_status.html", {"notice": None}, status=404)
    form = ComplaintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            complaints.file(follower, form.cleaned_data["text"])
            return redirect(request.path)
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "notice": follower.notice,
        "is_merchant": follower.side == Side.MERCHANT,
        "complaint": follower.notice.complaints.filter(side=follower.side).first(),
        "may_contest": complaints.may_file(follower) or (form.is_bound and not form.is_valid()),
        "contest_until": terms.contest_until(follower.notice),
        "form": form,
    }
    return render(request, "home/notice_status.html", context)


def _refusal(visitor: str, email: str) -> str:
    """Count a report; return why it is one too many, or "". email: "" where it is not counted."""
    again = None if visitor == UNKNOWN else rate_limits.take(BY_VISITOR, visitor)
    if again:
        return (
            f"Nous avons reçu {BY_VISITOR.most} signalements de votre connexion en une heure. Votre texte est gardé "
            f"ci-dessous\u00a0: envoyez-le de nouveau après {written_hour(again)}."
        )
    again = rate_limits.take(BY_ADDRESS, email_key(email)) if email else None
    if again:
        return (
            f"Nous avons reçu {BY_ADDRESS.most} signalements de cette adresse e-mail en un jour. Votre texte est gardé "
            f"ci-dessous\u00a0: envoyez-le demain après {written_hour(again)}, ou connectez-vous à un compte dont "
            "cette adresse est vérifiée."
        )
    return ""
