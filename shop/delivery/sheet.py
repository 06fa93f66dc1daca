"""The rounds sheet: what is to be brought on one day, town by town, in an order that makes a sensible way."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from directory.geography import distance
from directory.hours import PARIS
from directory.models import MerchantPage, Town
from portal.oscar_settings import ORDER_READY, ORDER_RECEIVED
from shop.collection import words
from shop.delivery.models import Kind
from shop.models import MerchantOrder

Point = tuple[float, float]  # latitude, longitude


@dataclass(frozen=True)
class Stop:
    """One door. number: its turn, from 1. lines: "2 × Pain de seigle". due: euros to cash in there."""

    number: int
    code: str
    order: str
    name: str
    phone: str
    street: str
    postal_code: str
    town: str
    hours: str
    lines: tuple[str, ...]
    due: Decimal
    note: str
    asks_identity: bool


def days_of(merchant: MerchantPage) -> list[date]:
    """Return the days on which something is to be brought, the soonest first; one query."""
    starts = _waiting(merchant).order_by("collect_from").values_list("collect_from", flat=True)
    return list(dict.fromkeys(start.astimezone(PARIS).date() for start in starts))


def stops_of(merchant: MerchantPage, day: date) -> list[Stop]:
    """Return the stops of a day in order: round after round, town after town; four queries."""
    midnight = datetime.combine(day, time(), PARIS)
    until = datetime.combine(day + timedelta(days=1), time(), PARIS)
    rows = _waiting(merchant).filter(collect_from__gte=midnight, collect_from__lt=until)
    parts = list(rows.with_details().order_by("collect_from", "pk"))
    codes = {part.purchase.delivery_insee for part in parts}
    towns = Town.objects.filter(insee_code__in=codes)
    points = {town.insee_code: town.point for town in towns}
    ordered: list[MerchantOrder] = []
    for _, on_round in groupby(parts, key=lambda part: part.collect_from):
        by_town: dict[str, list[MerchantOrder]] = {}
        for part in on_round:
            by_town.setdefault(part.purchase.delivery_insee, []).append(part)
        for code in way_through({code: points[code] for code in by_town if code in points}, merchant.point):
            ordered += sorted(by_town[code], key=_door)
        ordered += [part for code, own in by_town.items() if code not in points for part in own]
    return [_stop(number, part) for number, part in enumerate(ordered, start=1)]


def way_through(towns: Mapping[str, Point], start: Point) -> list[str]:
    """Return these towns each time the nearest to the one before, from the shop on: short, not the shortest."""
    left, here, way = dict(towns), start, []
    while left:
        code = min(left, key=lambda each: (distance(here, left[each]), each))
        here = left.pop(code)
        way.append(code)
    return way


def cash(stops: Iterable[Stop]) -> Decimal:
    """Return what is to be cashed in on the way, in euros."""
    return sum((stop.due for stop in stops), Decimal(0))


def _waiting(merchant: MerchantPage) -> Any:
    own = MerchantOrder.objects.filter(storefront__merchant=merchant, delivery=Kind.ROUND).confirmed()
    return own.filter(order__status__in=(ORDER_RECEIVED, ORDER_READY), collect_from__isnull=False)


def _door(part: MerchantOrder) -> tuple[str, int, int]:
    """Sort the doors of a town by street, then by number."""
    street = part.purchase.delivery_street
    number = re.match(r"\s*(\d{1,6})", street)
    name = re.sub(r"^[\s\d,]*(?:bis|ter|quater)?[\s,]*", "", street.lower())
    return name, int(number[1]) if number else 0, part.pk


def _stop(number: int, part: MerchantOrder) -> Stop:
    purchase, slot = part.purchase, part.slot
    return Stop(
        number=number,
        code=part.collection_code,
        order=part.order.number,
        name=purchase.name,
        phone=purchase.phone,
        street=purchase.delivery_street,
        postal_code=purchase.delivery_postal_code,
        town=purchase.delivery_town,
        hours=words.hours(slot) if slot else "",
        lines=tuple(f"{line.quantity} × {line.title}" for line in part.order.lines.all() if line.quantity),
        due=part.order.total_incl_tax,
        note=purchase.note,
        asks_identity=part.has_alcohol,
    )
