"""Maps drawn by ourselves: borders as one SVG path, and places on them. No tiles, no third party.

Source of the borders: directory/data/communes.topojson and departments.topojson.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import ceil, floor
from pathlib import Path

import orjson

from directory.geography import LONGITUDE_SCALE

DATA = Path(__file__).parent / "data"
WIDTH, HEIGHT = 600, 400  # of the drawing, in its own units
SMALLEST = 0.06  # degrees of latitude shown at least: some 7 km
GRID = 0.02  # degrees; frames are rounded out to it, so that neighbouring searches share a drawing
COMMUNES_UP_TO = 0.7  # degrees of latitude beyond which departments are drawn instead of communes
MARGIN = 0.15  # of the frame, around the places
FINEST = 0.8  # units of the drawing; a border's closer points are left out

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


@lru_cache(maxsize=512)
def borders(shown: Frame) -> str:
    """Return the SVG path of the borders in a frame: of communes when it is small enough, else of departments."""
    pieces = []
    for arc, (south, west, north, east) in _arcs("communes" if shown.height <= COMMUNES_UP_TO else "departments"):
        if north < shown.south or south > shown.south + shown.height or east < shown.west:
            continue
        if west > shown.west + shown.width:
            continue
        pieces.append(_path([shown.place(point) for point in arc]))
    return "".join(pieces)


def _path(line: list[tuple[float, float]]) -> str:
    kept = [line[0]]
    for x, y in line[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= FINEST or (x, y) == line[-1]:
            kept.append((x, y))
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept)


@lru_cache(maxsize=2)
def _arcs(name: str) -> list[tuple[list[Point], tuple[float, float, float, float]]]:
    """Return each border line, in degrees, with its southern, western, northern and eastern limits.

    A line that two communes share is there once. TopoJSON stores each point as steps from the one before.
    """
    topology = orjson.loads((DATA / f"{name}.topojson").read_bytes())
    (x_scale, y_scale), (x_first, y_first) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        longitudes = [x * x_scale + x_first for x in accumulate(x for x, _ in steps)]
        latitudes = [y * y_scale + y_first for y in accumulate(y for _, y in steps)]
        limits = min(latitudes), min(longitudes), max(latitudes), max(longitudes)
        arcs.append((list(zip(latitudes, longitudes, strict=True)), limits))
    return arcs
