"""Draws maps as SVG without tiles or third parties: borders in one path, places, and as many names as fit.

Source of the borders: communes.topojson and departments.topojson of the region's folder; of the names: its towns.csv.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil, floor
from typing import NamedTuple

import orjson
from django.conf import settings

from directory.geography import LONGITUDE_SCALE

WIDTH, HEIGHT = 600, 400  # of the drawing, in its own units
SMALLEST = 0.06  # degrees of latitude shown at least: some 7 km
GRID = 0.02  # degrees; frames are rounded out to it, so that neighbouring searches share a drawing
COMMUNES_UP_TO = 0.7  # degrees of latitude beyond which departments are drawn instead of communes
MARGIN = 0.15  # of the frame, around the places
FINEST = 1.6  # units of the drawing; a border's closer points are left out
GRAIN = 0.5  # units of the drawing that a border's points are rounded to, a pixel and less; its paths count in them

NAMES_SHOWN = 8
# Units of the drawing, of which a telephone shows two a pixel: names are as high there as the rest of the small print.
LETTER, LINE = 12, 26  # width of a letter, height of a name
MARK = 15  # of a mark, from its middle
ASIDE = (0, 30, -30, 52, -52)  # how far under its town the name of the map's own town may stand, best first

COMMUNES, DEPARTMENTS = ("communes", "insee"), ("departments", "dept")  # files, and what names an area there

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a map shows: degrees, WGS 84. Its sides are as WIDTH to HEIGHT on the ground."""

    south: float
    west: float
    height: float

    @property
    def scale(self) -> float:
        """Units of the drawing a degree of latitude takes."""
        return HEIGHT / self.height

    @property
    def width(self) -> float:
        return WIDTH / self.scale / LONGITUDE_SCALE

    def place(self, point: Point) -> tuple[float, float]:
        """Return the x and y of a (latitude, longitude), from the top left."""
        latitude, longitude = point
        x = (longitude - self.west) * LONGITUDE_SCALE * self.scale
        return round(x, 1), round(HEIGHT - (latitude - self.south) * self.scale, 1)


def frame(points: Sequence[Point]) -> Frame:
    """Return a frame that shows all these places; at least one is needed."""
    latitudes, longitudes = zip(*points, strict=True)
    spread = max(
        max(latitudes) - min(latitudes), (max(longitudes) - min(longitudes)) * LONGITUDE_SCALE * HEIGHT / WIDTH
    )
    height = ceil(max(spread * (1 + 2 * MARGIN), SMALLEST) / GRID) * GRID + 2 * GRID
    around = Frame(0, 0, height)
    south = floor(((max(latitudes) + min(latitudes)) / 2 - height / 2) / GRID) * GRID + GRID / 2
    west = floor(((max(longitudes) + min(longitudes)) / 2 - around.width / 2) / GRID) * GRID + GRID / 2
    return Frame(round(south, 4), round(west, 4), round(height, 4))


def gathered(shown: Frame, points: Iterable[Point], apart: float) -> list[tuple[float, float, list[int]]]:
    """Return the marks of these places: x, y, and which places, from 0, each stands for.

    apart: units of the drawing; a place nearer than that to a mark, both ways, has no mark of its own.
    """
    marks: list[tuple[float, float, list[int]]] = []
    for number, point in enumerate(points):
        x, y = shown.place(point)
        near = next((those for left, top, those in marks if abs(left - x) < apart and abs(top - y) < apart), None)
        if near is None:
            marks.append((x, y, [number]))
        else:
            near.append(number)
    return marks


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and the middle of its line, from the top left. is_own: of the town that the map is of."""

    text: str
    x: int
    y: int
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class TownMap:
    """A commune among its neighbours: two SVG paths in steps of GRAIN, where its marks stand, and what is where."""

    borders: str
    outline: str
    pins: tuple[tuple[float, float], ...]
    names: tuple[Name, ...]


def town_map(insee_code: str, points: Iterable[Point]) -> TownMap | None:
    """Return the map of a commune with marks at these places; None when nobody knows its outline.

    An arrondissement is shown on its whole city, which the outlines do not divide.
    """
    return _town_map(insee_code, tuple(points))


@lru_cache(maxsize=512)
def _town_map(insee_code: str, points: tuple[Point, ...]) -> TownMap | None:
    commune = city_of(insee_code)
    drawing = _commune(commune)
    if drawing is None:
        return None
    shown, outline = drawing
    placed = (shown.place(point) for point in points)
    pins = tuple(dict.fromkeys((x, y) for x, y in placed if 0 <= x <= WIDTH and 0 <= y <= HEIGHT))
    return TownMap(borders(shown), outline, pins, names(shown, pins, commune))


def names(shown: Frame, marks: Sequence[tuple[float, float]], own: str = "", mark: int = MARK) -> tuple[Name, ...]:
    """Return the names to write on a frame: they meet neither one another nor a mark, and none is cut.

    own: the INSEE code of the town that the map is of, named before all others. mark: how far a mark reaches from its
    middle, in units of the drawing.
    """
    taken = [Box(x - mark, y - mark, x + mark, y + mark) for x, y in marks]
    written: list[Name] = []
    for code, text, x, y in sorted(_in_frame(shown), key=lambda town: town[0] != own):
        for below in ASIDE if code == own else ASIDE[:1]:
            half = len(text) * LETTER * (0.6 if code == own else 0.5)
            box = Box(x - half, y + below - LINE / 2, x + half, y + below + LINE / 2)
            is_whole = box.left >= 0 and box.top >= 0 and box.right <= WIDTH and box.bottom <= HEIGHT
            if is_whole and not any(box.meets(other) for other in taken):
                taken.append(box)
                written.append(Name(text, x, y + below, code == own))
                break
        if len(written) == NAMES_SHOWN:
            break
    return tuple(written)


@lru_cache(maxsize=512)
def _in_frame(shown: Frame) -> tuple[tuple[str, str, int, int], ...]:
    """Return the towns of a frame, the biggest first: INSEE code, name, x and y."""
    placed = ((code, name, *shown.place(point)) for code, name, point in _towns())
    inside = ((code, name, round(x), round(y)) for code, name, x, y in placed if 0 <= x <= WIDTH and 0 <= y <= HEIGHT)
    return tuple(inside)[:60]


@lru_cache(maxsize=1)
def _towns() -> tuple[tuple[str, str, tuple[float, float]], ...]:
    """Return all communes, the biggest first: INSEE code, name, and where they are."""
    rows = [row for row in _rows() if row["type"] == "commune" and row["latitude"]]
    rows.sort(key=lambda row: -int(row["population"] or 0))
    return tuple((row["insee"], row["name"], (float(row["latitude"]), float(row["longitude"]))) for row in rows)


def city_of(insee_code: str) -> str:
    """Return the INSEE code of the city that an arrondissement is of; any other commune's own."""
    return _cities().get(insee_code, insee_code)


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Return the city of each arrondissement, by INSEE codes."""
    return {row["insee"]: row["parent_insee"] for row in _rows() if row["parent_insee"]}


def _rows() -> list[dict[str, str]]:
    with (settings.REGION.folder / "towns.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=512)
def borders(shown: Frame) -> str:
    """Return the borders in a frame as an SVG path in steps of GRAIN: communes' if it is small, else departments'."""
    pieces = []
    shapes = topology(*COMMUNES) if shown.height <= COMMUNES_UP_TO else topology(*DEPARTMENTS)
    for arc, (south, west, north, east) in shapes.arcs:
        if north < shown.south or south > shown.south + shown.height or east < shown.west:
            continue
        if west > shown.west + shown.width:
            continue
        pieces.append(_path([shown.place(point) for point in arc.points]))
    return "".join(pieces)


@lru_cache(maxsize=512)
def _commune(insee_code: str) -> tuple[Frame, str] | None:
    """Return the frame that shows a commune whole, and the SVG path of its area."""
    shapes = topology(*COMMUNES)
    rings, arcs = shapes.rings.get(insee_code), shapes.arcs
    if rings is None:
        return None
    limits = [arcs[number if number >= 0 else ~number][1] for ring in rings for number in ring]
    south, west, north, east = zip(*limits, strict=True)
    shown = frame([(min(south), min(west)), (max(north), max(east))])
    return shown, outline_of(shown, shapes, rings)


def outline_of(shown: Frame, shapes: "Topology", rings: Iterable[Iterable[int]]) -> str:
    """Return the SVG path of the area within closed lines, each made of arcs by their numbers."""
    pieces = []
    for ring in rings:
        points: list[Point] = []
        for number in ring:  # a negative number is an arc walked backwards: TopoJSON's way
            line = list(shapes.arcs[number if number >= 0 else ~number][0].points)
            points += line if number >= 0 else line[::-1]
        pieces.append(f"{_path([shown.place(point) for point in points])}Z")
    return "".join(pieces)


def _path(line: list[tuple[float, float]]) -> str:
    """Return a line as whole steps of GRAIN: a fifth of the bytes that the points themselves would take."""
    kept = [line[0]]
    for x, y in line[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= FINEST or (x, y) == line[-1]:
            kept.append((x, y))
    # Rounded before they are told apart, so that the steps add up to where they lead.
    points = [(round(x / GRAIN), round(y / GRAIN)) for x, y in kept]
    steps = [(x - before[0], y - before[1]) for before, (x, y) in pairwise(points)] or [(0, 0)]
    (x, y), numbers = points[0], " ".join(f"{x} {y}" for x, y in steps)
    return f"M{x} {y}l{numbers.replace(' -', '-')}"


@dataclass(frozen=True, slots=True)
class Arc:
    """A border line, as two rows of numbers: a tuple a point would weigh ten times as much in each worker."""

    latitudes: array
    longitudes: array

    @property
    def points(self) -> Iterator[Point]:
        return zip(self.latitudes, self.longitudes, strict=True)


@dataclass(frozen=True, slots=True)
class Topology:
    """Borders as lines. arcs: each line, with its southern, western, northern and eastern limits; a line that two
    areas share is there once. rings: by an area's code, the closed lines around it, as numbers of arcs."""

    arcs: list[tuple[Arc, tuple[float, float, float, float]]]
    rings: dict[str, list[array]]


@lru_cache(maxsize=2)
def topology(name: str, code: str) -> Topology:
    """Return a file of outlines, in degrees. code: the property that names an area.

    TopoJSON stores each point as steps from the one before.
    """
    stored = orjson.loads((settings.REGION.folder / f"{name}.topojson").read_bytes())
    (x_scale, y_scale), (x_first, y_first) = stored["transform"]["scale"], stored["transform"]["translate"]
    arcs, rings = [], {}
    for steps in stored["arcs"]:
        longitudes = array("d", (x * x_scale + x_first for x in accumulate(x for x, _ in steps)))
        latitudes = array("d", (y * y_scale + y_first for y in accumulate(y for _, y in steps)))
        limits = min(latitudes), min(longitudes), max(latitudes), max(longitudes)
        arcs.append((Arc(latitudes, longitudes), limits))
    for shape in stored["objects"]["communes"]["geometries"]:  # so called in both files
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings[shape["properties"][code]] = [array("i", ring) for part in parts for ring in part]
    return Topology(arcs, rings)
