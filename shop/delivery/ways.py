"""A way in which one merchant's part of a basket reaches its buyer, and the rounds it can be on: a pure reckoning."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from directory.hours import PARIS, Place, daily_openings
from shop.collection.slots import DAY, Opening, Rules, Slot, Taken, offered
from shop.vat import CENT
from shop.withdrawal.exceptions import Exceptions

LOOK_AHEAD = 60  # days in which a round must be


@dataclass(frozen=True, slots=True)
class Rounds:
    """When a merchant delivers: on these weekdays (Monday 0), from ``start`` to ``end``, ``places`` orders each time.

    day_before: the hour of the day before until which a round's orders are taken, or None. hours: that pass before it.
    """

    weekdays: frozenset[int]
    start: time
    end: time
    places: int
    day_before: time | None
    hours: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way, priced for what it brings. kind: of DeliveryMethod. fee: euros, VAT included. rounds: None for a parcel.

    told: what its merchant says of it, or "".
    """

    kind: str
    fee: Decimal
    rounds: Rounds | None = None
    told: str = ""


def rounds_ahead(
    rounds: Rounds, opening_hours: str, place: Place, now: datetime, articles: Rules, taken: Iterable[Taken] = ()
) -> Iterator[Slot]:
    """Yield the rounds that an order can still be on at ``now``, an aware time, the soonest first.

    articles: the rules of the shop with what the articles ask; of them count the hours, the days ahead, and the
    weekdays that no article leaves out (``articles.weekdays``).
    """
    length = int((datetime.combine(date.min, rounds.end) - datetime.combine(date.min, rounds.start)).total_seconds())
    rules = Rules(
        lead=0,
        day_before=rounds.day_before,
        length=length // 60,
        places=rounds.places,
        ahead=articles.ahead,
        weekdays=rounds.weekdays & articles.weekdays,
        hours=max(rounds.hours, articles.hours),
    )
    first = now.astimezone(PARIS).date() - DAY
    closed = _unusually_closed(opening_hours, place, first)
    days = (first + DAY * number for number in range(LOOK_AHEAD))
    openings = (
        Opening(datetime.combine(day, rounds.start), datetime.combine(day, rounds.end))
        for day in days
        if day not in closed
    )
    return offered(openings, now, rules, taken)


def _unusually_closed(opening_hours: str, place: Place, first: date) -> frozenset[date]:
    """Return the days on which a shop is closed though it is usually open on that weekday: holidays, closings."""
    opened = {start.date() for start, _ in daily_openings(opening_hours, first, LOOK_AHEAD, place)}
    usual = {day.weekday() for day in opened}
    days = (first + timedelta(days=number) for number in range(LOOK_AHEAD))
    return frozenset(day for day in days if day.weekday() in usual and day not in opened)


def travels(is_alcohol: bool | None, withdrawal_exception: str | None) -> bool:
    """Return whether an article can go by post: somebody has to see who gets alcohol, and some things spoil on the way.

    withdrawal_exception: why it cannot be given back, of ProductDetails, or "". The database holds the same rule
    (guards.py).
    """
    return not is_alcohol and withdrawal_exception != Exceptions.PERISHABLE


def fee_of(fee: Decimal, free_from: Decimal | None, goods: Decimal) -> Decimal:
    """Return what delivering goods of this worth costs; all in euros, VAT included."""
    return Decimal(0) if free_from is not None and goods >= free_from else fee


def taxed(order: Any) -> list[tuple[str, Decimal]]:
    """Return the (rate, total) of the lines of one of Oscar's orders and of its delivery, for vat.shares()."""
    lines = [(line.tax_code, line.line_price_incl_tax) for line in order.lines.all()]
    return lines + fee_by_rate(lines, order.shipping_incl_tax)


def fee_by_rate(lines: Iterable[tuple[str, Decimal]], fee: Decimal) -> list[tuple[str, Decimal]]:
    """Return the parts of a fee by rate of VAT: it is an accessory of the goods, and follows their rates.

    lines: (rate, total) of the goods, euros with VAT. Each rate bears the share that its goods have in the whole, to
    the cent; the cents that rounding leaves go to the shares that lost most of one, then to the highest rate. Goods
    worth nothing share it evenly in the same way.
    """
    totals: dict[str, Decimal] = {}
    for rate, amount in lines:
        totals[rate] = totals.get(rate, Decimal(0)) + amount
    if not fee or not totals:
        return []
    rates = sorted(totals, key=Decimal, reverse=True)
    whole = sum(totals.values(), Decimal(0))
    exact = {rate: fee * (totals[rate] / whole if whole else Decimal(1) / len(rates)) for rate in rates}
    parts = {rate: amount.quantize(CENT, ROUND_DOWN) for rate, amount in exact.items()}
    left = int((fee - sum(parts.values(), Decimal(0))) / CENT)
    for rate in sorted(rates, key=lambda rate: parts[rate] - exact[rate])[:left]:
        parts[rate] += CENT
    return [(rate, part) for rate, part in parts.items() if part]
