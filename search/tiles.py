"""Tiles of the web's maps (Web Mercator), by which a map's results are counted."""

import math

WHOLE_REGION = 8  # the zoom of the region's map; entries hold their tile of it, which is four times cheaper to count

Tile = tuple[int, int]


def tile(point: tuple[float, float], zoom: int) -> Tile:
    """Return (x, y) of the tile that a (latitude, longitude) is in."""
    latitude, longitude = point
    radians = math.radians(latitude)
    down = (1 - math.log(math.tan(radians) + 1 / math.cos(radians)) / math.pi) / 2
    return int((longitude + 180) / 360 * 2**zoom), int(down * 2**zoom)


def centre(tile: Tile, zoom: int) -> tuple[float, float]:
    """Return the (latitude, longitude) of a tile's middle."""
    x, y = ((number + 0.5) / 2**zoom for number in tile)
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))), x * 360 - 180
