"""When what the shop shows last changed: texts, prices and stock, for those who ask whether to read a page again."""

from datetime import datetime

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from oscar.core.loading import get_model

from shop.products import on_sale

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


def newest_product_change() -> datetime | None:
    return products_by_change().order_by().aggregate(newest=Max("changed"))["newest"]


def newest_change_of_merchant() -> Subquery:
    """Return, for a query on merchants' pages, when the price or stock of one of their products last changed."""
    merchant = "partner__storefront__merchant"
    changes = StockRecord.objects.filter(**{merchant: OuterRef("pk")}).order_by().values(merchant)
    return Subquery(changes.annotate(newest=Max("date_updated")).values("newest"))
