"""A CSV file as people and spreadsheets save it, line by line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.slugs import slug_of
from portal.text import clean, unwrapped

REQUIRED = ("siret", "name", "category", "address", "postal_code", "insee")
OPTIONAL = ("latitude", "longitude", "phone", "website", "opening_hours")
CODES = ("siret", "postal_code", "insee", "phone")  # checks.py reads them, and tells what it mended
SYNONYMS = {  # how else people name the columns, without accents
    "no_siret": "siret", "n_siret": "siret", "numero_siret": "siret", "nom": "name", "enseigne": "name",
    "categorie": "category", "adresse": "address", "rue": "address", "code_postal": "postal_code", "cp": "postal_code",
    "code_insee": "insee", "lat": "latitude", "lon": "longitude", "lng": "longitude", "telephone": "phone",
    "tel": "phone", "site": "website", "site_internet": "website", "site_web": "website", "horaires": "opening_hours",
}  # fmt: skip
SEPARATORS = ",;\t"
SAVE_AS_UTF8 = "Enregistrez-le de nouveau au format « CSV UTF-8 »."

_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(.)"?\r?\n?', re.IGNORECASE)  # for Excel, before the header
_BROKEN = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")  # no person types them: the file was damaged on its way
_UNSEEN = re.compile(r"[\v\f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_MISREAD_AS = ("cp1252", "latin-1", "mac_roman", "cp850")  # what programs take UTF-8 for


class Unreadable(Exception):
    """The file as a whole can't be read; says why in French, and how to mend it."""


@dataclass(frozen=True)
class Line:
    """One row of the file. number: of its first line, from 1. cells: texts by column.

    fault: why it has no cells. short: how many cells there were, when the last ones are missing and taken for empty.
    remark: what was mended in reading it.
    """

    number: int
    cells: dict[str, str]
    fault: str = ""
    short: str = ""
    remark: str = ""


def read(path: Path) -> list[Line]:
    """Return the rows of a CSV file in UTF-8, separated by commas, semicolons or tabs; blank rows are left out.

    Raise Unreadable if the file can't be opened, is not UTF-8, lacks a column or has it twice.
    """
    rows, typed, before = _opened(path)
    header = [_column(name) for name in typed]
    if missing := [name for name in REQUIRED if name not in header]:
        raise Unreadable(
            f"Il manque {'la colonne' if len(missing) == 1 else 'les colonnes'} {', '.join(missing)}. "
            f"La première ligne doit nommer les colonnes : {', '.join(REQUIRED)}, et au besoin {', '.join(OPTIONAL)}."
        )
    if twice := [name for name in (*REQUIRED, *OPTIONAL) if header.count(name) > 1]:
        raise Unreadable(f"La colonne {twice[0]} est là deux fois : gardez-en une.")
    return list(_lines(rows, header, before))


def ignored_columns(path: Path) -> list[str]:
    """Return the columns whose cells nothing reads, as the file names them: a misspelt one is among them."""
    _, typed, _ = _opened(path)
    return [clean(name).strip() for name in typed if name.strip() and _column(name) not in (*REQUIRED, *OPTIONAL)]


def _opened(path: Path) -> tuple[Any, list[str], int]:
    """Return the rows after the header, the header as it is, and how many lines stand before the reader's first."""
    text = _text(path)
    told = _SEPARATOR_LINE.match(text)
    start = told.end() if told else 0
    lines = (line for line in text[start:].splitlines() if line.strip(f'{SEPARATORS} "'))
    separator = told[1] if told else max(SEPARATORS, key=next(lines, "").count)
    rows = csv.reader(io.StringIO(text[start:], newline=""), delimiter=separator, strict=True)
    try:
        header = next((cells for cells in rows if any(cell.strip() for cell in cells)), [])
    except csv.Error as error:
        raise Unreadable(f"La ligne des colonnes ne se lit pas ({error}) : vérifiez ses guillemets.") from error
    return rows, header, 1 if told else 0


def _column(typed: str) -> str:
    """Return the name of a column however it is typed: "Code postal" and "POSTAL_CODE" are postal_code."""
    name = slug_of(clean(typed).replace("_", " ")).replace("-", "_")
    return SYNONYMS.get(name, name)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"Le fichier {path} ne s’ouvre pas : {error.strerror}.") from error
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # Excel's « Texte Unicode »
    try:
        return content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise Unreadable(f"Le fichier n’est pas en UTF-8 (ligne {number}). {SAVE_AS_UTF8}") from error


def _lines(rows: Any, header: list[str], before: int) -> Iterator[Line]:
    wanted = {name: header.index(name) for name in (*REQUIRED, *OPTIONAL) if name in header}
    while True:
        number = rows.line_num + 1 + before
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(number, {}, f"la ligne ne se lit pas ({error}) : vérifiez ses guillemets")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        counted = f"{len(cells)} cellules au lieu de {len(header)}"
        if any(cell.strip() for cell in cells[len(header) :]):
            yield Line(number, {}, counted)
            continue
        if any(_BROKEN.search(cell) for cell in cells):
            yield Line(number, {}, "la ligne contient un caractère illisible")
            continue
        if fault := next(filter(None, map(_misread, cells)), ""):
            yield Line(number, {}, fault)
            continue
        short = counted if len(cells) < len(header) else ""
        cells += [""] * (len(header) - len(cells))  # spreadsheets leave out empty cells at the end of a row
        texts = {name: " ".join(clean(cells[position]).split()) for name, position in wanted.items()}
        texts |= {name: unwrapped(text) for name, text in texts.items() if name not in CODES}
        has_unseen = any(_UNSEEN.search(cells[position]) for position in wanted.values())
        yield Line(number, texts, short=short, remark="caractères invisibles ôtés" if has_unseen else "")


def _misread(cell: str) -> str:
    """Return what is wrong with a cell in UTF-8 that a program took for something else (« MÃ©zenc »), or ""."""
    if cell.isascii():
        return ""
    for text in (cell, *cell.split()):
        for encoding in _MISREAD_AS:
            try:
                meant = text.encode(encoding).decode()
            except UnicodeError:
                continue
            if meant != text:
                return (
                    f"« {text} » se lirait « {meant} » : le fichier a été ouvert dans un autre codage. {SAVE_AS_UTF8}"
                )
    return ""
