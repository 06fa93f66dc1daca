"""What a merchant refuses of an order: some units, some lines, or all of it. docs/orders.md tells the rules.

A line keeps what it was ordered as in the history alone: its own quantity and price are what is still to be collected,
so that every sum, list and e-mail agrees with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from oscar.core.loading import get_model

from portal.oscar_settings import ORDER_READY, ORDER_RECEIVED
from shop import emails, order_history, orders, vat
from shop.delivery.ways import fee_by_rate
from shop.models import WAITING, MerchantOrder
from shop.order_history import OrderEvent, Reason
from shop.payments import provider_of
from shop.substitution.open import asked_of, sell_no_more, void
from shop.weighing import acts as weighing

Line = get_model("order", "Line")
Order = get_model("order", "Order")
Kind, Actor = OrderEvent.Kind, OrderEvent.Actor

CANCELLABLE = (ORDER_RECEIVED, ORDER_READY)  # by the merchant, who knows of it


class ChangedMeanwhile(Exception):
    """The order is no longer what the merchant was shown: nothing was done."""


@dataclass(frozen=True)
class Missing:
    """What is missing of one line. line: its id; none_left: whether the article is sold out for everybody."""

    line: int
    units: int
    none_left: bool


@transaction.atomic
def refuse_all(merchant_order: MerchantOrder, shown: str, by: Any, reason: Reason) -> None:
    """Cancel an order for its merchant. shown: the state in which the page showed it. Raises ChangedMeanwhile."""
    status = Order.objects.select_for_update().get(pk=merchant_order.order_id).status
    if status != shown or status not in CANCELLABLE:
        raise ChangedMeanwhile
    orders.cancel(merchant_order, by, _because(merchant_order, by), reason)


@transaction.atomic
def refuse(
    merchant_order: MerchantOrder, missing: Iterable[Missing], shown: dict[int, int], by: Any, reason: Reason
) -> bool:
    """Take what is missing out of an order that is being prepared; return whether nothing was left, so it is cancelled.

    shown: the quantities {line: units} that the merchant saw. A second press of the button finds others, so it takes
    nothing twice. Raises ChangedMeanwhile; ValueError if nothing, or more than was ordered, is missing.
    """
    order = Order.objects.select_for_update().get(pk=merchant_order.order_id)
    lines = {line.pk: line for line in order.lines.select_related("weighed").order_by("stockrecord_id", "pk")}
    if order.status != ORDER_RECEIVED or {pk: line.quantity for pk, line in lines.items()} != shown:
        raise ChangedMeanwhile
    gone = {lost.line: lost for lost in missing if lost.units}
    if not gone or any(not 0 < lost.units <= shown.get(pk, 0) for pk, lost in gone.items()):
        raise ValueError(gone)
    if asked_of(merchant_order).filter(line__in=gone).exists():
        raise ChangedMeanwhile
    refused = [(line, gone[pk].units) for pk, line in lines.items() if pk in gone]
    nothing_left = refuse_units(merchant_order, order, refused, by, reason)
    sell_no_more(line.stockrecord_id for pk, line in lines.items() if pk in gone and gone[pk].none_left)
    return nothing_left


@transaction.atomic
def take_back(merchant_order: MerchantOrder, product: int, by: Any, reason: Reason) -> int:
    """Take an article that may be handed over to nobody out of an order that goes on; return how many units.

    product: its id. An order of nothing else is cancelled. What was asked about it, or proposed it, is asked no more.
    """
    order = Order.objects.select_for_update().get(pk=merchant_order.order_id)
    if order.status not in WAITING:
        return 0
    lines = list(order.lines.select_related("weighed").order_by("stockrecord_id", "pk"))
    refused = [(line, line.quantity) for line in lines if line.product_id == product and line.quantity]
    asked = asked_of(merchant_order).filter(Q(line__product=product) | Q(stockrecord__product=product))
    void(merchant_order, asked.values_list("line", flat=True))
    if refused:
        refuse_units(merchant_order, order, refused, by, reason)
    return sum(units for _, units in refused)


def refuse_units(
    merchant_order: MerchantOrder, order: Any, refused: list[tuple[Any, int]], by: Any, reason: Reason
) -> bool:
    """Take units out of lines of an order, whose row is locked; return whether nothing was left, so it is cancelled.

    refused: (line, units), the lines loaded with ``weighed``.
    """
    gone = {line.pk: units for line, units in refused}
    left = (quantity - gone.get(pk, 0) for pk, quantity in order.lines.values_list("pk", "quantity"))
    if not any(left):
        orders.cancel(merchant_order, by, _because(merchant_order, by), reason)
        return True
    for line, units in refused:
        take_out(line, units, order.status)
        order_history.record(
            merchant_order,
            Kind.REFUSED,
            order_history.actor_of(merchant_order, by),
            by,
            reason,
            line=line,
            quantity=units,
        )
    add_up(order)
    if merchant_order.purchase.confirmed_at is not None:
        emails.notify_reduced(merchant_order, [f"{units} × {line.title}" for line, units in refused], reason)
    return False


def take_out(line: Any, units: int, status: str) -> None:
    """Take units out of a line that was not handed over yet: they are on sale again, and cost nothing any more.

    line: loaded with ``weighed``. status: of its order.
    """
    line.cancel_allocation(units)
    left = line.quantity - units
    weighing.lighten(line, left, status)
    weighing.write_price(line, left)


def _because(merchant_order: MerchantOrder, by: Any) -> str:
    """Return whose cancellation it is: the merchant's, or the Region's staff's in their place."""
    is_staff = order_history.actor_of(merchant_order, by) == Actor.STAFF
    return MerchantOrder.Cancelled.STAFF if is_staff else MerchantOrder.Cancelled.MERCHANT


def add_up(order: Any) -> None:
    """Write what an order costs now, its lines having lost units or been weighed; VAT is worked out as at checkout."""
    lines = list(order.lines.values_list("tax_code", "line_price_incl_tax"))
    shares = vat.shares(lines + fee_by_rate(lines, order.shipping_incl_tax))
    order.total_incl_tax = sum((share.incl_tax for share in shares), Decimal(0))
    order.total_excl_tax = sum((share.excl_tax for share in shares), Decimal(0))
    order.save(update_fields=["total_incl_tax", "total_excl_tax"])
    MerchantOrder.objects.filter(order=order).update(has_alcohol=F("has_alcohol"))  # the database looks again
    provider_of(order).changed(order)
