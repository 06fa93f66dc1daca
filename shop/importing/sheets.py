"""A CSV or XLSX file as people and shop software save it, as rows of texts."""

import codecs
import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl

from portal.text import clean

MOST_BYTES = 5_000_000
MOST_UNPACKED = 60_000_000  # bytes that an XLSX may hold once unpacked
MOST_ROWS = 10_000
MOST_COLUMNS = 200
SEPARATORS = ";,\t"
FORMULA_WITHOUT_VALUE = "\ufffcformule"  # stands for a cell that some spreadsheet still has to compute


class Unreadable(Exception):
    """The file as a whole can't be read; says why in French, and how to mend it."""


@dataclass(frozen=True)
class Sheet:
    """header: the names of the columns as they are typed. rows: (number of its line from 1, its cells)."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read(content: bytes) -> Sheet:
    """Return the rows of a file, whatever its name says it is; blank ones are left out. Raise Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"Ce fichier pèse plus de {MOST_BYTES // 1_000_000} Mo : ôtez-en les images, ou coupez-le.")
    if content.startswith(b"PK"):
        numbered = _xlsx(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("Ce fichier est d’un ancien Excel (.xls) : enregistrez-le en .xlsx ou en CSV.")
    else:
        numbered = _csv(content)
    rows = [(number, cells) for number, cells in numbered if any(cell.strip() for cell in cells)]
    if not rows:
        raise Unreadable("Ce fichier est vide.")
    (_, header), *rows = rows
    if len(header) > MOST_COLUMNS:
        raise Unreadable(f"Ce fichier a plus de {MOST_COLUMNS} colonnes : gardez celles qui servent.")
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"Ce fichier a plus de {MOST_ROWS} lignes : coupez-le en plusieurs.")
    if not rows:
        raise Unreadable("Ce fichier n’a qu’une ligne, celle des colonnes : il manque les articles.")
    width = len(header)
    return Sheet(header, [(number, (cells + [""] * width)[: max(width, len(cells))]) for number, cells in rows])


def _csv(content: bytes) -> list[tuple[int, list[str]]]:
    text, before = clean(_text(content)), 0
    first, _, rest = text.partition("\n")
    if first.strip().strip('"').lower().startswith("sep="):  # for Excel, before the header
        separator, text, before = first.strip().strip('"')[4:5] or ";", rest, 1
    else:
        separator = max(SEPARATORS, key=_outside_quotes(first).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = []
    try:
        while True:
            number = reader.line_num + 1 + before
            rows.append((number, next(reader)))
    except StopIteration:
        return rows
    except csv.Error as error:
        raise Unreadable(f"La ligne {reader.line_num + before} ne se lit pas : vérifiez ses guillemets.") from error


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _text(content: bytes) -> str:
    """Return the text of a file in UTF-8, in UTF-16 with its mark, or as Excel in French saves a CSV."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\0" in content:
        raise Unreadable("Ce fichier n’est ni un CSV ni un classeur Excel : enregistrez-le en CSV ou en .xlsx.")
    return content.decode("cp1252", errors="replace")


def _xlsx(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable("Ce classeur est trop gros une fois ouvert : gardez la feuille des articles seule.")
        formulas = _cells(content, data_only=False)
        values = _cells(content, data_only=True)
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever it meets on what is no workbook
        raise Unreadable("Ce classeur ne s’ouvre pas : enregistrez-le de nouveau en .xlsx, ou en CSV.") from error
    return [
        (number, [_cell(formula, value) for formula, value in zip(written, shown, strict=True)])
        for number, (written, shown) in enumerate(zip(formulas, values, strict=True), 1)
    ]


def _cells(content: bytes, *, data_only: bool) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
    try:
        rows = []
        for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
            rows.append(row)
            if len(rows) > MOST_ROWS + 1000:
                raise Unreadable(f"Ce fichier a plus de {MOST_ROWS} lignes : coupez-le en plusieurs.")
        width = max((len(row) - next((n for n, cell in enumerate(reversed(row)) if cell is not None), len(row))
                     for row in rows), default=0)  # fmt: skip
        return [(*row, *[None] * width)[:width] for row in rows]
    finally:
        book.close()


def _cell(written: Any, value: Any) -> str:
    """Return a cell as a text; a formula that no spreadsheet has computed yet has no value (None, or 0)."""
    if isinstance(written, str) and written.startswith("=") and not isinstance(value, str) and not value:
        return FORMULA_WITHOUT_VALUE
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return clean(str(value))
