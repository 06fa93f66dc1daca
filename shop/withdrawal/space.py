"""A merchant's withdrawals: what comes back, and what is to be refunded until when."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory.models import MerchantPage
from directory.space.navigation import links
from portal import database_clock
from shop.withdrawal import acts, wording
from shop.withdrawal.models import OPEN, Withdrawal

PAGE_SIZE = 20
ON_SALE_AGAIN = "remettre"
ACTS = {
    "recu": "{number} : bien reçu. Le client est prévenu ; il vous reste à le rembourser.",
    "rembourse": "{number} est remboursée : le client est prévenu.",
}


@never_cache
@login_required
@require_safe
def listed(request: HttpRequest, pk: int) -> HttpResponse:
    """Those to be refunded first, by their day; then the others, newest first."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    rank = Case(When(state__in=OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    own = (
        Withdrawal.objects.filter(merchant_order__storefront__merchant=merchant)
        .select_related("merchant_order__purchase", "merchant_order__order")
        .prefetch_related("lines__line")
        .order_by(rank, "refund_by", "-pk")
    )
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    today = database_clock.today()
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "orders"),
        "page": page,
        "withdrawals": [_shown(withdrawal, today) for withdrawal in page],
    }
    return render(request, "shop/withdrawal/space.html", context)


@login_required
@require_POST
def change(request: HttpRequest, pk: int, withdrawal_pk: int) -> HttpResponse:
    """Do what the pressed button says, if the withdrawal is still what the page showed."""
    merchants = MerchantPage.objects.managed_by(request.user).filter(pk=pk)
    withdrawal = get_object_or_404(
        Withdrawal, pk=withdrawal_pk, merchant_order__storefront__merchant__in=merchants.values("pk")
    )
    wanted, shown = request.POST.get("faire", ""), request.POST.get("shown_state", "")
    if wanted not in ACTS:
        messages.error(request, "Choisissez ce qui arrive à cette rétractation.")
        return redirect("merchant_withdrawals", pk)
    try:
        if wanted == "recu":
            acts.mark_returned(withdrawal, shown, request.user, on_sale_again=ON_SALE_AGAIN in request.POST)
        else:
            acts.mark_refunded(withdrawal, shown, request.user)
    except acts.ChangedMeanwhile:
        withdrawal.refresh_from_db()
        messages.error(
            request,
            f"Entre-temps, {withdrawal.number} est devenue « {withdrawal.get_state_display()} » : rien n’a été changé.",
        )
    else:
        messages.success(request, ACTS[wanted].format(number=withdrawal.number))
    return redirect("merchant_withdrawals", pk)


def _shown(withdrawal: Withdrawal, today: Any) -> dict[str, Any]:
    order = withdrawal.merchant_order
    due = withdrawal.refund_by if withdrawal.is_open else None
    return {
        "pk": withdrawal.pk,
        "number": withdrawal.number,
        "code": order.collection_code,
        "order": order.order.number,
        "buyer": order.purchase.name,
        "phone": order.purchase.phone,
        "at": wording.to_the_second(withdrawal.at),
        "lines": [f"{units} × {line.title}" for units, line in withdrawal.units()],
        "refund": withdrawal.refund,
        "delivery": withdrawal.delivery,
        "state": withdrawal.state,
        "state_told": withdrawal.get_state_display(),
        "refund_by": wording.whole_day(due) if due else "",
        "is_late": bool(due and due < today),
        "may_return": withdrawal.state == Withdrawal.State.REQUESTED,
        "is_open": withdrawal.is_open,
    }
