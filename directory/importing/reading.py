"""A CSV file as people save it, line by line."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REQUIRED = ("siret", "name", "category", "address", "postal_code", "insee")
OPTIONAL = ("latitude", "longitude", "phone", "website", "opening_hours")
SEPARATORS = ",;\t"
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Unreadable(Exception):
    """The file as a whole can't be read; says why in French, and how to mend it."""


@dataclass(frozen=True)
class Line:
    """One row of the file. number: of its first line, from 1. cells: texts by column. fault: why it has no cells."""

    number: int
    cells: dict[str, str]
    fault: str = ""


def read(path: Path) -> list[Line]:
    """Return the rows of a CSV file in UTF-8, separated by commas, semicolons or tabs; blank rows are left out.

    Raise Unreadable if the file can't be opened, is not UTF-8, or lacks a column.
    """
    text = _text(path)
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header = [name.strip().lower() for name in next(rows, [])]
    if missing := [name for name in REQUIRED if name not in header]:
        raise Unreadable(
            f"Il manque {'la colonne' if len(missing) == 1 else 'les colonnes'} {', '.join(missing)}. "
            f"La première ligne doit nommer les colonnes : {', '.join(REQUIRED)}, et au besoin {', '.join(OPTIONAL)}."
        )
    return list(_lines(rows, header))


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"Le fichier {path} ne s’ouvre pas : {error.strerror}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise Unreadable(
            f"Le fichier n’est pas en UTF-8 (ligne {number}). Enregistrez-le de nouveau au format « CSV UTF-8 »."
        ) from error


def _lines(rows, header: list[str]) -> Iterator[Line]:
    wanted = {name: header.index(name) for name in (*REQUIRED, *OPTIONAL) if name in header}
    while True:
        number = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(number, {}, f"la ligne ne se lit pas ({error}) : vérifiez ses guillemets")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            yield Line(number, {}, f"{len(cells)} cellules au lieu de {len(header)}")
            continue
        if any(UNPRINTABLE.search(cell) for cell in cells):
            yield Line(number, {}, "la ligne contient un caractère illisible")
            continue
        yield Line(number, {name: cells[position].strip() for name, position in wanted.items()})
