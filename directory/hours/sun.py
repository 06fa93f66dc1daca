"""When the sun rises and sets at a place, to the minute, as opening-hours-py computes it."""

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours

PARIS = ZoneInfo("Europe/Paris")
_MORNING, _EVENING = time(3, 30), time(13)  # before each dawn in France, after each sunrise; no clock changes then
_PAIRS = {"sunrise": "sunrise-sunset", "sunset": "sunrise-sunset", "dawn": "dawn-dusk", "dusk": "dawn-dusk"}


@lru_cache(maxsize=16384)
def sun_minute(event: str, day: date, latitude: float, longitude: float) -> int:
    """Return the local minute of the day of "sunrise", "sunset", "dawn" or "dusk" at a place (degrees, WGS 84)."""
    before = _MORNING if event in ("sunrise", "dawn") else _EVENING
    change = _days_of_light(_PAIRS[event], latitude, longitude).next_change(datetime.combine(day, before, PARIS))
    if change is None:
        raise ValueError(f"no {event} on {day} at {latitude}, {longitude}")
    local = change.astimezone(PARIS)
    return local.hour * 60 + local.minute


@lru_cache(maxsize=1024)
def _days_of_light(text: str, latitude: float, longitude: float) -> OpeningHours:
    return OpeningHours(text, timezone=PARIS, country="FR", coords=(latitude, longitude))
