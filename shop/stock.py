"""Stock, in words, in errors, and locked."""

from collections.abc import Iterable
from typing import Any

from oscar.core.loading import get_model

FEW = 5  # from here down the number is told


class OutOfStock(Exception):
    """Somebody else took the last ones between the shopper's look and the order."""


def words(available: int) -> str:
    """Return what a shopper reads of ``available``, the number of articles nobody has ordered."""
    if available <= 0:
        return "Épuisé"
    if available <= FEW:
        return f"Plus que {available}"
    return "En stock"


def locked(records: Iterable[int]) -> Any:
    """Return these rows of stock, by their ids; reading them locks them, in the order that everybody takes."""
    rows = get_model("partner", "StockRecord").objects.filter(pk__in=list(records))
    return rows.order_by("partner_id", "pk").select_for_update(no_key=True, of=["self"])
