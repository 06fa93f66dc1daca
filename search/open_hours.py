"""Opening hours as an index holds them: intervals of local minutes, for the days to come.

Minutes count the hours that clocks show in France, without a zone: the hour that spring skips is in no question, and
the one that autumn repeats means the same both times, as it does to a shopkeeper.

A merchant's intervals cover DAYS days and are made again every PERIOD days, each merchant on their own day of the week:
only a seventh of them changes each night, and every question about the next AHEAD days finds its answer.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from directory.hours import PARIS, Place, openings

PERIOD = 7
AHEAD = 8
DAYS = PERIOD + AHEAD

_FIRST = datetime(1970, 1, 1)  # noqa: DTZ001 (local time, on purpose)
_MINUTE = timedelta(minutes=1)


def minute(moment: datetime) -> int:
    """Return the local minute of an aware time."""
    return _minute(moment.astimezone(PARIS).replace(tzinfo=None))


def window(merchant: int, today: date) -> date:
    """Return the first day that a merchant's intervals cover, as they stand today."""
    return today - timedelta(days=(today.toordinal() + merchant) % PERIOD)


def renewal(first: str) -> str | None:
    """Return the day (ISO) on which intervals that begin on this one are to be made again; None for none."""
    return (date.fromisoformat(first) + timedelta(days=PERIOD)).isoformat() if first else None


def intervals(opening_hours: str, first: date, place: Place | None = None) -> list[list[int]]:
    """Return [minute of opening, minute of closing[ for DAYS days from the first."""
    start = datetime.combine(first, datetime.min.time())
    return [
        [_minute(opens), _minute(closes)]
        for opens, closes in openings(opening_hours, start, start + timedelta(days=DAYS), place)
    ]


def last_moment(now: datetime | None = None) -> datetime:
    """Return the last local time, aware, that every merchant's intervals cover."""
    today = timezone.localtime(now, PARIS).replace(hour=23, minute=59, second=0, microsecond=0)
    return today + timedelta(days=AHEAD - 1)


def _minute(local: datetime) -> int:
    return (local - _FIRST) // _MINUTE
