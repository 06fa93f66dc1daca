"""Which baskets and purchases are abandoned and may be deleted, with their rows."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from oscar.core.loading import get_model

from portal.oscar_settings import ORDER_CANCELLED
from shop.models import MerchantOrder, Purchase

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")
Order = get_model("order", "Order")

LEFT = (Basket.OPEN, Basket.SAVED, Basket.MERGED)
ORDERED = (Basket.SUBMITTED, Basket.FROZEN)


def guest_baskets(before: datetime, now: datetime) -> QuerySet:
    """Return the baskets of nobody's that nobody has touched since then."""
    return _untouched(before).filter(owner=None)


def account_baskets(before: datetime, now: datetime) -> QuerySet:
    return _untouched(before).exclude(owner=None)


def ordered_baskets(before: datetime, now: datetime) -> QuerySet:
    """Return the baskets that became orders before then; the orders have lines of their own."""
    return Basket.objects.filter(status__in=ORDERED, date_created__lt=before)


def unconfirmed_purchases(before: datetime, now: datetime) -> QuerySet:
    """Return the purchases that nobody confirmed until then, once all their goods are given back."""
    alive = MerchantOrder.objects.filter(purchase=OuterRef("pk")).exclude(order__status=ORDER_CANCELLED)
    return Purchase.objects.filter(~Exists(alive), confirmed_at=None, confirm_by__lt=before)


def delete_purchases(purchases: QuerySet) -> None:
    """Delete purchases with their orders, and the baskets that these came from."""
    orders = list(Order.objects.filter(merchant_order__purchase__in=purchases).values_list("pk", "basket"))
    baskets = {basket for _, basket in orders} | set(purchases.values_list("basket", flat=True))
    purchases.delete()
    Order.objects.filter(pk__in=[pk for pk, _ in orders]).delete()
    Basket.objects.filter(pk__in=baskets - {None}).delete()


def _untouched(before: datetime) -> QuerySet:
    touched = Line.objects.filter(basket=OuterRef("pk"), date_updated__gte=before)
    return Basket.objects.filter(~Exists(touched), status__in=LEFT, date_created__lt=before)
