"""The clock of an order that its merchant has not answered, and how fast a merchant answers. docs/orders.md tells both.

It counts the shop's opening hours: nobody is late while the shop is closed. What it says is worked out once, when the
order reaches the shop, and kept with it: hours that change later move no order that was told of.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median_high

from django.conf import settings
from django.utils.timezone import make_aware, make_naive

from directory.hours import PARIS, openings
from directory.models import MerchantPage
from shop.models import MerchantOrder, Storefront
from shop.order_history import OrderEvent

LAST_ORDERS = 20  # of which the usual time of an answer is told
FEWEST_ANSWERS = 5  # below, nothing is told
STEPS = (15, 30, 60, 120, 180, 240, 480, 960)  # opening minutes, as they are told
HOUR = timedelta(hours=1)

Openings = list[tuple[datetime, datetime]]  # local times without a zone, in order


@dataclass(frozen=True)
class AnswerClock:
    """Moments, aware: the merchant is reminded, then called, then the order is cancelled. None: that does not come."""

    remind_from: datetime | None = None
    call_from: datetime | None = None
    answer_by: datetime | None = None


def clock(merchant: MerchantPage, start: datetime, last_day: date, promised: datetime | None = None) -> AnswerClock:
    """Return the clock of an order that a merchant hears of at ``start``.

    last_day: the last on which it can be prepared; promised: when the buyer comes, if that is agreed. It is cancelled
    once the shop has been open HOURS_TO_ANSWER, and in time before what was promised: an hour before the buyer comes
    (less of a promise of the same hour), else when the shop closes for the last time on or before that day. A shop that
    opens no more until then has no such clock.
    """
    begin = make_naive(start, PARIS)
    end = datetime.combine(last_day + timedelta(days=1), time.min)
    if promised is not None:
        end = make_naive(promised - min(HOUR, (promised - start) / 4), PARIS)
    found = openings(merchant.opening_hours, begin, end, merchant.place)
    if not found and promised is None:
        return AnswerClock()
    remind, call, answer = (
        _after(found, hours * HOUR)
        for hours in (settings.HOURS_TO_REMIND, settings.HOURS_TO_CALL, settings.HOURS_TO_ANSWER)
    )
    last = answer or (found[-1][1] if promised is None else end)
    if promised is not None and not (remind and call):  # soon: halfway, then once more
        remind, call = remind or begin + (last - begin) / 2, call or begin + (last - begin) * 3 / 4
    return AnswerClock(*(make_aware(moment, PARIS) if moment else None for moment in (remind, call, last)))


def open_time(merchant: MerchantPage, start: datetime, end: datetime) -> timedelta:
    """Return how long a shop was open between two aware moments."""
    local = make_naive(start, PARIS), make_naive(end, PARIS)
    return sum((to - since for since, to in openings(merchant.opening_hours, *local, merchant.place)), timedelta())


def time_answers(storefront: Storefront) -> int | None:
    """Store and return within how many opening minutes a shop answered half of its last orders, None of too few.

    Orders that nobody answered count as slow as can be. What the Region's staff answered instead says nothing of the
    shop: such an order counts as not answered.
    """
    heard = MerchantOrder.objects.filter(storefront=storefront, purchase__confirmed_at__isnull=False)
    due = heard.filter(answered_at__isnull=False) | heard.filter(cancelled_because=MerchantOrder.Cancelled.UNANSWERED)
    last = due.order_by("-purchase__confirmed_at", "-pk").prefetch_related("events").select_related("purchase")
    minutes = _steps(last[:LAST_ORDERS], storefront.merchant)
    if storefront.answer_minutes != minutes:
        Storefront.objects.filter(pk=storefront.pk).update(answer_minutes=minutes)
    return minutes


def told(minutes: int | None) -> str:
    """Return "Répond en général en moins de 2 h d’ouverture.", or "" where too little is known."""
    if not minutes:
        return ""
    within = f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"
    return f"Répond en général en moins de {within} d’ouverture."


def _steps(orders: Iterable[MerchantOrder], merchant: MerchantPage) -> int | None:
    """Return the step above the median of the times of these answers; None of too few, or of a slower median."""
    times: list[float] = []
    answers = 0
    for order in orders:
        first = next((event for event in order.events.all() if event.actor in OrderEvent.ANSWERS), None)
        confirmed = order.purchase.confirmed_at
        if first is None or first.actor != OrderEvent.Actor.MERCHANT or confirmed is None:
            times.append(float("inf"))
        else:
            answers += 1
            times.append(open_time(merchant, confirmed, first.at) / timedelta(minutes=1))
    if answers < FEWEST_ANSWERS:
        return None
    place = bisect_left(STEPS, median_high(times))
    return STEPS[place] if place < len(STEPS) else None


def _after(found: Openings, wanted: timedelta) -> datetime | None:
    """Return when a shop will have been open so long, None if it never is."""
    for since, to in found:
        if to - since >= wanted:
            return since + wanted
        wanted -= to - since
    return None
