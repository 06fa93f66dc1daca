"""Counts a month once it is over, and keeps the count. Nothing in it is typed."""

from collections import defaultdict
from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils.timezone import make_aware

from directory.departments import DEPARTMENTS
from directory.freshness.reminders import with_age
from directory.hours import CONFIRMED_FOR, PARIS
from directory.models import MerchantPage
from home.results.models import MonthlyResult
from portal.dates import months_before
from shop.models import MerchantOrder
from shop.order_history import OrderEvent


@transaction.atomic
def freeze(today: date) -> int:
    """Store the month before that of ``today``, unless it is; return how many rows. Four queries.

    A month of which no day of the next one froze it stays unknown: how many were online then, nobody can tell later.
    """
    month = months_before(today.replace(day=1), 1)
    if MonthlyResult.objects.filter(month=month).exists():
        return 0
    merchants = _by_department(MerchantPage.objects.live())
    known = with_age(MerchantPage.objects.all()).filter(known_since__gt=months_before(today, CONFIRMED_FOR))
    fresh = _by_department(known)
    sales = _sales(month, today.replace(day=1))
    rows = []
    for one in DEPARTMENTS:
        orders, sellers, sold = sales[one.code]
        rows.append(
            MonthlyResult(
                month=month,
                department=one.code,
                merchants=merchants.get(one.code, 0),
                fresh=fresh.get(one.code, 0),
                orders=orders,
                sellers=sellers,
                sold=sold,
            )
        )
    return len(MonthlyResult.objects.bulk_create(rows, ignore_conflicts=True))


def _by_department(merchants: QuerySet) -> dict[str, int]:
    counted = merchants.order_by().values_list("town__department_code").annotate(count=Count("pk", distinct=True))
    return dict(counted)


def _sales(first: date, after: date) -> dict[str, tuple[int, int, Decimal]]:
    """Return (orders, sellers, euros) handed over from one day to before another, by department."""
    begin, end = (make_aware(datetime.combine(day, time.min), PARIS) for day in (first, after))
    handed_over = OrderEvent.objects.filter(kind=OrderEvent.Kind.COLLECTED, at__gte=begin, at__lt=end)
    orders = MerchantOrder.objects.filter(pk__in=handed_over.values("merchant_order"))
    place = "storefront__merchant__town__department_code"
    counted = (
        orders.order_by()
        .values_list(place)
        .annotate(Count("pk", distinct=True), Count("storefront", distinct=True), Sum("order__total_incl_tax"))
    )
    found: dict[str, tuple[int, int, Decimal]] = defaultdict(lambda: (0, 0, Decimal(0)))
    found.update({code: (orders, sellers, sold) for code, orders, sellers, sold in counted})
    return found
