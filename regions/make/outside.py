"""Places beyond the region, so that searches can say so: search/outside.csv."""

import csv
from collections.abc import Iterator, Sequence
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

from regions.make.sources import Sources
from regions.make.towns import middle

ELSEWHERE = Path(__file__).parent / "elsewhere.csv"  # countries, « pays » of other regions, other names: by hand
BIG, BORDER_TOWN = 30_000, 4_000  # inhabitants from which a town is named, and from which one close by is
CLOSE, DEGREE = 30, 111.2  # kilometres; of a degree of latitude


def outside(sources: Sources, region: str, towns: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows of outside.csv: towns, departments, regions, then what was written by hand."""
    others = {row["code"]: row for row in sources.communes if row["type"] == "commune-actuelle"}
    others = {code: row for code, row in others.items() if row["region"] != region and row["zone"] == "metro"}
    seats = {row["chefLieu"] for row in sources.departments}
    border = [(float(town["latitude"]), float(town["longitude"])) for town in towns]
    named = set()
    for code, row in others.items():
        point = _point(sources, code)
        if point is None:
            continue
        people = row.get("population", 0)
        if people >= BIG or code in seats or (people >= BORDER_TOWN and _is_close(point, border)):
            named.add(row["nom"])
            yield _row(row["nom"], row["departement"], people, point)
    for row in sources.departments:
        if row["region"] != region and (point := _point(sources, row["chefLieu"])) and row["nom"] not in named:
            named.add(row["nom"])
            yield _row(row["nom"], row["code"], 0, point)
    for row in sources.regions:
        if row["code"] != region and (point := _point(sources, row["chefLieu"])) and row["nom"] not in named:
            yield _row(row["nom"], "", 0, point)
    own = {town["dept_code"] for town in towns}
    with ELSEWHERE.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line.pop("region") != region and line["in"] not in own and line["name"] not in named:
                yield line


def _row(name: str, department: str, population: int, point: tuple[float, float]) -> dict[str, Any]:
    latitude, longitude = point
    return {
        "name": name.replace("'", "’"), "in": department, "population": population,
        "latitude": f"{latitude:.3f}", "longitude": f"{longitude:.3f}",
    }  # fmt: skip


def _point(sources: Sources, code: str) -> tuple[float, float] | None:
    outline = sources.outlines.get(code)
    if not outline or not outline.polygons:
        return None
    longitude, latitude = middle(outline.polygons)
    return latitude, longitude


def _is_close(point: tuple[float, float], border: Sequence[tuple[float, float]]) -> bool:
    latitude, longitude = point
    narrow = cos(radians(latitude))
    return any(hypot(latitude - north, (longitude - east) * narrow) * DEGREE < CLOSE for north, east in border)
