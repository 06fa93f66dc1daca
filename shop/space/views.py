"""Views of a merchant's own orders."""

from collections import Counter
from datetime import datetime
from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from oscar.apps.order.exceptions import InvalidOrderStatus

from directory.models import MerchantPage
from directory.space.navigation import links
from portal import database_clock
from portal.grammar import sentence
from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY, ORDER_RECEIVED
from shop import orders, wording
from shop.collection import words
from shop.delivery.models import Kind
from shop.forks.order.processing import AwaitsAnswer, NotWeighed
from shop.models import MerchantOrder, Storefront
from shop.withdrawal.models import OPEN

PAGE_SIZE = 20
LONGEST_NUMBER = 18  # digits of an id
LISTS = {
    "": ("À préparer", ORDER_RECEIVED),
    "pretes": ("Prêtes", ORDER_READY),
    "remises": ("Remises", ORDER_COLLECTED),
    "annulees": ("Annulées", ORDER_CANCELLED),
}
# What a button posts: the act, and what the merchant reads after.
ACTS = {
    "acceptee": (orders.accept, "{code} est acceptée : le client est prévenu."),
    "prete": (orders.mark_ready, "{code} {is_ready} : le client est prévenu."),
    "remise": (orders.mark_collected, "{code} {is_done}."),
}
LEADS_TO = {"acceptee": ORDER_RECEIVED, "prete": ORDER_READY, "remise": ORDER_COLLECTED}
NEXT = {
    ORDER_RECEIVED: {"value": "prete", "may_miss": True},
    ORDER_READY: {"value": "remise", "may_miss": False},
}


@never_cache
@login_required
@require_safe
def merchant_orders(request: HttpRequest, pk: int) -> HttpResponse:
    """One merchant's orders in one state; by the day and hour of their collection while they wait."""
    merchant = _merchant(request, pk)
    chosen = request.GET.get("etat", "")
    if chosen not in LISTS:
        chosen = ""
    own = MerchantOrder.objects.filter(storefront__merchant=merchant).confirmed()
    status = LISTS[chosen][1]
    is_waiting = status in NEXT
    in_turn = (F("collect_from").asc(nulls_last=True), "pk") if is_waiting else ("-pk",)
    listed = own.filter(order__status=status).with_tickets().order_by(*in_turn)
    now = timezone.now()  # shown alone: this machine's clock will do
    on_rounds = Count("pk", filter=Q(delivery=Kind.ROUND))
    states = list(own.values_list("order__status").annotate(count=Count("pk"), on_rounds=on_rounds, newest=Max("pk")))
    counts = {state: count for state, count, *_ in states}
    paginator = Paginator(listed, PAGE_SIZE)
    paginator.count = counts.get(status, 0)  # known: it need not ask again
    page = paginator.get_page(request.GET.get("page"))
    rehearsal, withdrawals = _rehearsal_and_withdrawals(merchant)
    return render(
        request,
        "shop/space/orders.html",
        {
            "merchant": merchant,
            "space_links": links(merchant, "orders"),
            "lists": [
                {"label": label, "url": f"?etat={key}", "count": counts.get(state, 0), "active": key == chosen}
                for key, (label, state) in LISTS.items()
            ],
            "chosen": chosen,
            "page": page,
            "days": [
                (heading, [(orders.merchant_ticket(one, now), one.purchase.note) for one in on_that_day])
                for heading, on_that_day in groupby(page, key=lambda one: _heading(one, now) if is_waiting else "")
            ],
            "next": NEXT.get(status),
            "withdrawals": withdrawals,
            "rehearsal": rehearsal if not chosen else "",
            "shown_status": status,
            "newest": max((newest for *_, newest in states), default=0),
            "delivers": any(state in NEXT and on_rounds for state, _, on_rounds, _ in states),
            "packs": status == ORDER_RECEIVED and bool(page.object_list),
        },
    )


@never_cache
@login_required
@require_safe
def new_orders(request: HttpRequest, pk: int) -> JsonResponse:
    """How many orders came since the one whose id ?depuis= gives: what an open page asks (order-desk.js)."""
    since = request.GET.get("depuis", "")
    number = int(since) if since.isascii() and since.isdigit() and len(since) < LONGEST_NUMBER else 0
    new = MerchantOrder.objects.filter(storefront__merchant=_merchant(request, pk), pk__gt=number)
    return JsonResponse({"count": new.confirmed().filter(order__status=ORDER_RECEIVED).count()})


@never_cache
@login_required
@require_safe
def packing_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be prepared, on paper: each order by its time, and how many of each article in all."""
    merchant = _merchant(request, pk)
    waiting = MerchantOrder.objects.filter(storefront__merchant=merchant, order__status=ORDER_RECEIVED).confirmed()
    parts = list(waiting.with_tickets().order_by(F("collect_from").asc(nulls_last=True), "prepare_by", "pk"))
    now = database_clock.now()
    total: Counter[str] = Counter()
    for line in (line for part in parts for line in part.order.lines.all()):
        total[line.title] += line.quantity
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "orders"),
        "tickets": [(orders.merchant_ticket(part, now), part.purchase.note) for part in parts],
        "totals": sorted((title, count) for title, count in total.items() if count),
        "day": localdate(),
    }
    return render(request, "shop/space/packing_list.html", context)


@login_required
@require_POST
def change_order(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """Do what the pressed button says to one order of this merchant, if its state is the one that the page showed."""
    merchant = _merchant(request, pk)
    merchant_order = get_object_or_404(
        MerchantOrder.objects.confirmed().with_details(), storefront__merchant=merchant, order__number=number
    )
    wanted, handing = request.POST.get("faire", ""), wording.HANDINGS[merchant_order.delivery]
    act, told = ACTS.get(wanted, (None, ""))
    if act is None:
        messages.error(request, "Choisissez ce qui arrive à cette commande.")
    elif merchant_order.order.status not in (
        request.POST.get("shown_status", merchant_order.order.status),
        LEADS_TO[wanted],
    ):
        messages.error(
            request,
            f"Entre-temps, {merchant_order.collection_code} est devenue « {merchant_order.order.status} »\u00a0: rien "
            "n’a été changé. Regardez-la, puis choisissez de nouveau.",
        )
    else:
        try:
            checked = {"identity_checked": "identite" in request.POST} if wanted == "remise" else {}
            act(merchant_order, by=request.user, **checked)
            messages.success(
                request,
                told.format(code=merchant_order.collection_code, is_ready=handing.is_ready, is_done=handing.is_done),
            )
        except NotWeighed:
            messages.info(request, f"Pesez d’abord {merchant_order.collection_code} : son prix est celui de la pesée.")
            return _led_to(request, reverse("weigh_order", args=[pk, number]))
        except AwaitsAnswer:
            messages.error(
                request,
                f"Le client de {merchant_order.collection_code} n’a pas encore répondu au remplacement proposé : il "
                "peut encore dire oui ou non.",
            )
        except orders.IdentityNotChecked:
            messages.error(request, orders.ASK_IDENTITY)
        except InvalidOrderStatus:
            messages.error(
                request,
                f"{merchant_order.collection_code} est déjà « {merchant_order.order.status} » : rechargez la page pour "
                "la voir.",
            )
    return _led_to(request, reverse("merchant_orders", args=[pk]))


def _led_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send a browser to the page that an act led to; tell order-desk.js, which goes there itself, where that is."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"url": url})
    return redirect(url)


def _heading(merchant_order: MerchantOrder, now: datetime) -> str:
    """Return what stands above the orders of one day: "Aujourd’hui, lundi 30 novembre"."""
    slot, today = merchant_order.slot, localdate(now)
    if slot is None:
        return "Sans horaire convenu"
    day = slot.start.date()
    told = words.written_day(day)
    if day < today:
        return f"En retard : {told}"
    return {0: f"Aujourd’hui, {told}", 1: f"Demain, {told}"}.get((day - today).days, sentence(told))


def _rehearsal_and_withdrawals(merchant: MerchantPage) -> tuple[str, int]:
    """Return the code of the fake order that waits at the desk, or "", and how many withdrawals go on; one query."""
    is_open = Q(merchant_orders__withdrawals__state__in=OPEN)
    shops = Storefront.objects.filter(merchant=merchant).annotate(
        withdrawals=Count("merchant_orders__withdrawals", filter=is_open)
    )
    found = shops.values_list("rehearsal_code", "withdrawals").first()
    return (found[0] or "", found[1]) if found else ("", 0)


def _merchant(request: HttpRequest, pk: int) -> MerchantPage:
    return get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
