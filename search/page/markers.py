"""Markers and clusters of a results map, linked with the list and with searches.

A cluster stands for a tile of the web's maps (Query.tiles), at its biggest town. Clusters and pins together
count every result once.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from directory.area_maps import outline
from directory.geography import LONGITUDE_SCALE
from directory.maps import HEIGHT, WIDTH, Frame, borders, city_of, frame, gathered, names
from search.links import Address
from search.map_frame import KILOMETRES_A_DEGREE, Point, corners
from search.query import RADII, Place, Query, Within
from search.results import Results
from search.tiles import Tile, centre
from search.tiles import tile as tile_of
from search.understanding.gazetteer import Gazetteer

APART = 46  # units of the drawing; pins nearer than that are one
MARK = 25  # units of the drawing that a mark reaches from its middle
CLEAR = 54  # units between a cluster and whatever stands beside it
_ASIDE = [(0, 0), (0, -54), (54, 0), (0, 54), (-54, 0), (54, 54), (-54, -54)]  # where a cluster may stand, best first


@dataclass(frozen=True, slots=True)
class Marker:
    """One mark. ranks: of the results it stands for, in the page's list, from 1."""

    x: float
    y: float
    ranks: list[int]
    names: list[str]

    @property
    def first(self) -> int:
        return self.ranks[0]

    @property
    def text(self) -> str:
        return str(self.first) if len(self.ranks) == 1 else f"{len(self.ranks)}×"

    @property
    def title(self) -> str:
        return ", ".join(self.names)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Results that are not in the page's list. url: a search around there, or "" inside a town. radius: of its disc."""

    x: float
    y: float
    count: int
    title: str
    url: str

    @property
    def radius(self) -> int:
        return 23 + 4 * (len(str(self.count)) - 1)


def results_map(gazetteer: Gazetteer, results: Results, address: Address) -> dict | None:
    """Return what components/results_map.html draws, or None without a result that stands somewhere."""
    placed = [(rank, hit.entry.title, hit.entry.point) for rank, hit in enumerate(results.hits, 1) if hit.entry.point]
    if not placed:
        return None
    shown = frame([*corners(gazetteer, results.query), *(point for *_, point in placed)])
    points = [point for *_, point in placed]
    pins = [
        Marker(x, y, [placed[number][0] for number in those], [placed[number][1] for number in those])
        for x, y, those in gathered(shown, points, APART)
    ]
    clusters = list(_clusters(gazetteer, results, address, shown, pins, points))
    marks = [*((pin.x, pin.y) for pin in pins), *((cluster.x, cluster.y) for cluster in clusters)]
    own = results.query.place.insee_code if results.query.place and results.query.within else ""
    return {
        "here": _here(shown, results.query),
        "borders": borders(shown),
        "names": names(shown, marks, own, MARK),
        "clusters": clusters,
        "pins": pins,
    }


def _here(shown: Frame, query: Query) -> str:
    """Return the SVG path of the place asked for, "" for a department or none."""
    place = query.place
    if not (place and query.within):
        return ""
    if query.within == Within.RADIUS and query.point:
        return outline(shown, frozenset(), (*query.point, query.radius))
    if place.circle and place.point:
        return outline(shown, frozenset(), (*place.point, place.circle))
    codes = place.towns or tuple(filter(None, [place.insee_code]))
    return outline(shown, frozenset(map(city_of, codes)))


def _clusters(
    gazetteer: Gazetteer, results: Results, address: Address, shown: Frame, pins: list[Marker], listed: list[Point]
) -> Iterator[Cluster]:
    level = results.query.tiles
    if level is None:
        return
    others = Counter(results.tiles) - Counter(tile_of(point, level) for point in listed)
    towns = {} if _is_town(results.query) else _biggest_towns(gazetteer, level)
    taken = [(pin.x, pin.y) for pin in pins]
    for tile, count in others.most_common():
        town = towns.get(tile)
        x, y = _free(taken, shown.place(town.point if town and town.point else centre(tile, level)))
        taken.append((x, y))
        number = f"{count} autre{'s' if count > 1 else ''}"
        if town:
            around = address.but(where=town.label).filtered(around=None, radius=_radius(level))
            yield Cluster(x, y, count, f"{number} autour de {town.name}", around.url)
        else:
            yield Cluster(x, y, count, number, "")


def _free(taken: list[tuple[float, float]], wanted: tuple[float, float]) -> tuple[float, float]:
    """Return the nearest place within the drawing where nothing stands yet; if all are taken, the place itself."""
    x, y = min(max(wanted[0], APART), WIDTH - APART), min(max(wanted[1], APART), HEIGHT - APART)
    places = ((x + aside, y + below) for aside, below in _ASIDE)
    return next((place for place in places if all(math.dist(place, other) >= CLEAR for other in taken)), (x, y))


@lru_cache(maxsize=16)
def _biggest_towns(gazetteer: Gazetteer, level: int) -> dict[Tile, Place]:
    towns: dict[Tile, Place] = {}
    for place in gazetteer.places.values():  # biggest first
        if place.point:
            towns.setdefault(tile_of(place.point, level), place)
    return towns


def _is_town(query: Query) -> bool:
    return query.within == Within.PLACE and query.place is not None and bool(query.place.insee_code)


def _radius(level: int) -> int:
    """Return the radius offered, in kilometres, that comes nearest to half a tile."""
    half = 360 / 2**level * LONGITUDE_SCALE * KILOMETRES_A_DEGREE / 2
    return min(RADII, key=lambda radius: abs(radius - half))
