"""A purchase: its page, its confirmation link, cancelling one of its orders, and ordering it again."""

from collections import Counter
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import database_clock
from portal.calendar_files import calendar_file
from portal.grammar import chez
from portal.oscar_settings import ORDER_READY
from shop import baskets, vat, wording
from shop.collection import agenda
from shop.collection.proposals import Outdated, accept
from shop.middleware import ShopRequest
from shop.models import MerchantOrder, Purchase
from shop.orders import buyer_ticket, cancel_url, vat_lines
from shop.products import on_sale
from shop.purchases import HasBegun, HoldIsOver, cancel, confirm, release

OPENED = "purchases"  # session key: numbers of the purchases that this browser may see
CONTACT = "checkout_contact"  # session key: what was typed, kept while the basket is being mended
ANEW = "encore"  # the name of « Commander à nouveau »
CONFLICT, GONE = 409, 410
Cancelled = MerchantOrder.Cancelled


@never_cache
@require_safe
def purchase(request: HttpRequest, number: str) -> HttpResponse:
    """A purchase with its codes, for the browser that made it, its owner, or the link of the e-mail."""
    bought = get_object_or_404(Purchase.objects.with_tickets(), number=number)
    key = request.GET.get("cle", "")
    is_opened = bought.is_opened_by(key)
    if not (is_opened or may_see(request, bought)):
        raise Http404
    return render(request, "shop/purchase.html", _context(bought, key if is_opened else ""))


@never_cache
@require_safe
def calendar(request: HttpRequest, number: str) -> HttpResponse:
    """The agreed times of a purchase as a calendar file, for whoever may see its page."""
    bought = get_object_or_404(Purchase.objects.with_orders(), number=number)
    if not (bought.is_opened_by(request.GET.get("cle", "")) or may_see(request, bought)):
        raise Http404
    now = database_clock.now()
    response = HttpResponse(calendar_file(agenda.events(bought, now), now), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="retraits-{bought.number}.ics"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, number: str) -> HttpResponse:
    """The link of the e-mail: reading it shows the purchase and one button, pressing that confirms it."""
    bought = get_object_or_404(Purchase.objects.with_tickets(), number=number)
    if not bought.is_confirmed_by(request.GET.get("cle", "")):
        raise Http404
    if bought.confirmed_at is not None:
        return open_for(request, bought)
    status = 200
    if request.method == "POST":
        try:
            if confirm(bought):
                return open_for(request, bought)
            status = CONFLICT
        except HoldIsOver:
            status = GONE
        bought = Purchase.objects.with_tickets().get(pk=bought.pk)
    return render(request, "shop/confirm.html", _context(bought, request.GET["cle"]), status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: HttpRequest, number: str) -> HttpResponse:
    """Ask once whether to cancel one merchant's order, and do it; what is ready is for the merchant to cancel."""
    merchant_order = get_object_or_404(MerchantOrder.objects.with_tickets(), order__number=number)
    bought, key = merchant_order.purchase, request.GET.get("cle", "")
    back = _address_for(request, bought, key)
    meanwhile = False
    if request.method == "POST":
        try:
            cancel(
                merchant_order,
                by=request.user if request.user.is_authenticated and bought.user == request.user else None,
            )
            messages.success(
                request, f"Commande annulée {chez(merchant_order.storefront.merchant.title)} : rien à payer."
            )
            return redirect(back)
        except HasBegun:
            meanwhile = True
        merchant_order = MerchantOrder.objects.with_tickets().get(pk=merchant_order.pk)
    now = database_clock.now()
    state = wording.state_of(merchant_order, now)
    if not state.buyer_may_cancel and state.step != ORDER_READY:
        return redirect(back)  # there is nothing to cancel any more: its page says what became of it
    merchant = merchant_order.storefront.merchant
    context = {
        "ticket": buyer_ticket(merchant_order, now),
        "merchant": merchant,
        "may_cancel": state.buyer_may_cancel,
        "ready_at": [] if state.buyer_may_cancel else [merchant],
        "meanwhile": meanwhile,
        "back": back,
    }
    return render(request, "shop/cancel_order.html", context, status=CONFLICT if meanwhile else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Accept the time that a merchant proposes, or go on to cancel."""
    merchant_order = get_object_or_404(MerchantOrder.objects.confirmed().with_tickets(), order__number=number)
    bought, key = merchant_order.purchase, request.GET.get("cle", "")
    back, meanwhile = _address_for(request, bought, key), False
    if request.method == "POST":
        by = request.user if request.user.is_authenticated and bought.user == request.user else None
        try:
            accept(merchant_order, request.POST.get("horaire", ""), by)
        except Outdated:
            meanwhile = True
        else:
            messages.success(request, "C’est noté : le commerçant est prévenu.")
            return redirect(back)
        merchant_order = MerchantOrder.objects.with_tickets().get(pk=merchant_order.pk)
    now = database_clock.now()
    ticket, proposal = buyer_ticket(merchant_order, now, key), merchant_order.proposal
    if not ticket.proposal or proposal is None:
        messages.warning(request, "Il n’y a pas d’autre horaire à accepter : voici où en est votre commande.")
        return redirect(back)
    context = {
        "ticket": ticket,
        "merchant": merchant_order.storefront.merchant,
        "value": proposal.start.isoformat(),
        "meanwhile": meanwhile,
        "cancel_url": cancel_url(merchant_order, key),
        "back": back,
    }
    return render(request, "shop/answer_proposal.html", context, status=CONFLICT if meanwhile else 200)


@require_POST
def again(request: ShopRequest, number: str) -> HttpResponse:
    """Put what is still on sale back into the basket; a purchase that was not confirmed is given up for that.

    One that goes on is shown instead, as to who confirmed it in another tab, unless « Commander à nouveau » asks.
    """
    bought = get_object_or_404(Purchase.objects.with_tickets(), number=number)
    key = request.GET.get("cle", "")
    if not (may_see(request, bought) or bought.is_opened_by(key) or bought.is_confirmed_by(key)):
        raise Http404
    if bought.confirmed_at is None:
        release(bought, Cancelled.GIVEN_UP if bought.is_held(database_clock.now()) else Cancelled.UNCONFIRMED)
        bought = Purchase.objects.with_tickets().get(pk=bought.pk)
    merchant_orders = list(bought.merchant_orders.all())
    if ANEW not in request.POST and not wording.summary(merchant_orders, database_clock.now()).is_over:
        return open_for(request, bought)
    lines = [line for part in merchant_orders for line in part.order.lines.all() if line.quantity]
    wanted = {line.product_id: line for line in lines}
    units: Counter[int] = Counter()  # an article may stand in two lines: ordered, and for another
    for line in lines:
        units[line.product_id] += line.quantity
    products = on_sale(pk__in=wanted).in_bulk()
    for key, line in wanted.items():
        product = products.get(key)
        if product is None:
            told = f"« {line.title} » n’est plus en vente."
        else:  # what a first press of this button has put in is not put in again
            missing = max(0, units[key] - request.basket.product_quantity(product))
            told = baskets.add(request.basket, product, missing)
        if told:
            messages.warning(request, told)
    if bought.number in request.session.get(OPENED, []):
        request.session[CONTACT] = {
            "name": bought.name, "email": bought.email, "phone": bought.phone, "note": bought.note,
        }  # fmt: skip
    return redirect("basket:summary")


def open_for(request: HttpRequest, bought: Purchase) -> HttpResponse:
    """Let this browser see the purchase, and send it there by GET."""
    opened = [number for number in request.session.get(OPENED, []) if number != bought.number]
    request.session[OPENED] = [*opened, bought.number][-20:]
    response = redirect(bought)
    response.status_code = 303
    return response


def _address_for(request: HttpRequest, bought: Purchase, key: str) -> str:
    """Return the page of a purchase that this visitor was on, or raise Http404: it is a stranger's."""
    if bought.is_opened_by(key):
        return f"{bought.get_absolute_url()}?cle={key}"
    if bought.is_confirmed_by(key):
        return f"{reverse('checkout:confirm', args=[bought.number])}?cle={key}"
    if may_see(request, bought):
        return bought.get_absolute_url()
    raise Http404


def may_see(request: HttpRequest, bought: Purchase) -> bool:
    """Return whether this browser ordered it, or its account owns it."""
    if bought.number in request.session.get(OPENED, []):
        return True
    return request.user.is_authenticated and Purchase.objects.of(request.user).filter(pk=bought.pk).exists()


def _context(bought: Purchase, key: str = "") -> dict:
    merchant_orders, now = list(bought.merchant_orders.all()), database_clock.now()
    summary = wording.summary(merchant_orders, now)
    return {
        "purchase": bought,
        "again": reverse("checkout:again", args=[bought.number]) + (f"?{urlencode({'cle': key})}" if key else ""),
        "summary": summary,
        "tickets": [
            (buyer_ticket(merchant_order, now, key), merchant_order.storefront.merchant)
            for merchant_order in merchant_orders
        ],
        "ready_at": [
            merchant_order.storefront.merchant
            for merchant_order in merchant_orders
            if wording.state_of(merchant_order, now).step == ORDER_READY
        ],
        "calendar": agenda.url(bought, key) if any(agenda.agreed(merchant_orders, now)) else "",
        "shares": vat.shares(vat_lines(merchant_orders, now)),
        "closed": wording.closed(merchant_orders, summary.awaits_confirmation),
        "confirm_before": wording.written_hour(bought.confirm_by) if bought.confirm_by else "",
    }
