"""An order in the back office: what it is, what happened to it, and what staff does in its merchant's place."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from oscar.apps.order.exceptions import InvalidOrderStatus
from wagtail.admin import messages

from portal import database_clock
from portal.oscar_settings import ORDER_READY, ORDER_RECEIVED
from portal.typography import no_break
from shop import order_history, orders, wording
from shop.backoffice.rights import may, require
from shop.models import MerchantOrder, Purchase
from shop.refusals import CANCELLABLE, ChangedMeanwhile, refuse, refuse_all
from shop.space.refusal_forms import MissingForm, RefusalForm

CHANGED = "Entre-temps, cette commande a changé : rien n’a été fait. Lisez-la de nouveau, puis choisissez."
# What a button posts: the act, and what is told after.
ACTS = {
    "acceptee": (orders.accept, "La commande {} est acceptée au nom du commerçant ; le client est prévenu."),
    "prete": (orders.mark_ready, "La commande {} est prête ; le client est prévenu."),
    "remise": (orders.mark_collected, "La commande {} est remise et payée."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Show one order with its buyer and its merchant, and do what the pressed button says."""
    require(request, MerchantOrder)
    found = _order(number)
    if request.method == "POST":
        require(request, MerchantOrder, "change")
        _act(request, found)
        return redirect(request.path)
    status = found.order.status
    now = database_clock.now()
    is_confirmed = found.purchase.confirmed_at is not None
    acts, handing = [], wording.HANDINGS[found.delivery]
    if may(request.user, MerchantOrder, "change") and is_confirmed:
        acts += [("acceptee", "Accepter")] * (status == ORDER_RECEIVED and found.answered_at is None)
        acts += [("prete", handing.act_ready if found.delivery else "Marquer prête")] * (status == ORDER_RECEIVED)
        acts += [("remise", handing.act_done)] * (status == ORDER_READY)
    context = {
        "page_title": f"Commande {number}",
        "merchant_order": found,
        "merchant": found.storefront.merchant,
        "purchase": found.purchase,
        "ticket": orders.merchant_ticket(found, now),
        "history": order_history.for_staff(found),
        "acts": acts,
        "may_cancel": bool(acts) and status in CANCELLABLE,
        "may_miss": bool(acts) and status == ORDER_RECEIVED,
        "call_since": found.call_from is not None and found.answered_at is None and found.call_from <= now,
    }
    return render(request, "shop/backoffice/order.html", context)


@require_safe
def purchase(request: HttpRequest, number: str) -> HttpResponse:
    """Show a whole purchase: its orders at all their merchants."""
    require(request, MerchantOrder)
    found = get_object_or_404(Purchase.objects.with_orders(), number=number)
    now = database_clock.now()
    rows = [(one, wording.state_of(one, now).name) for one in found.merchant_orders.all()]
    context = {"page_title": f"Achat {number}", "purchase": found, "rows": rows}
    return render(request, "shop/backoffice/purchase.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Ask why, then cancel the whole order in its merchant's place."""
    require(request, MerchantOrder, "change")
    found = _order(number)
    form = RefusalForm(found, request.POST or None)
    if found.purchase.confirmed_at is None or found.order.status not in CANCELLABLE:
        return _too_late(request, number)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_all(found, form.cleaned_data["shown"], request.user, form.reason)
        except ChangedMeanwhile:
            return _too_late(request, number)
        return _done(request, number, "La commande {} est annulée ; le client et le commerçant sont prévenus.")
    return _asked(request, found, form, "Annuler la commande", "Annuler et prévenir")


@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what is missing and why, then take it out of the order in its merchant's place."""
    require(request, MerchantOrder, "change")
    found = _order(number)
    form = MissingForm(found, request.POST or None)
    if found.purchase.confirmed_at is None or found.order.status != ORDER_RECEIVED:
        return _too_late(request, number)
    if request.method == "POST" and form.is_valid():
        try:
            refuse(found, form.missing(), form.shown_quantities(), request.user, form.reason)
        except ChangedMeanwhile:
            return _too_late(request, number)
        return _done(request, number, "Ce qui manque est retiré de la commande {} ; le client est prévenu.")
    return _asked(request, found, form, "Que manque-t-il à la commande", "Retirer et prévenir")


def _order(number: str) -> MerchantOrder:
    return get_object_or_404(MerchantOrder.objects.with_tickets(), order__number=number)


def _act(request: HttpRequest, found: MerchantOrder) -> None:
    act, told = ACTS.get(request.POST.get("faire", ""), (None, ""))
    if act is None or found.purchase.confirmed_at is None:
        messages.error(request, no_break("Choisissez ce qui arrive à cette commande."))
    elif request.POST.get("shown_status") != found.order.status:
        messages.error(request, no_break(CHANGED))
    else:
        try:
            checked = {"identity_checked": "identite" in request.POST} if act is orders.mark_collected else {}
            act(found, by=request.user, **checked)
        except orders.IdentityNotChecked:
            messages.error(request, no_break(orders.ASK_IDENTITY))
        except InvalidOrderStatus:
            messages.error(request, no_break(CHANGED))
        else:
            messages.success(request, no_break(told.format(found.order.number)))


def _asked(request: HttpRequest, found: MerchantOrder, form: Any, title: str, button: str) -> HttpResponse:
    number = found.order.number
    context = {"page_title": f"{title} {number}", "number": number, "form": form, "button": button}
    return render(request, "shop/backoffice/refusal.html", context)


def _done(request: HttpRequest, number: str, told: str) -> HttpResponse:
    messages.success(request, no_break(told.format(number)))
    return redirect("shop_orders:order", number)


def _too_late(request: HttpRequest, number: str) -> HttpResponse:
    messages.error(request, no_break(CHANGED))
    return redirect("shop_orders:order", number)
