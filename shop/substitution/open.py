"""What buyers were asked and have not answered: what an order that goes on, or ends, has to know of it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from portal import database_clock
from shop.models import Substitution
from shop.stock import locked

StockRecord = get_model("partner", "StockRecord")
State = Substitution.State


def asked_of(merchant_order: Any) -> Any:
    """Return the proposals that the buyer of an order has not answered."""
    return Substitution.objects.filter(merchant_order=merchant_order.pk, state=State.ASKED)


def void(merchant_order: Any, lines: Iterable[int] | None = None) -> None:
    """End what was asked of these lines, of all where None: their order, or they, are given up.

    The order's row is locked by the caller.
    """
    asked = asked_of(merchant_order)
    found = list(asked if lines is None else asked.filter(line__in=list(lines)))
    if found:
        of_lines = merchant_order.order.lines.values_list("stockrecord", flat=True)
        lock_stock([*of_lines, *(substitution.stockrecord_id for substitution in found)])
    for substitution in found:
        close(substitution, State.VOID)


def close(substitution: Substitution, state: str) -> None:
    """End a proposal without its article, which is on sale again. The rows are locked by the caller."""
    moved = Substitution.objects.filter(pk=substitution.pk, state=State.ASKED).update(
        state=state, answered_at=database_clock.now()
    )
    if moved and substitution.stockrecord_id:
        StockRecord.objects.filter(pk=substitution.stockrecord_id).update(
            num_allocated=F("num_allocated") - substitution.quantity
        )


def lock_stock(records: Iterable[int | None]) -> None:
    """Lock the rows of stock that these ids name."""
    list(locked(filter(None, records)))


def sell_no_more(records: Iterable[int]) -> None:
    """Leave no more in stock of these articles than orders were promised."""
    StockRecord.objects.filter(pk__in=list(records)).update(num_in_stock=Coalesce(F("num_allocated"), 0))
