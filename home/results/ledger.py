"""What the ledger tells of each month: figures, None for one that is hidden."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from directory.departments import BY_CODE
from home.results.hiding import FEWEST_SELLERS, hidden
from home.results.models import MonthlyCost, MonthlyResult
from portal.dependencies import depends_on
from shop.vat import CENT

COUNTED = ("merchants", "fresh", "orders")


@dataclass(frozen=True)
class Line:
    """The figures of a department, or of all; None: hidden."""

    name: str
    merchants: int | None
    fresh: int | None
    orders: int | None
    sold: Decimal | None


@dataclass(frozen=True)
class Month:
    """cost: euros, None while the Region has not told. cost_per_order: None where it cannot be told."""

    month: date
    total: Line
    departments: tuple[Line, ...]
    cost: Decimal | None
    cost_note: str

    @property
    def cost_per_order(self) -> Decimal | None:
        if self.cost is None or not self.total.orders:
            return None
        return (self.cost / self.total.orders).quantize(CENT, ROUND_HALF_UP)


def months() -> list[Month]:
    """Return all months that are frozen, newest first; two queries."""
    depends_on("editorial")  # as both tables' triggers note it
    costs = {cost.month: cost for cost in MonthlyCost.objects.all()}
    return [
        _month(month, list(rows), costs.get(month))
        for month, rows in groupby(MonthlyResult.objects.all(), key=lambda row: row.month)
    ]


def _month(month: date, rows: list[MonthlyResult], cost: MonthlyCost | None) -> Month:
    few = [row.department for row in rows if row.sellers < FEWEST_SELLERS]
    kept = {
        name: hidden({row.department: getattr(row, name) for row in rows}, few if name == "orders" else ())
        for name in COUNTED
    }
    kept["sold"] = kept["orders"]
    names = (*COUNTED, "sold")
    total: dict[str, Any] = {name: None if kept[name][1] else _sum(rows, name) for name in names}
    return Month(
        month=month,
        total=Line("Région", **total),
        departments=tuple(_line(row, {name for name in names if row.department in kept[name][0]}) for row in rows),
        cost=cost.cost if cost else None,
        cost_note=cost.note if cost else "",
    )


def _line(row: MonthlyResult, secret: set[str]) -> Line:
    name = BY_CODE[row.department].name if row.department in BY_CODE else row.department
    figures: dict[str, Any] = {one: None if one in secret else getattr(row, one) for one in (*COUNTED, "sold")}
    return Line(name, **figures)


def _sum(rows: Iterable[MonthlyResult], name: str) -> Any:
    return sum((getattr(row, name) for row in rows), Decimal(0) if name == "sold" else 0)
