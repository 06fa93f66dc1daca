"""A merchant refuses an order, or some of it, with a reason."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.space.navigation import links
from portal import database_clock
from portal.oscar_settings import ORDER_RECEIVED
from portal.templatetags.portal import euros
from shop import orders
from shop.models import MerchantOrder
from shop.refusals import CANCELLABLE, ChangedMeanwhile, refuse, refuse_all
from shop.space.refusal_forms import MissingForm, RefusalForm


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_order(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """Ask why, then cancel the whole order."""
    merchant_order = _order(request, pk, number)
    form = RefusalForm(merchant_order, request.POST or None)
    if merchant_order.order.status not in CANCELLABLE:
        return _too_late(request, pk, merchant_order)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_all(merchant_order, form.cleaned_data["shown"], request.user, form.reason)
        except ChangedMeanwhile:
            return _too_late(request, pk, merchant_order)
        messages.success(
            request,
            f"{merchant_order.collection_code} est annulée : le client est prévenu, les articles sont de nouveau en "
            "vente.",
        )
        return redirect("merchant_orders", pk)
    return _page(request, "cancel_order", merchant_order, form)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def missing_items(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """Ask what is missing and why, then take it out of the order."""
    merchant_order = _order(request, pk, number)
    form = MissingForm(merchant_order, request.POST or None)
    if merchant_order.order.status != ORDER_RECEIVED:
        return _too_late(request, pk, merchant_order)
    if request.method == "POST" and form.is_valid():
        try:
            nothing_left = refuse(merchant_order, form.missing(), form.shown_quantities(), request.user, form.reason)
        except ChangedMeanwhile:
            return _too_late(request, pk, merchant_order)
        merchant_order.order.refresh_from_db()
        rest = (
            "il ne restait rien, elle est annulée"
            if nothing_left
            else f"{euros(merchant_order.order.total_incl_tax)} à encaisser"
        )
        messages.success(request, f"{merchant_order.collection_code} : le client est prévenu, {rest}.")
        return redirect("merchant_orders", pk)
    return _page(request, "missing_items", merchant_order, form)


def _order(request: HttpRequest, pk: int, number: str) -> MerchantOrder:
    """Return one confirmed order of a merchant whom the visitor keeps, or raise Http404."""
    own = MerchantOrder.objects.managed_by(request.user).confirmed().with_tickets()
    return get_object_or_404(own, storefront__merchant=pk, order__number=number)


def _page(request: HttpRequest, template: str, merchant_order: MerchantOrder, form: Any) -> HttpResponse:
    merchant = merchant_order.storefront.merchant
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "orders"),
        "ticket": orders.merchant_ticket(merchant_order, database_clock.now()),
        "form": form,
    }
    return render(request, f"shop/space/{template}.html", context)


def _too_late(request: HttpRequest, pk: int, merchant_order: MerchantOrder) -> HttpResponse:
    merchant_order.order.refresh_from_db()
    messages.error(
        request,
        f"Entre-temps, {merchant_order.collection_code} a changé (« {merchant_order.order.status} ») : rien n’a été "
        "fait. Regardez-la, puis choisissez de nouveau.",
    )
    return redirect("merchant_orders", pk)
