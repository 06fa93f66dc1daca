"""A shop's articles as a file that imports again, exactly: CSV for French spreadsheets, or XLSX."""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from portal.spreadsheets import table, workbook
from shop.importing.values import COLUMNS, REFERENCE, in_words, stored
from shop.models import Storefront

HEADER = [REFERENCE, *(column.label for column in COLUMNS.values())]
NUMBERS = ("price", "stock", "quantity", "price_per_kilo", "lead_hours")


def csv_of(storefront: Storefront) -> bytes:
    """Return it in UTF-8 with its mark, semicolons between cells: what Excel in French opens by a double click."""
    file = io.StringIO(newline="")
    rows = table(file)
    rows.writerow(HEADER)
    for values in stored(storefront).values():
        rows.writerow([values["reference"], *(in_words(name, values[name]) for name in COLUMNS)])
    return file.getvalue().encode("utf-8-sig")


def xlsx_of(storefront: Storefront) -> bytes:
    """Return it as a workbook: prices and stock are numbers, everything else texts that nothing computes."""
    rows = ([values["reference"], *_cells(values)] for values in stored(storefront).values())
    return workbook("Articles", HEADER, rows)


def _cells(values: dict[str, Any]) -> Iterator[Any]:
    for name in COLUMNS:
        value = values[name]
        yield value if name in NUMBERS and isinstance(value, int | Decimal) else in_words(name, value)
