"""The order of results: one table of weights, for both engines and for whoever asks why.

A result's points = the best text tier it reaches + its town + its distance band - what a merchant loses whose hours
nobody has confirmed for long (directory/freshness/stages.py). Among equal points the nearest comes first where a place
is meant, to the kilometre; then a rotation drawn again each day decides, so that equals take turns at the top. What is
sold out comes last. Nothing else counts: no click, payment, rating, origin or completeness. Points are whole numbers,
so both engines count them alike. /classement/ publishes this table.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from directory.freshness.stages import LOWER_AFTER
from portal.dates import months_before
from search.query import Query

# Raised, with its date, whenever the numbers below change: published beside them, so a test ties the two together.
VERSION = 3
VERSION_SINCE = date(2026, 11, 30)

# What the words find, best first.
TIERS = {
    "name_phrase": 100,  # the words in this order in the name; a trade's own name does not count, Query.naming
    "name": 90,  # all the words in the name, likewise
    "sells": 80,  # an article of theirs is called so
    "says": 68,  # the category the words name, and all the words in the name or the presentation
    "category": 56,  # the category the words name, and what is left of them in the name or the presentation
    "headline": 40,  # all the words in name, category, synonyms, town or seller
    "stands_in": 29,  # in the very town asked for, a category that may have it too
    "text": 20,  # all the words, the presentation included
    "related": 10,  # the category the words name, whatever the rest
}
TOWN = 20  # in the very town asked for: not in that which a speciality is named after
BANDS = ((1, 10), (3, 8), (5, 6), (10, 4), (25, 2))  # (kilometres, points) from the place asked for
STALE = 9  # lost by hours that nobody has confirmed for LOWER_AFTER months: less than two text tiers are apart

ROTATION_PRIME = 2**31 - 1


@dataclass(frozen=True, slots=True)
class DailyShuffle:
    """One day's draw: ``(tie * factor + shift) % ROTATION_PRIME`` orders equals, greatest first.

    Such a family of draws gives any two results each the lead as often as the other, and whole numbers give the same
    order in both engines; factor and shift are below 2**31, so that the product fits 64 bits.
    """

    factor: int
    shift: int

    def of(self, tie: int) -> int:
        return (tie * self.factor + self.shift) % ROTATION_PRIME


@lru_cache(maxsize=4)
def daily_shuffle(day: date) -> DailyShuffle:
    """Return the draw of a day: the same in every process, all day long."""
    drawn = hashlib.sha256(day.isoformat().encode()).digest()
    factor = int.from_bytes(drawn[:8]) % (ROTATION_PRIME - 1) + 1
    return DailyShuffle(factor, int.from_bytes(drawn[8:16]) % ROTATION_PRIME)


def tiebreak(kind: str, object_id: int) -> int:
    """Return the number that stands for an entry in the daily rotation; it says nothing of its age."""
    return int.from_bytes(hashlib.sha256(f"{kind}:{object_id}".encode()).digest()[:8]) % ROTATION_PRIME


def words_points(query: Query, points: int, places: Collection[str], kilometres: float | None, known: str) -> int:
    """Return what the words gave of a result's points: all but its town, its distance and its hours.

    places: its INSEE codes. known: Entry.hours_known_since.
    """
    found = band(kilometres) if query.place else None
    in_town = bool(query.place and query.point and query.within and query.place.insee_code in places)
    return points - (found[1] if found else 0) - (TOWN if in_town else 0) + lost(known, query.ranking_day)


def lost(known: str, today: date) -> int:
    """Return the points that a merchant loses whose hours are known since a day ("YYYY-MM-DD", "" for no hours)."""
    return STALE if known and known <= last_lowered(today).isoformat() else 0


def last_lowered(today: date) -> date:
    """Return the last day of which a confirmation of hours is so old that it costs points."""
    return months_before(today, LOWER_AFTER)


def band(kilometres: float | None) -> tuple[int, int] | None:
    """Return the band (kilometres, points) a distance falls in; None if it is unknown or beyond the last."""
    return next((band for band in BANDS if kilometres is not None and kilometres <= band[0]), None)
