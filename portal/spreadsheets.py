"""Tables for spreadsheets that compute nothing of what people typed.

A spreadsheet takes a cell that begins with =, +, - or @ for a formula, which can send the other cells away or ask to
run a program. Every table that the portal writes goes through ``harmless``: ours by ``table``, Wagtail's by
``guard_wagtail``.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

import openpyxl
from django.db.models import QuerySet
from openpyxl.cell import WriteOnlyCell
from wagtail.admin.views.mixins import SpreadsheetExportMixin

COMPUTED = (int, float, Decimal, date, time, type(None))  # written as numbers and dates, by no visitor
# A spreadsheet skips what stands before the sign; the wide signs are those of Chinese and Japanese keyboards.
FORMULA = re.compile(r"^[\s\ufeff'\"\x00-\x1f]*[=+\-@＝＋－＠]|^[\t\r\n]")
# A sign and digits alone are a telephone number or an amount: nothing in them can be computed.
NUMBER = re.compile(r"[+-]\d[\d .,\u00a0\u202f]*")
# Where another separator is expected than the file has, a cell of text would fall into several.
WITHIN = re.compile(r"(?<=[;,\t\r\n])(?=[\s'\"]*(?:[=@＝＠]|[+\-＋－](?=[A-Za-z(@=\"'])))")
_WRITTEN_WITHIN = re.compile(WITHIN.pattern.replace("(?=[\\s", "'(?=[\\s", 1))  # the apostrophes that stand there since


def harmless(cell: object) -> object:
    """Return what to write for a cell: an apostrophe before what a spreadsheet would compute makes it a text."""
    if isinstance(cell, COMPUTED):
        return cell
    text = WITHIN.sub("'", str(cell))
    return f"'{text}" if FORMULA.search(text) and not NUMBER.fullmatch(text) else text


def as_typed(text: str) -> str:
    """Return what ``harmless`` was given, of a text that it returned and that did not begin with a tab or line end."""
    is_dressed = text.startswith("'") and text[1:2] not in ("\t", "\r", "\n")
    if is_dressed and FORMULA.search(text[1:]) and not NUMBER.fullmatch(text[1:]):
        text = text[1:]
    return _WRITTEN_WITHIN.sub("", text)


def table(file: Any, delimiter: str = ";") -> Any:
    """Return a writer of rows for a file opened with newline=""; French spreadsheets expect semicolons."""
    return Table(csv.writer(file, delimiter=delimiter))


class Table:
    """A csv.writer whose cells are harmless."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def writerow(self, row: Any) -> None:
        self._writer.writerow([harmless(cell) for cell in row])

    def writerows(self, rows: Any) -> None:
        for row in rows:
            self.writerow(row)


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return an XLSX file of one sheet: numbers and dates as they are, everything else texts that nothing computes."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in (header, *rows):
        sheet.append([cell if isinstance(cell, COMPUTED) else _text(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text(sheet: Any, cell: object) -> WriteOnlyCell:
    text = WriteOnlyCell(sheet, str(harmless(cell)))
    text.data_type = "s"
    return text


def guard_wagtail() -> None:
    """Make the cells and headings of all exports of Wagtail's admin harmless, in CSV and XLSX."""
    value_of, heading_of = SpreadsheetExportMixin.preprocess_field_value, SpreadsheetExportMixin.get_heading

    def preprocess_field_value(view: Any, field: Any, value: Any, export_format: Any) -> Any:
        return harmless(value_of(view, field, value, export_format))

    def get_heading(view: Any, queryset: QuerySet, field: Any) -> Any:
        return harmless(heading_of(view, queryset, field))

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
    SpreadsheetExportMixin.get_heading = get_heading
