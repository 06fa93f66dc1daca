"""Which times can be chosen to collect an order: a pure reckoning (docs/collection.md)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from directory.hours import PARIS

READING = timedelta(minutes=30)  # for which what a page offered can be bought
CONFIRMING = timedelta(minutes=60)  # that a guest has to open the link of the e-mail
SOONEST = CONFIRMING + READING
EVERY_DAY = frozenset(range(7))
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Opening(NamedTuple):
    """From when to when a shop is open: local times without a zone, as clocks show them."""

    start: datetime
    end: datetime


class Slot(NamedTuple):
    """From when to when an order can be collected: aware times, of Europe/Paris."""

    start: datetime
    end: datetime


def slot_between(start: datetime | None, end: datetime | None) -> Slot | None:
    """Return the slot of two columns, None where they are empty."""
    return Slot(start.astimezone(PARIS), end.astimezone(PARIS)) if start and end else None


class Taken(NamedTuple):
    """How many orders, not cancelled, are to be collected from ``start`` to ``end``, aware times."""

    start: datetime
    end: datetime
    orders: int


@dataclass(frozen=True)
class Rules:
    """What a shop, and the articles of an order, ask of a slot.

    lead: minutes of opening time before it. day_before: the hour of the day before until which a day's orders are
    taken, or None. length: minutes. places: orders. ahead: days from the first that can be had. weekdays: those on
    which it may be, Monday 0. hours: that pass before it, of an article made to order. soonest: that pass in any case.
    """

    lead: int
    day_before: time | None
    length: int
    places: int
    ahead: int
    weekdays: frozenset[int] = EVERY_DAY
    hours: int = 0
    soonest: timedelta = SOONEST

    def of_the_merchant(self) -> "Rules":
        """Return them for the merchant's own choice, who knows how long it takes."""
        return replace(self, lead=0, day_before=None, weekdays=EVERY_DAY, hours=0, soonest=timedelta(0))

    def of_articles(self, needs: Iterable[tuple[int, frozenset[int]]]) -> "Rules":
        """Return them for articles of these own (hours, weekdays): all must be there."""
        hours, weekdays = self.hours, self.weekdays
        for own_hours, own_weekdays in needs:
            hours, weekdays = max(hours, own_hours), weekdays & own_weekdays
        return replace(self, hours=hours, weekdays=weekdays)


def slots(openings: Iterable[Opening], now: datetime, rules: Rules, taken: Iterable[Taken] = ()) -> list[Slot]:
    """Return the slots that can be chosen at ``now``, in order (see ``offered``)."""
    return list(offered(openings, now, rules, taken))


def offered(openings: Iterable[Opening], now: datetime, rules: Rules, taken: Iterable[Taken] = ()) -> Iterator[Slot]:
    """Yield the slots that can be chosen at ``now``, an aware time, the soonest first.

    openings: from the day before ``now`` on, in the order of their beginnings; read no further than needed.
    """
    if not rules.weekdays:
        return
    by_day = _by_day(taken)
    last: date | None = None
    for slot in _possible(openings, now, rules):
        last = last or slot.start.date() + DAY * rules.ahead
        if slot.start.date() > last:
            return
        if _orders_within(slot, by_day) < rules.places:
            yield slot


def _possible(openings: Iterable[Opening], now: datetime, rules: Rules) -> Iterator[Slot]:
    """Yield the slots that the rules allow, full ones too."""
    here = now.astimezone(PARIS).replace(tzinfo=None)
    earliest = now.astimezone(UTC) + max(rules.soonest, timedelta(hours=rules.hours))  # local times would skip no hour
    first_day = here.date()
    if rules.day_before:
        first_day += DAY if here.time() < rules.day_before else 2 * DAY
    left, counted = timedelta(minutes=rules.lead), here
    ended = here  # the last slot: openings of two days may overlap at night
    for opening in openings:
        reached = max(opening.start, counted)
        if left:
            spent = min(left, max(opening.end - reached, timedelta(0)))
            left, counted = left - spent, max(counted, reached + spent)
            if left:
                continue
        for start, end in _pieces(opening, rules.length):
            if start < max(ended, counted) or start.date() < first_day or start.weekday() not in rules.weekdays:
                continue
            slot = _real(start, end)
            if slot and slot.start >= earliest:
                ended = end
                yield slot


def _pieces(opening: Opening, length: int) -> Iterator[tuple[datetime, datetime]]:
    start, step = opening.start, timedelta(minutes=length)
    if start < opening.end <= start + step:
        yield start, opening.end
        return
    while start + step <= opening.end:
        yield start, start + step
        start += step


def _real(start: datetime, end: datetime) -> Slot | None:
    """Return a slot of local times, unless one of them is skipped or told twice as clocks change."""
    first, last = _moment(start), _moment(end)
    if first is None or last is None or last.astimezone(UTC) - first.astimezone(UTC) != end - start:
        return None
    return Slot(first, last)


def _moment(local: datetime) -> datetime | None:
    moment = local.replace(tzinfo=PARIS)
    is_one = moment.utcoffset() == moment.replace(fold=1).utcoffset()  # skipped and repeated times have two
    return moment if is_one else None


def _by_day(taken: Iterable[Taken]) -> dict[date, list[Taken]]:
    by_day: dict[date, list[Taken]] = defaultdict(list)
    for one in taken:
        for day in {one.start.astimezone(PARIS).date(), (one.end - MINUTE).astimezone(PARIS).date()}:
            by_day[day].append(one)
    return by_day


def _orders_within(slot: Slot, by_day: dict[date, list[Taken]]) -> int:
    """Return how many orders overlap a slot."""
    days = {slot.start.date(), (slot.end - MINUTE).date()}
    overlapping = (one for day in days for one in by_day.get(day, ()) if one.start < slot.end and one.end > slot.start)
    # Each once, though it may touch two days; two that are equal are two.
    return sum({id(one): one.orders for one in overlapping}.values())
