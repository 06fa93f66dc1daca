"""What a product costs and whether it can be bought: French VAT, live merchants, stock."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from oscar.apps.partner import availability, prices, strategy

from shop import vat


def is_sold(price: Decimal | None, *, may_be_sold: bool, is_public: bool, is_live: bool, sells: bool) -> bool:
    """Return whether an article can be bought at all: `shop.products.on_sale()` says the same in SQL.

    It is priced, allowed by its details and public, its merchant is live and may sell (Storefront.sells).
    """
    return price is not None and may_be_sold and is_public and is_live and sells


class Selector:
    def strategy(self, request: HttpRequest | None = None, user: Any = None, **kwargs: Any) -> Any:
        """Return the one strategy: the same price for all, so the visitor is not even asked who they are."""
        return Strategy()


class Strategy(strategy.Structured):
    """``StockRecord.price`` is in euros, VAT included; the rate is the product's own (ProductDetails), or none.

    A product can be bought when its merchant is live and may sell, it is public, its details allow it, stock is left.
    """

    def fetch_for_line(self, line: Any, stockrecord: Any = None) -> Any:
        return self.fetch_for_product(line.product, stockrecord)

    def select_stockrecord(self, product: Any) -> Any:
        return next(iter(product.stockrecords.all()), None)

    def select_children_stockrecords(self, product: Any) -> Any:
        return []

    def pricing_policy(self, product: Any, stockrecord: Any) -> Any:
        details = getattr(product, "details", None)
        if details is None or stockrecord is None or stockrecord.price is None:
            return prices.Unavailable()
        storefront = getattr(stockrecord.partner, "storefront", None)
        is_exempt = storefront is not None and storefront.is_vat_exempt(localdate())
        rate = vat.EXEMPT if is_exempt else details.vat_rate
        excl_tax = vat.excl_tax(stockrecord.price, rate)
        return prices.TaxInclusiveFixedPrice(
            stockrecord.price_currency, excl_tax, tax=stockrecord.price - excl_tax, tax_code=rate
        )

    def parent_pricing_policy(self, product: Any, children_stock: Any) -> Any:
        return prices.Unavailable()

    def availability_policy(self, product: Any, stockrecord: Any) -> Any:
        storefront = getattr(stockrecord and stockrecord.partner, "storefront", None)
        if storefront is None or not is_sold(
            stockrecord.price,
            may_be_sold=hasattr(product, "details") and product.details.may_be_sold,
            is_public=product.is_public,
            is_live=storefront.merchant.live,
            sells=storefront.sells,
        ):
            return availability.Unavailable()
        return availability.StockRequired(stockrecord.net_stock_level)

    def parent_availability_policy(self, product: Any, children_stock: Any) -> Any:
        return availability.Unavailable()
