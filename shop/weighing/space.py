"""A merchant weighs an order, at the desk."""

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
from shop.weighing.acts import ChangedMeanwhile, weigh
from shop.weighing.forms import WeighingForm


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def weigh_order(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """Ask what each article sold by weight weighs, then store it and tell what is to be paid."""
    own = MerchantOrder.objects.managed_by(request.user).confirmed().with_tickets()
    merchant_order = get_object_or_404(own, storefront__merchant=pk, order__number=number)
    form = WeighingForm(merchant_order, request.POST or None)
    if merchant_order.order.status != ORDER_RECEIVED or not form.lines:
        return _nothing_to_weigh(request, pk, merchant_order)
    if request.method == "POST" and form.is_valid():
        try:
            weigh(merchant_order, form.grams(), form.shown_pieces(), request.user)
        except ChangedMeanwhile:
            return _nothing_to_weigh(request, pk, merchant_order)
        merchant_order.order.refresh_from_db()
        total = euros(merchant_order.order.total_incl_tax)
        messages.success(request, f"{merchant_order.collection_code} est pesée : {total} à encaisser.")
        return redirect("merchant_orders", pk)
    merchant = merchant_order.storefront.merchant
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "orders"),
        "ticket": orders.merchant_ticket(merchant_order, database_clock.now()),
        "form": form,
    }
    return render(request, "shop/space/weigh_order.html", context)


def _nothing_to_weigh(request: HttpRequest, pk: int, merchant_order: MerchantOrder) -> HttpResponse:
    merchant_order.order.refresh_from_db()
    messages.error(
        request,
        f"Rien n’a été pesé : {merchant_order.collection_code} est « {merchant_order.order.status} », ou a changé "
        "entre-temps. Regardez-la, puis recommencez s’il le faut.",
    )
    return redirect("merchant_orders", pk)
