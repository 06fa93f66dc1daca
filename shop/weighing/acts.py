"""A merchant weighs what an order holds by weight, and a line that changes keeps the price of its weight."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from portal.oscar_settings import ORDER_READY, ORDER_RECEIVED
from portal.templatetags.portal import euros
from shop import order_history, vat
from shop.models import MerchantOrder, WeighedLine
from shop.order_history import OrderEvent
from shop.weighing import amounts

Line = get_model("order", "Line")
Order = get_model("order", "Order")


class ChangedMeanwhile(Exception):
    """The order is no longer what the merchant was shown: nothing was weighed."""


@transaction.atomic
def weigh(merchant_order: MerchantOrder, grams: Mapping[int, int], shown: Mapping[int, int], by: Any) -> None:
    """Store what lines of an order weigh, and what they cost now; the same weights twice change nothing.

    grams: {line: of all its pieces together}. shown: {line: pieces} as the page showed them. A line costs no more than
    was accepted, however heavy: whoever presses the button has seen that. Raises ChangedMeanwhile; ValueError where a
    line is not sold by weight, or weighs next to nothing.
    """
    from shop.refusals import add_up  # which imports this module

    order = Order.objects.select_for_update().get(pk=merchant_order.order_id)
    lines = {line.pk: line for line in order.lines.select_related("weighed").order_by("pk")}
    if order.status != ORDER_RECEIVED or any(shown.get(pk) != line.quantity for pk, line in lines.items()):
        raise ChangedMeanwhile
    if any(not may_weigh(lines.get(pk), weight) for pk, weight in grams.items()):
        raise ValueError(grams)
    changed = {pk: weight for pk, weight in grams.items() if lines[pk].weighed.grams != weight}
    for pk, weight in changed.items():
        WeighedLine.objects.filter(line=pk).update(grams=weight)
        lines[pk].weighed.grams = weight
        write_price(lines[pk], lines[pk].quantity)
    if changed:
        add_up(order)
        lines = {line.pk: line for line in order.lines.all()}
        told = " ; ".join(
            f"{lines[pk].title}, {amounts.weight(weight)}, {euros(lines[pk].line_price_incl_tax)}"
            for pk, weight in changed.items()
        )
        actor = order_history.actor_of(merchant_order, by)
        kind = OrderEvent.Kind.WEIGHED
        order_history.record(merchant_order, kind, actor, by, words=told[: order_history.LONGEST_WORDS])


def of_line(line: Any) -> WeighedLine | None:
    """Return what was agreed of an order's line that is sold by weight; None of any other. Loaded by select_related."""
    return getattr(line, "weighed", None)


def may_weigh(line: Any, grams: int) -> bool:
    """Return whether a line is sold by weight, and each of its pieces costs a cent at least at that weight."""
    weighed = of_line(line)
    if weighed is None or not line.quantity:
        return False
    return amounts.weighed_price(weighed.price_per_kilo, grams) >= vat.CENT * line.quantity


def write_price(line: Any, pieces: int) -> None:
    """Write how many pieces a line holds now, and what they cost: by weight once that is known."""
    weighed = of_line(line)
    if weighed is None or weighed.grams is None:
        incl_tax, excl_tax = line.unit_price_incl_tax * pieces, line.unit_price_excl_tax * pieces
    else:
        incl_tax = amounts.line_price(weighed.price_per_kilo, weighed.grams, weighed.ceiling, pieces)
        excl_tax = vat.excl_tax(incl_tax, line.tax_code)
    Line.objects.filter(pk=line.pk).update(
        quantity=pieces,
        line_price_incl_tax=incl_tax,
        line_price_excl_tax=excl_tax,
        line_price_before_discounts_incl_tax=incl_tax,
        line_price_before_discounts_excl_tax=excl_tax,
    )


def lighten(line: Any, pieces: int, status: str) -> None:
    """Let a line that loses pieces weigh what the rest does.

    What is packed weighs its share; what is still being prepared has to be weighed again.
    """
    weighed = of_line(line)
    if weighed is None or weighed.grams is None:
        return
    weighed.grams = amounts.grams_of(weighed.grams, pieces, line.quantity) if status == ORDER_READY else None
    WeighedLine.objects.filter(line=line.pk).update(grams=weighed.grams)


def refund(line: Any, gone: int, pieces: int) -> Decimal:
    """Return what is given back for ``pieces`` of a line that was paid, of which ``gone`` were given back before.

    The refunds of all pieces, one after the other, add up to the cent.
    """
    if of_line(line) is None:
        price: Decimal = line.unit_price_incl_tax
        return price * pieces
    return _share(line, gone + pieces) - _share(line, gone)


def _share(line: Any, pieces: int) -> Decimal:
    return (line.line_price_incl_tax * pieces / line.quantity).quantize(vat.CENT, "ROUND_HALF_UP")


def unweighed(merchant_order: MerchantOrder) -> bool:
    """Return whether something of an order is still to be weighed."""
    return WeighedLine.objects.filter(line__order=merchant_order.order_id, line__quantity__gt=0, grams=None).exists()


def to_weigh(lines: Any) -> bool:
    """Do what ``unweighed`` does of lines that are loaded with ``weighed``."""
    return any(line.quantity and (weighed := of_line(line)) and weighed.grams is None for line in lines)


def told(line: Any) -> str:
    """Return what is said beside a line that is sold by weight, "" of any other."""
    weighed = of_line(line)
    if weighed is None or not line.quantity:
        return ""
    price = f"{euros(weighed.price_per_kilo)}/kg"
    if weighed.grams is None:
        return f"à peser, {price}, {euros(weighed.ceiling * line.quantity)} au plus"
    if amounts.weighed_price(weighed.price_per_kilo, weighed.grams) > line.line_price_incl_tax:
        return f"pesé {amounts.weight(weighed.grams)} à {price}, au prix maximal accepté"
    return f"pesé {amounts.weight(weighed.grams)} à {price}"
