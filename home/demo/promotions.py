"""Two articles of the showcase that cost less for some days, with the past that the law compares them to."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from directory.models import MerchantPage
from portal import database_clock
from shop import promotions
from shop.models import PriceChange
from shop.products import products_of, stock_of

SHARE = Decimal("0.85")  # of the former price
PAST, LASTS = timedelta(days=75), timedelta(days=10)


def begin(merchant: MerchantPage, count: int = 2) -> int:
    """Lower the prices of the last articles by name that are not sold by weight, unless some are; return how many."""
    by_piece = products_of(merchant).filter(details__price_per_kilo=None).order_by("-title")
    shelf = [product for product in by_piece if stock_of(product).net_stock_level > 0]
    if any(product.details.promotion_from for product in shelf):
        return 0
    chosen = shelf[:count]
    for product in chosen:
        price = stock_of(product).price
        PriceChange.objects.create(product=product, price=price, at=database_clock.now() - PAST)
        lower = (price * SHARE).quantize(Decimal("0.1"), ROUND_HALF_UP)
        promotions.begin(product, lower, database_clock.today() + LASTS)
    return len(chosen)
