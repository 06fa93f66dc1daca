"""Distances between places, (latitude, longitude) WGS 84, and the nearest rows of a table."""

from math import asin, cos, radians, sin, sqrt
from typing import Self

from django.db.models import F, FloatField, Func, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import LessThanOrEqual

EARTH_RADIUS = 6_371.0087714  # kilometres; the sphere Elasticsearch counts with
DEGREE = radians(EARTH_RADIUS)  # kilometres of a degree of latitude
LONGITUDE_SCALE = 0.7  # cos 45.5°: a degree of longitude beside one of latitude, true to 2 % in the whole region


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the kilometres between two points as the crow flies (haversine formula)."""
    (latitude, longitude), (other_latitude, other_longitude) = (map(radians, point) for point in (one, other))
    half_chord = sin((other_latitude - latitude) / 2) ** 2
    half_chord += cos(latitude) * cos(other_latitude) * sin((other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(half_chord))


def is_within(latitude: Combinable, longitude: Combinable, circle: tuple[float, float, float]) -> Combinable:
    """Return the condition that a place stands within a circle of so many kilometres, on a flat map around its middle.

    True to a hundredth of the radius up to 50 km.
    """
    middle, across, kilometres = circle
    north = (latitude - Value(middle)) * Value(DEGREE)
    east = (longitude - Value(across)) * Value(DEGREE * cos(radians(middle)))
    return LessThanOrEqual(north * north + east * east, Value(kilometres**2))


def flat_point(latitude: Combinable, longitude: Combinable) -> Func:
    """Return PostgreSQL's point of a place on a flat map, for a GiST index and for ``nearest``."""
    return Func(longitude * Value(LONGITUDE_SCALE), latitude, function="point", output_field=FloatField())


class NearestQuerySet(QuerySet):
    """Rows with columns ``latitude`` and ``longitude``, and a GiST index on their ``flat_point``."""

    def nearest(self, point: tuple[float, float]) -> Self:
        """Order by distance from a point; the index yields the first rows without looking at the others.

        Rows without a position come last.
        """
        latitude, longitude = point
        here = flat_point(Value(latitude), Value(longitude))
        there = flat_point(F("latitude"), F("longitude"))
        return self.order_by(
            Func(there, here, template="(%(expressions)s)", arg_joiner=" <-> ", output_field=FloatField())
        )
