"""« Renoncer au contrat ici », in two steps, for whoever has the number and address of a purchase, or its link."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal import database_clock, rate_limits
from portal.client_address import UNKNOWN, client_address
from portal.rate_limits import Limit
from portal.same_origin import same_origin_required
from shop.withdrawal import acts, offer, wording
from shop.withdrawal.forms import DeclareForm, FindForm
from shop.withdrawal.models import Withdrawal
from shop.wording import written_hour

CONFIRM = "confirmer"  # the name of the one button that gives up
CHANGE = "modifier"
CONFLICT, TOO_MANY = 409, 429
BY_VISITOR = Limit("purchases looked up by a visitor", 20, timedelta(hours=1))
BY_NUMBER = Limit("addresses tried for a purchase", 10, timedelta(hours=1))
MEANWHILE = (
    "Entre-temps, cette commande a changé, ou votre rétractation était déjà enregistrée : cette fois-ci, rien n’a été "
    "fait. Relisez ce qui suit."
)
NOT_FOUND = (
    "Aucune commande n’a ce numéro avec cette adresse. Recopiez les deux de l’e-mail de confirmation. S’il est perdu, "
    "écrivez au commerçant avant la fin du délai : une déclaration claire, par lettre ou par e-mail, suffit."
)


@never_cache
@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for number and address of the purchase; lead on to what can be given up of it."""
    form = FindForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "shop/withdrawal/find.html", {"form": form})
    if again := _one_too_many(request, form.cleaned_data["numero"]):
        form.add_error(None, f"Trop d’essais. Recommencez après {written_hour(again)}.")
        return render(request, "shop/withdrawal/find.html", {"form": form}, status=TOO_MANY)
    if purchase := form.found():
        return redirect(purchase.withdrawal_path)
    form.add_error(None, NOT_FOUND)
    return render(request, "shop/withdrawal/find.html", {"form": form})


@never_cache
@same_origin_required
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, number: str) -> HttpResponse:
    """Step one: what is given up. Step two: read it again and « Confirmer la rétractation ». Then what became of it.

    Both steps have one address; the second carries what was typed, so that going back loses nothing.
    """
    purchase = offer.load(number)
    if purchase is None or not purchase.is_withdrawn_by(request.GET.get("cle", "")):
        raise Http404
    parts = offer.parts(purchase, database_clock.now())
    form = DeclareForm(purchase, parts, request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if CONFIRM not in request.POST and CHANGE not in request.POST:
            return render(request, "shop/withdrawal/confirm.html", _reread(purchase, parts, form))
        if CONFIRM in request.POST:
            try:
                made = acts.declare(purchase, form.declaration(), form.shown_units())
            except acts.ChangedMeanwhile:
                status = CONFLICT
            else:
                messages.success(request, _done(made))
                return redirect(purchase.withdrawal_path)
    elif request.method == "POST" and CONFIRM in request.POST:
        status = CONFLICT  # what it gave up is no longer offered
    if status == CONFLICT:
        messages.error(request, MEANWHILE)
        form = DeclareForm(purchase, parts := offer.parts(offer.load(number) or purchase, database_clock.now()))
    return render(request, "shop/withdrawal/declare.html", _shown(purchase, parts, form), status=status)


def _one_too_many(request: HttpRequest, number: str) -> Any:
    """Count a try; return from when on there is room again, or None."""
    visitor = client_address(request)
    again = None if visitor == UNKNOWN else rate_limits.take(BY_VISITOR, visitor)
    return again or rate_limits.take(BY_NUMBER, number)


def _shown(purchase: Any, parts: list[offer.Part], form: DeclareForm) -> dict[str, Any]:
    return {
        "purchase": purchase,
        "form": form,
        "parts": [(part, [(line, form.field_of(line)) for line in part.lines]) for part in parts],
        "is_open": any(part.is_open for part in parts),
        "withdrawals": [_told(withdrawal) for part in parts for withdrawal in part.withdrawals],
    }


def _reread(purchase: Any, parts: list[offer.Part], form: DeclareForm) -> dict[str, Any]:
    units = form.units()
    chosen = [
        (part.merchant, [(units[line.pk], line) for line in part.lines if line.pk in units])
        for part in parts
        if any(line.pk in units for line in part.lines)
    ]
    return {"purchase": purchase, "form": form, "chosen": chosen}


def _told(withdrawal: Withdrawal) -> dict[str, Any]:
    merchant = withdrawal.merchant_order.storefront.merchant
    return {
        "number": withdrawal.number,
        "merchant": merchant,
        "at": wording.to_the_second(withdrawal.at),
        "lines": [f"{units} × {line.title}" for units, line in withdrawal.units()],
        "state": withdrawal.get_state_display(),
        "refund": withdrawal.refund,
        "refund_by": wording.whole_day(withdrawal.refund_by) if withdrawal.is_open and withdrawal.refund_by else "",
        "bring_back": withdrawal.state == Withdrawal.State.REQUESTED,
    }


def _done(made: list[Withdrawal]) -> str:
    return f"Votre rétractation est enregistrée : l’accusé de réception part à {made[0].email}."
