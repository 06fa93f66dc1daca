"""What of a purchase can be given up right now, line by line, and why the rest cannot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate, localtime

from portal.oscar_settings import ORDER_COLLECTED, ORDER_READY, ORDER_RECEIVED
from shop.models import MerchantOrder, Purchase
from shop.order_history import OrderEvent
from shop.weighing.acts import refund
from shop.withdrawal import exceptions, period, wording
from shop.withdrawal.models import Withdrawal

BEFORE_HAND_OVER = (ORDER_RECEIVED, ORDER_READY)


@dataclass(frozen=True)
class Line:
    """A line of an order. units: how many can be given up, 0 where none can. price: euros, of one. told: why, or ""."""

    pk: int
    title: str
    price: Decimal
    units: int
    told: str


@dataclass(frozen=True)
class Part:
    """One merchant's order. told: what its buyer reads of it; last_day: None where no day ends it."""

    merchant_order: MerchantOrder
    merchant: Any
    told: str
    last_day: date | None
    lines: tuple[Line, ...]
    withdrawals: tuple[Withdrawal, ...]

    @property
    def is_open(self) -> bool:
        return any(line.units for line in self.lines)


def load(number: str) -> Purchase | None:
    """Return a purchase with all that ``parts`` reads, or None."""
    loaded = Purchase.objects.with_tickets().prefetch_related(
        "merchant_orders__order__lines__excepted", "merchant_orders__withdrawals__lines__line"
    )
    return loaded.filter(number=number).first()


def parts(purchase: Purchase, now: datetime) -> list[Part]:
    """Return what can be given up at each merchant's, of a purchase from ``load``."""
    return [_part(merchant_order, now) for merchant_order in purchase.merchant_orders.all()]


def handed_over_on(merchant_order: MerchantOrder) -> date:
    """Return the day of the hand-over. Orders of before their history was kept were collected by their day at most."""
    collected = [event.at for event in merchant_order.events.all() if event.kind == OrderEvent.Kind.COLLECTED]
    if collected:
        return localdate(collected[-1])
    return merchant_order.collect_by or localdate(merchant_order.order.date_placed)


def last_day_of(merchant_order: MerchantOrder) -> date:
    """Return the last day on which what was handed over can be given up."""
    told = merchant_order.purchase.told_of_withdrawal_at
    return period.last_day(handed_over_on(merchant_order), localdate(told) if told else None)


def withdrawn_units(merchant_order: MerchantOrder) -> dict[int, int]:
    """Return how many units of each line, by its id, were given up after they were handed over."""
    units: dict[int, int] = {}
    for withdrawal in merchant_order.withdrawals.all():
        if withdrawal.handed_over:
            for row in withdrawal.lines.all():
                units[row.line_id] = units.get(row.line_id, 0) + row.quantity
    return units


def _part(merchant_order: MerchantOrder, now: datetime) -> Part:
    status = merchant_order.order.status
    last: date | None = None
    lines: Iterable[Line] = ()
    if merchant_order.purchase.confirmed_at is None:
        told = wording.NOT_ORDERED
    elif status == ORDER_RECEIVED:
        told, lines = wording.NOT_READY, [_line(line, line.quantity) for line in _held(merchant_order)]
    elif status == ORDER_READY:
        told, lines = wording.READY, [_excepted_or(line, line.quantity) for line in _held(merchant_order)]
    elif status == ORDER_COLLECTED:
        last = last_day_of(merchant_order)
        gone = withdrawn_units(merchant_order)
        is_over = localtime(now).date() > last
        told = (wording.OVER if is_over else wording.OPEN).format(day=wording.whole_day(last))
        lines = [
            _line(line, 0) if is_over else _excepted_or(line, line.quantity - gone.get(line.pk, 0))
            for line in _held(merchant_order)
        ]
    else:
        told = wording.CANCELLED
    return Part(
        merchant_order,
        merchant_order.storefront.merchant,
        told,
        last,
        tuple(lines),
        tuple(merchant_order.withdrawals.all()),
    )


def _held(merchant_order: MerchantOrder) -> list[Any]:
    return [line for line in merchant_order.order.lines.all() if line.quantity]


def _excepted_or(line: Any, units: int) -> Line:
    excepted = getattr(line, "excepted", None)
    exception = excepted.exception if excepted else ""
    may_be = exceptions.may_be_given_up(exception)
    told = "" if units else wording.ALL_GIVEN_UP
    return _line(line, units if may_be else 0, exceptions.told(exception) or told)


def _line(line: Any, units: int, told: str = "") -> Line:
    return Line(line.pk, line.title, refund(line, 0, 1) if line.quantity else line.unit_price_incl_tax, units, told)
