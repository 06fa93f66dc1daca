"""When a question wishes a merchant to be open: "dimanche matin", "ce soir", "après 20 h", as a moment to come."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from directory.hours import PARIS
from search.understanding.wish_patterns import DAYS

NIGHT = "nuit"
_USUAL = {"": time(10), "matin": time(10), "midi": time(12, 15), "apres midi": time(15), "soir": time(18, 30),
          NIGHT: time(23), "tard": time(21), "tot": time(7)}  # fmt: skip
_AT_TABLE = {"": time(12, 30), "midi": time(12, 30), "soir": time(20)}  # when one eats out
_SAME_PART = {"matinee": "matin", "aprem": "apres midi", "soiree": "soir"}


@dataclass(frozen=True, slots=True)
class OpeningWish:
    """A day and a time of it. day: 0 for Monday to 6, None for today. ahead: days from today, where no day is named.

    part: of the day, folded French, "" for none. at: a time said in figures. is_now: at this very moment.
    """

    day: int | None = None
    ahead: int = 0
    part: str = ""
    at: time | None = None
    is_now: bool = False

    def moment(self, now: datetime, at_table: bool) -> datetime:
        """Return the next such moment, aware. at_table: it is about eating out."""
        here = now.astimezone(PARIS)
        if self.is_now:
            return here
        usual = (_AT_TABLE if at_table else {}).get(self.part) or _USUAL[self.part]
        at = self.at or usual
        wait = (self.day - here.weekday()) % 7 if self.day is not None else self.ahead
        then = datetime.combine(here.date() + timedelta(days=wait), at, PARIS)
        if then + timedelta(hours=1) > here or self.ahead:
            return max(then, here) if then.date() == here.date() else then
        if self.day is None and not self.part and not self.at:  # « aujourd’hui », in the afternoon
            return here
        return then + timedelta(days=7 if self.day is not None else 1)


def opening_wish(said: Mapping[str, str | None]) -> OpeningWish | None:
    """Return what the named parts of patterns.OPENING say; None if they say no time."""
    told = {name.removeprefix("x_"): value for name, value in said.items() if value}
    part = next((told[name] for name in ("day_part", "soon_part", "this", "part") if name in told), "")
    part = "tard" if "late" in told else "tot" if told.keys() & {"early", "soonest"} else _SAME_PART.get(part, part)
    hours = ("hour", "day_hour", "soon_hour", "this_hour", "alone_hour")
    at = _time(next((told[name] for name in hours if name in told), ""))
    if "now" in told:
        return OpeningWish(is_now=True)
    if "always" in told:
        return OpeningWish(day=6) if told["always"].startswith("7") else OpeningWish(part=NIGHT)
    if day := told.get("day"):
        return OpeningWish(day=DAYS.index(day) if day in DAYS else 5, part=part, at=at)
    if soon := told.get("soon"):
        return OpeningWish(ahead=int(soon == "demain"), part=part, at=at)
    if part or at:
        return OpeningWish(part=part, at=at)
    return OpeningWish(is_now=True) if "open_alone" in told else None


def days_until(day: str, month: int) -> int | None:
    """Return how many days from today the next such date is; None for a date that no year has."""
    today = timezone.localdate()
    for year in (today.year, today.year + 1):
        try:
            then = date(year, month, int(day))
        except ValueError:
            continue
        if then >= today:
            return (then - today).days
    return None


def _time(said: str) -> time | None:
    if not (figures := re.match(r"(\d{1,2}) ?h(?:eures?)?(?: ?(\d{2}))?", said)):
        return None
    hour, minute = int(figures[1]), int(figures[2] or 0)
    return time(hour % 24, minute) if hour <= 24 and minute < 60 else None
