"""A merchant proposes another time for an order that is being prepared."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.space.navigation import links
from portal import database_clock
from portal.grammar import chez
from shop import orders
from shop.collection import words
from shop.collection.choosing import Choice, pick
from shop.collection.offers import offers, taken_of
from shop.collection.proposals import Outdated, propose
from shop.collection.slots import EVERY_DAY, Slot
from shop.delivery.ways import rounds_ahead
from shop.models import TO_PREPARE, MerchantOrder
from shop.order_history import LONGEST_WORDS

LONGEST_WORD = LONGEST_WORDS - 100  # beside the time, in the history
SENDS = "proposer"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose_time(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """Ask which time, and propose it to the buyer; the free slots of the shop, without its lead."""
    own = MerchantOrder.objects.managed_by(request.user).confirmed().with_tickets()
    merchant_order = get_object_or_404(own, storefront__merchant=pk, order__number=number)
    merchant, now = merchant_order.storefront.merchant, database_clock.now()
    if merchant_order.order.status not in TO_PREPARE:
        return _too_late(request, merchant_order)
    free = _free(merchant_order, now)
    choice = Choice(merchant.pk, [slot for slot in free if slot != merchant_order.slot])
    word = " ".join(request.POST.get("mot", "").split())[:LONGEST_WORD]
    if choice.slots:
        pick(choice, request.POST, chez(merchant.title), binds=SENDS in request.POST)
    if SENDS in request.POST and choice.chosen and not choice.changed:
        try:
            propose(merchant_order, choice.chosen, request.user, word)
        except Outdated:
            return _too_late(request, merchant_order)
        messages.success(
            request,
            f"{merchant_order.collection_code} : vous avez proposé {words.written(choice.chosen)}. Le client est "
            "prévenu ; nous vous dirons s’il accepte.",
        )
        return redirect("merchant_orders", pk)
    choice.is_open = True
    if choice.changed:
        messages.warning(request, choice.changed)
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "orders"),
        "ticket": orders.merchant_ticket(merchant_order, now),
        "choice": choice,
        "action": reverse("propose_time", args=[pk, number]),
        "word": word,
        "longest_word": LONGEST_WORD,
    }
    return render(request, "shop/space/propose_time.html", context, status=409 if choice.changed else 200)


def _free(merchant_order: MerchantOrder, now: datetime) -> Iterator[Slot]:
    """Yield the times that a merchant can propose: without the shop's lead; of what is brought, at its usual hours."""
    merchant = merchant_order.storefront.merchant
    rules = merchant_order.storefront.rules.of_the_merchant()
    taken = taken_of([merchant.pk], now, merchant_order.delivery)[merchant.pk]
    if not merchant_order.delivery:
        return offers(merchant.opening_hours, merchant.place, now, rules, taken)
    method = merchant_order.storefront.delivery_methods.filter(kind=merchant_order.delivery).first()
    if method is None or method.rounds is None:
        return iter(())
    rounds = replace(method.rounds, weekdays=EVERY_DAY, day_before=None, hours=0)
    return rounds_ahead(rounds, merchant.opening_hours, merchant.place, now, rules, taken)


def _too_late(request: HttpRequest, merchant_order: MerchantOrder) -> HttpResponse:
    messages.error(request, f"Entre-temps, {merchant_order.collection_code} a changé : rien n’a été proposé.")
    return redirect("merchant_orders", merchant_order.storefront.merchant_id)
