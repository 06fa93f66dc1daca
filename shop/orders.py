"""Orders in our words: what a buyer or a merchant sees of them, and what a merchant does with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.timezone import localtime
from oscar.core.loading import get_class, get_model

from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY, ORDER_RECEIVED
from portal.phone import telephone_url
from shop.collection import address
from shop.models import MerchantOrder

EventHandler = get_class("order.processing", "EventHandler")
Line = get_model("order", "Line")

DUE = {
    ORDER_RECEIVED: "À payer sur place",
    ORDER_READY: "À payer sur place",
    ORDER_COLLECTED: "Payé sur place",
    ORDER_CANCELLED: "Rien à payer",
}


@dataclass(frozen=True)
class Ticket:
    """What components/order_ticket.html shows of one merchant's order, and the links for its foot."""

    number: str
    code: str
    title: str
    kind: str
    status: str
    when: str
    address: str
    lines: list[dict[str, Any]]
    due: dict[str, Any]
    actions: list[dict[str, str]]


def buyer_ticket(part: MerchantOrder) -> Ticket:
    """Return a merchant's order as its buyer sees it: whose it is and where to go."""
    merchant = part.storefront.merchant
    latitude, longitude = merchant.point
    there = {"label": "Y aller", "url": f"geo:{latitude:.5f},{longitude:.5f}", "icon": "route"}
    return _ticket(part, title=merchant.title, address=address(merchant), actions=[there])


def merchant_ticket(part: MerchantOrder) -> Ticket:
    """Return an order as its merchant sees it: who comes for it."""
    buyer = part.purchase
    call = {"label": "Appeler", "url": telephone_url(buyer.phone), "icon": "phone"}
    return _ticket(part, title=buyer.name, address=buyer.phone, actions=[call])


def vat_lines(parts: Iterable[MerchantOrder]) -> list[tuple[str, Decimal]]:
    """Return (rate, total) of all lines that are not cancelled, for vat.shares()."""
    return [
        (line.tax_code, line.line_price_incl_tax)
        for part in parts
        if part.order.status != ORDER_CANCELLED
        for line in part.order.lines.all()
    ]


def ordered_since(product, moment: datetime) -> int:
    """Return how many pieces of a product were ordered since then, without the orders cancelled meanwhile."""
    lines = Line.objects.filter(product=product, order__date_placed__gte=moment).exclude(order__status=ORDER_CANCELLED)
    return lines.aggregate(count=Sum("quantity", default=0))["count"]


def mark_ready(part: MerchantOrder, by) -> None:
    """The goods are packed; the buyer is told. by: the User who says so."""
    EventHandler(by).handle_order_status_change(part.order, ORDER_READY)


def mark_collected(part: MerchantOrder, by) -> None:
    """The goods left the shop and were paid: they leave the stock."""
    EventHandler(by).handle_order_status_change(part.order, ORDER_COLLECTED)


def cancel(part: MerchantOrder, by) -> None:
    """The order will not be served: its goods are on sale again; the buyer is told."""
    EventHandler(by).handle_order_status_change(part.order, ORDER_CANCELLED)


def _ticket(part, title, address, actions):
    order = part.order
    placed = localtime(part.purchase.placed_at)
    return Ticket(
        number=order.number,
        code=part.collection_code,
        title=title,
        kind="new" if order.status == ORDER_RECEIVED else "",
        status=f"{order.status}, commandée le {placed:%d/%m} à {placed.hour} h {placed:%M}",
        when="",
        address=address,
        lines=[
            {"quantity": line.quantity, "title": line.title, "total": line.line_price_incl_tax}
            for line in order.lines.all()
        ],
        due={"label": DUE[order.status], "amount": order.total_incl_tax * (order.status != ORDER_CANCELLED)},
        actions=actions,
    )
