"""A lower price until a day: how it begins, goes on and ends (docs/promotions.md).

The price that may be struck beside it is worked out by the database (shop/price_history.py), never typed.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from portal import database_clock
from shop.deadlines import BATCH, each
from shop.models import ProductDetails
from shop.products import lock_product

StockRecord = get_model("partner", "StockRecord")
LONGEST = timedelta(days=92)  # a price that is lower for longer is the price


class NotLower(Exception):
    """The price would not be lower than it is: nothing was changed. price: what it is."""

    def __init__(self, price: Decimal) -> None:
        super().__init__(price)
        self.price = price


class ByWeight(Exception):
    """Its price is worked out from that of a kilo, which is the one to change: nothing was changed."""


@transaction.atomic
def begin(product: Any, price: Decimal, until: date) -> None:
    """Sell an article for less until the end of a day, or for still less, or for longer.

    What is lowered again while it is lower goes on with the promotion: the price to strike stays that of before its
    beginning. Raises NotLower, ByWeight.
    """
    lock_product(product.pk)
    details, stock = _of(product)
    if details.price_per_kilo is not None:
        raise ByWeight
    if details.promotion_from is None:
        if stock.price is None or price >= stock.price:
            raise NotLower(stock.price or Decimal(0))
        details.promotion_from, details.price_after = database_clock.now(), stock.price
    elif price > stock.price:
        raise NotLower(stock.price)
    details.promotion_until = until
    details.save(update_fields=["promotion_from", "promotion_until", "price_after"])
    if price != stock.price:
        stock.price = price
        stock.save(update_fields=["price", "date_updated"])


@transaction.atomic
def end(product: Any) -> bool:
    """Sell an article at its former price again; return False where nothing is lower."""
    lock_product(product.pk)
    details, stock = _of(product)
    if details.promotion_from is None:
        return False
    former = details.price_after
    ProductDetails.objects.filter(pk=details.pk).update(promotion_from=None, promotion_until=None, price_after=None)
    stock.price = former
    stock.save(update_fields=["price", "date_updated"])
    return True


def end_due() -> int:
    """End the promotions whose last day is over; return how many."""
    over = ProductDetails.objects.filter(promotion_until__lt=database_clock.today()).select_related("product")
    return each(over.order_by("pk")[:BATCH], _end_due)


def _end_due(details: ProductDetails) -> bool:
    return end(details.product)


def _of(product: Any) -> tuple[ProductDetails, Any]:
    return ProductDetails.objects.get(product=product.pk), StockRecord.objects.get(product=product.pk)
