"""Takes the person out of a purchase whose contract is over; articles, prices, VAT and dates stay for the accounts.

How long the name stays: a consumer may claim the guarantee of conformity for two years after delivery (C. conso.,
art. L217-3), and buyers of a dangerous product are told by name (regulation (EU) 2023/988, art. 35). Of an order that
was never handed over, nothing is owed. The accounts themselves are kept ten years from the end of their year
(C. com., art. L123-22).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from oscar.core.loading import get_model

from portal import database_clock
from portal.oscar_settings import ORDER_COLLECTED
from shop.models import WAITING, MerchantOrder, OrderEvent, Purchase, Review, Withdrawal

GUARANTEE = timedelta(days=731)  # two years, a leap day in them
NOTHING_HANDED_OVER = timedelta(days=30)  # for questions about a cancellation
ACCOUNTS = timedelta(days=11 * 365 + 3)  # ten years from the end of the year, leap days in them
ADDRESS = ("delivery_street", "delivery_postal_code", "delivery_town", "delivery_insee")  # of a Purchase
REFUND_DUE = (Withdrawal.State.REQUESTED, Withdrawal.State.RETURNED)

Order = get_model("order", "Order")
OrderNote = get_model("order", "OrderNote")


def named() -> QuerySet:
    """Return the purchases that still name their buyer."""
    return Purchase.objects.filter(pseudonymised_at=None)


def over(purchases: QuerySet) -> QuerySet:
    """Return those with no order that waits for anybody, and no refund that is due."""
    waiting = MerchantOrder.objects.filter(purchase=OuterRef("pk"), order__status__in=WAITING)
    due = Withdrawal.objects.filter(merchant_order__purchase=OuterRef("pk"), state__in=REFUND_DUE)
    return purchases.filter(~Exists(waiting), ~Exists(due))


def handed_over(before: datetime, now: datetime) -> QuerySet:
    """Return the named purchases of which the last thing happened before then, and something was collected."""
    return _left_alone(before).filter(Exists(_collected()))


def never_handed_over(before: datetime, now: datetime) -> QuerySet:
    """Return the named purchases that ended before then, and of which nothing was collected."""
    return _left_alone(before).filter(~Exists(_collected()), confirmed_at__isnull=False)


def erasable(purchases: QuerySet) -> QuerySet:
    """Return those of which the law keeps no name: over, and nothing collected within the guarantee."""
    guaranteed = _collected().filter(Exists(_events_since(database_clock.now() - GUARANTEE)))
    return over(purchases).filter(~Exists(guaranteed))


def kept_until(purchase: Purchase) -> datetime | None:
    """Return when the name leaves a purchase; None while one of its orders waits."""
    if not over(Purchase.objects.filter(pk=purchase.pk)).exists():
        return None
    last = OrderEvent.objects.filter(merchant_order__purchase=purchase).aggregate(last=Max("at"))["last"]
    was_collected = _collected(purchase.pk).exists()
    return (last or purchase.placed_at) + (GUARANTEE if was_collected else NOTHING_HANDED_OVER)


def accounts_over(before: datetime, now: datetime) -> QuerySet:
    """Return the purchases whose accounts need not be kept any more."""
    return Purchase.objects.filter(placed_at__lt=before).exclude(pseudonymised_at=None)


def pseudonymise(purchases: QuerySet) -> int:
    """Take the person out of purchases and their orders; return of how many."""
    numbers = list(purchases.values_list("pk", flat=True))
    orders = Order.objects.filter(merchant_order__purchase__in=numbers)
    OrderNote.objects.filter(order__in=orders).delete()
    empty_withdrawals(Withdrawal.objects.filter(merchant_order__purchase__in=numbers))
    Review.objects.filter(merchant_order__purchase__in=numbers).exclude(first_name="").update(first_name="")
    orders.update(user=None, guest_email="")
    return Purchase.objects.filter(pk__in=numbers).update(
        user=None,
        name="",
        email="",
        phone="",
        note="",
        email_key="",
        phone_key="",
        visitor_key="",
        **dict.fromkeys(ADDRESS, ""),
        pseudonymised_at=database_clock.now(),
    )


def empty_withdrawals(withdrawals: QuerySet) -> int:
    """Take who withdrew out of withdrawals that are settled; articles and amounts stay."""
    return withdrawals.exclude(state__in=REFUND_DUE).exclude(name="", email="").update(name="", email="")


def _collected(purchase: Any = None) -> QuerySet:
    return MerchantOrder.objects.filter(purchase=purchase or OuterRef("pk"), order__status=ORDER_COLLECTED)


def _events_since(moment: datetime) -> QuerySet:
    return OrderEvent.objects.filter(merchant_order=OuterRef("pk"), at__gte=moment)


def _left_alone(before: datetime) -> QuerySet:
    lately = OrderEvent.objects.filter(merchant_order__purchase=OuterRef("pk"), at__gte=before)
    return over(named()).filter(~Exists(lately), placed_at__lt=before)
