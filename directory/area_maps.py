"""Draws what an area covers, for its own page and under the results of a search: its communes, or its circle."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from directory.geography import DEGREE
from directory.maps import COMMUNES, HEIGHT, WIDTH, Frame, Point, TownMap, borders, frame, names, outline_of, topology


def area_map(codes: frozenset[str], circle: tuple[float, float, float] | None, points: Iterable[Point]) -> TownMap:
    """Return the map of an area with marks at these places. codes: INSEE codes of its communes, where it has no circle.

    At least one of both is needed.
    """
    shown = _frame_of(codes, circle)
    placed = (shown.place(point) for point in points)
    pins = tuple(dict.fromkeys((x, y) for x, y in placed if 0 <= x <= WIDTH and 0 <= y <= HEIGHT))
    return TownMap(borders(shown), outline(shown, codes, circle), pins, names(shown, pins))


@lru_cache(maxsize=512)
def outline(shown: Frame, codes: frozenset[str], circle: tuple[float, float, float] | None = None) -> str:
    """Return the SVG path of an area in a frame, in steps of GRAIN; "" where nobody knows its communes' outlines."""
    if circle:
        return _circle(shown, circle)
    shapes = topology(*COMMUNES)
    numbers = Counter(
        number if number >= 0 else ~number for code in codes for ring in shapes.rings.get(code, ()) for number in ring
    )
    own = [
        number
        for code in codes
        for ring in shapes.rings.get(code, ())
        for number in ring
        if numbers[number if number >= 0 else ~number] == 1  # two communes of the area share the others
    ]
    return outline_of(shown, shapes, _rings(own, shapes.arcs))


def _rings(numbers: list[int], arcs: list) -> list[list[int]]:
    """Return closed lines made of these arcs, each walked in its direction: where one ends, another begins."""

    def ends(number: int) -> tuple[Point, Point]:
        line = list(arcs[number if number >= 0 else ~number][0].points)
        return (line[0], line[-1]) if number >= 0 else (line[-1], line[0])

    limits = {number: ends(number) for number in numbers}
    following: dict[Point, list[int]] = {}
    for number, (start, _) in limits.items():
        following.setdefault(start, []).append(number)
    rings = []
    left = dict.fromkeys(numbers)
    while left:
        ring = [next(iter(left))]
        del left[ring[0]]
        while more := [number for number in following.get(limits[ring[-1]][1], ()) if number in left]:
            ring.append(more[0])
            del left[more[0]]
        rings.append(ring)
    return rings


def _circle(shown: Frame, circle: tuple[float, float, float]) -> str:
    """Return a circle as an SVG path in steps of half a unit."""
    x, y = (round(2 * side) for side in shown.place(circle[:2]))
    radius = round(2 * circle[2] / DEGREE * shown.scale)
    return f"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0Z"


@lru_cache(maxsize=512)
def _frame_of(codes: frozenset[str], circle: tuple[float, float, float] | None) -> Frame:
    if circle:
        latitude, longitude, kilometres = circle
        high = kilometres / DEGREE
        wide = high * 1.43  # a degree of longitude is 0.7 of one of latitude here
        return frame([(latitude - high, longitude - wide), (latitude + high, longitude + wide)])
    shapes = topology(*COMMUNES)
    limits = [
        shapes.arcs[number if number >= 0 else ~number][1]
        for code in codes
        for ring in shapes.rings.get(code, ())
        for number in ring
    ]
    south, west, north, east = zip(*limits, strict=True)
    return frame([(min(south), min(west)), (max(north), max(east))])
