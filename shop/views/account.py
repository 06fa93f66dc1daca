"""A shopper's account: purchases and name."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import database_clock
from portal.templatetags.portal import euros
from shop import wording
from shop.forms import ProfileForm
from shop.models import Purchase

PAGE_SIZE = 20


@never_cache
@login_required
@require_safe
def purchases(request: HttpRequest) -> HttpResponse:
    """What the user bought, newest first, as a guest with a verified address too. Each opens on its own page."""
    bought = Purchase.objects.of(request.user).with_orders().order_by("-placed_at", "-pk")
    page = Paginator(bought, PAGE_SIZE).get_page(request.GET.get("page"))
    now = database_clock.now()
    listed = [_listed(purchase, now) for purchase in page]
    return render(request, "shop/purchases.html", {"page": page, "listed": listed})


def _listed(purchase: Purchase, now: datetime) -> dict:
    merchant_orders = list(purchase.merchant_orders.all())
    summary = wording.summary(merchant_orders, now)
    states = [(merchant_order, wording.state_of(merchant_order, now)) for merchant_order in merchant_orders]
    return {
        "purchase": purchase,
        "total": f"{euros(summary.total)}" if summary.total else wording.NOTHING.lower(),
        "merchant_orders": [
            {
                "merchant": merchant_order.storefront.merchant.title,
                "state": state.name.lower(),
                "code": merchant_order.collection_code if state.shows_code else "",
            }
            for merchant_order, state in states
        ],
    }


@never_cache
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Votre nom est enregistré.")
        return redirect("customer:profile-view")
    return render(request, "shop/profile.html", {"form": form})
