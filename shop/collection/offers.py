"""The slots that a shop offers now: its hours and rules, and what other orders have taken of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.apps import apps
from django.db.models import Count

from directory.hours import PARIS, Place, daily_openings
from directory.models import MerchantPage
from portal.dependencies import depends_on_tags
from portal.memory import memoized
from portal.oscar_settings import ORDER_CANCELLED
from shop.collection.slots import DAY, Opening, Rules, Slot, Taken, offered

LOOK_AHEAD = 120  # days; a shop that does not open in them has no next time


def offers(
    opening_hours: str, place: Place, now: datetime, rules: Rules, taken: Iterable[Taken] = ()
) -> Iterator[Slot]:
    """Yield the slots of a shop with these hours, the soonest first. now: an aware time."""
    return offered(_openings(opening_hours, place, now), now, rules, taken)


def has_hours(opening_hours: str, place: Place, now: datetime) -> bool:
    """Return whether anybody knows when the shop opens: else its merchant says when to come."""
    return next(_openings(opening_hours, place, now), None) is not None


def next_slot(merchant: MerchantPage, now: datetime, rules: Rules) -> Slot | None:
    """Return the soonest slot at a merchant's, or None; one query, remembered until an order takes or frees a slot."""
    midnight = now.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)  # the same question all day
    taken = _taken_at(merchant.pk, midnight)
    return next(offers(merchant.opening_hours, merchant.place, now, rules, taken), None)


@memoized
def _taken_at(merchant: int, since: datetime) -> tuple[Taken, ...]:
    return tuple(taken_of([merchant], since)[merchant])


def taken_of(merchants: Iterable[int], now: datetime, delivery: str = "") -> dict[int, list[Taken]]:
    """Return what is taken from now on at these merchants', by the id of their page; one query.

    delivery: the kind of DeliveryMethod whose rounds are meant; "": of the slots of collection.
    """
    found: dict[int, list[Taken]] = {merchant: [] for merchant in merchants}
    depends_on_tags(*(f"slots:{merchant}" for merchant in found))
    waiting = apps.get_model("shop", "MerchantOrder").objects.filter(
        storefront__merchant__in=found, collect_until__gt=now, delivery=delivery
    )
    counted = (
        waiting.exclude(order__status=ORDER_CANCELLED)
        .values_list("storefront__merchant", "collect_from", "collect_until")
        .annotate(orders=Count("pk"))
        .order_by()
    )
    for merchant, start, end, orders in counted:
        found[merchant].append(Taken(start, end, orders))
    return found


def _openings(opening_hours: str, place: Place, now: datetime) -> Iterator[Opening]:
    first = now.astimezone(PARIS).date() - DAY
    return (Opening(*span) for span in daily_openings(opening_hours, first, LOOK_AHEAD, place))
