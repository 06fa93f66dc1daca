"""What part of the region the map of a query shows, and at which zoom its results are counted by tiles."""

import math
from functools import lru_cache

from directory.geography import EARTH_RADIUS, LONGITUDE_SCALE
from directory.maps import WIDTH, frame
from search.query import Query, Within
from search.understanding.gazetteer import Gazetteer

TILE = 110  # units of the drawing that a tile takes at least
TOWN_SIZE = 4  # kilometres around a town's centre that are shown at least
REGION = [(44.4, 2.6), (46.5, 6.6)]  # two corners within it; with a frame's margins, its borders are all in the drawing
KILOMETRES_A_DEGREE = math.radians(EARTH_RADIUS)  # of latitude

Point = tuple[float, float]


def zoom(gazetteer: Gazetteer, query: Query) -> int:
    """Return the zoom of the tiles to count a query's results by: a handful across the map of where it looks."""
    degrees = frame(corners(gazetteer, query)).width
    return int(math.log2(360 * WIDTH / (degrees * TILE)))


def corners(gazetteer: Gazetteer, query: Query) -> list[Point]:
    """Return two corners of what a map of the query shows at least: the whole region where no place is asked."""
    place = query.place
    if place and query.point and query.within:
        kilometres = query.radius if query.within == Within.RADIUS else place.circle or TOWN_SIZE
        (latitude, longitude), degrees = query.point, kilometres / KILOMETRES_A_DEGREE
        across = degrees / LONGITUDE_SCALE
        return [(latitude - degrees, longitude - across), (latitude + degrees, longitude + across)]
    if not (place and query.within):
        return REGION
    return _limits(gazetteer, place.department_code, place.towns)


@lru_cache(maxsize=32)
def _limits(gazetteer: Gazetteer, department: str, towns: tuple[str, ...]) -> list[Point]:
    """Return the corners of these towns, or of a department's."""
    known = [gazetteer.places[code] for code in towns] if towns else gazetteer.places.values()
    points = [place.point for place in known if place.point and (towns or place.department_code == department)]
    latitudes, longitudes = zip(*points, strict=True)
    return [(min(latitudes), min(longitudes)), (max(latitudes), max(longitudes))]
