"""Writes the rows of a dataset in the formats that it is given in, row by row: none holds all of them in memory.

CSV: RFC 4180, commas, UTF-8, its cells harmless to spreadsheets. JSON Lines: jsonlines.org. GeoJSON: RFC 7946, whose
positions are longitude first; a merchant without a position of its own has no geometry.
"""

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from home.open_data.columns import Dataset, Row
from portal.spreadsheets import table

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/jsonl; charset=utf-8",
    "geojson": "application/geo+json",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
}


def lines(dataset: Dataset, extension: str) -> Iterator[str]:
    """Yield a file of a dataset piece by piece, one a row; raise KeyError for a format that it is not given in."""
    return {"csv": _csv, "jsonl": _jsonl, "geojson": _geojson}[extension](dataset)


def _csv(dataset: Dataset) -> Iterator[str]:
    names = [column.name for column in dataset.columns]
    yield _record(names)
    for row in dataset.rows():
        yield _record([_cell(row[name]) for name in names])


def _record(cells: list[Any]) -> str:
    line = io.StringIO(newline="")
    table(line, delimiter=",").writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _jsonl(dataset: Dataset) -> Iterator[str]:
    for row in dataset.rows():
        yield f"{_json(row)}\n"


def _geojson(dataset: Dataset) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    before = "\n"
    for row in dataset.rows():
        yield f"{before}{_json(feature(row, dataset.keys[0]))}"
        before = ",\n"
    yield "\n]}\n"


def feature(row: Row, key: str) -> dict[str, Any]:
    latitude, longitude = row["latitude"], row["longitude"]
    has_place = latitude is not None and longitude is not None
    return {
        "type": "Feature",
        "id": row[key],
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]} if has_place else None,
        "properties": {name: value for name, value in row.items() if name not in ("latitude", "longitude")},
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_day)


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"Not for JSON: {value!r}")
