"""When what the shop shows last changed: texts, prices and stock, for those who ask whether to read a page again."""

from datetime import datetime

from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from oscar.core.loading import get_model

from directory.models import MerchantPage
from shop.product_lists import ON_MERCHANT_PAGE
from shop.products import MERCHANT, on_sale

StockRecord = get_model("partner", "StockRecord")


def products_by_change() -> QuerySet:
    """Return the products on sale, each with ``changed``: when its text, price or stock last did."""
    return (
        on_sale()
        .prefetch_related(None)
        .select_related(None)
        .annotate(changed=Greatest(F("date_updated"), F("stockrecords__date_updated")))
        .order_by("pk")
    )


def merchants_with_list() -> QuerySet:
    """Return the merchants who sell more than their page shows, each with ``changed``: when their articles last did."""
    sellers = on_sale().order_by().values(MERCHANT).annotate(count=Count("pk")).filter(count__gt=ON_MERCHANT_PAGE)
    merchants = MerchantPage.objects.live().filter(pk__in=sellers.values(MERCHANT))
    return merchants.only("url_path").annotate(changed=newest_change_of_merchant()).order_by("pk")


def newest_product_change() -> datetime | None:
    return products_by_change().order_by().aggregate(newest=Max("changed"))["newest"]


def newest_change_of_merchant() -> Subquery:
    """Return, for a query on merchants' pages, when the price or stock of one of their products last changed."""
    merchant = "partner__storefront__merchant"
    changes = StockRecord.objects.filter(**{merchant: OuterRef("pk")}).order_by().values(merchant)
    return Subquery(changes.annotate(newest=Max("date_updated")).values("newest"))
