"""Opening hours: pure functions on OpenStreetMap's ``opening_hours`` text and local times.

Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification, read by opening-hours-py with France's
public holidays. The reader is given local times without a zone: with a zone, version 2.1.4 refuses the hour that
spring skips and misreads the one that autumn repeats.
"""

import math
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, WEEKDAYS
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

PARIS = ZoneInfo("Europe/Paris")
SOON = timedelta(minutes=30)
DAY = timedelta(days=1)
HORIZON_OF_VISIT = timedelta(days=60)
EXCEPTIONS_AHEAD = 35  # days
CONFIRMED_FOR = 6  # months that a merchant's word is good for
HORIZON = 366  # days; a state that lasts longer lasts for ever
AROUND_THE_CLOCK = "24\u00a0h sur 24"
UNKNOWN = "Horaires à confirmer"

# Public holidays on a fixed date (Code du travail, L3133-1). The three others follow Easter, and the seasons in which
# they can fall never meet, so that the day of the week and the month tell them apart.
FIXED_HOLIDAYS = {
    (1, 1): "Jour de l’an",
    (5, 1): "Fête du Travail",
    (5, 8): "Victoire de 1945",
    (7, 14): "Fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "Armistice",
    (12, 25): "Noël",
}


@dataclass(frozen=True)
class OpenState:
    """Whether a shop is open, and what a passer-by wants to know next.

    kind: "open", "soon" (closes within half an hour), "closed" or "unknown".
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Day:
    """One day of a week. ranges: opening hours as "8 h – 12 h 30", none when closed. note: a holiday's name, or ""."""

    day: str
    date: date
    ranges: tuple[str, ...]
    today: bool
    note: str


def validate_opening_hours(value: str) -> None:
    """Raise ValidationError unless ``value`` follows OSM's opening_hours specification."""
    if _parsed(value) is None:
        raise ValidationError(
            "Ces horaires ne se lisent pas. Écrivez par exemple : Tu-Sa 08:00-12:30,15:00-19:00; PH off"
        )


def state(opening_hours: str, now: datetime) -> OpenState:
    """Return whether the shop is open at ``now``, an aware time; "unknown" when its hours are empty or unreadable.

    Hours are told to the minute, so the answer is the same during a whole minute.
    """
    return _state(opening_hours, now.replace(second=0, microsecond=0))


@lru_cache(maxsize=8192)
def _state(opening_hours: str, now: datetime) -> OpenState:
    parsed = _parsed(opening_hours)
    if parsed is None:
        return OpenState("unknown", UNKNOWN)
    clock = now.astimezone(PARIS)
    here = clock.replace(tzinfo=None)
    intervals = parsed.intervals(here, here + HORIZON * DAY)
    _, change, current, comment = next(intervals)
    lasts = change - here if change else HORIZON * DAY
    if current == State.UNKNOWN or (comment and lasts >= DAY):  # "sur rendez-vous" alone is no promise to be open
        return OpenState("unknown", comment[:1].upper() + comment[1:] or UNKNOWN)
    if current == State.CLOSED:
        opening = next((start for start, _, kind, _ in intervals if kind == State.OPEN), None)
        return OpenState("closed", f"Fermé, ouvre {_when(opening, here)}" if opening else "Fermé")
    if change is None or lasts > (HORIZON - 1) * DAY:
        return OpenState("open", f"Ouvert {AROUND_THE_CLOCK}")
    # Minutes are counted in true time: local times mislead on the nights when clocks change.
    left = change.replace(tzinfo=PARIS, fold=clock.fold).astimezone(UTC) - clock.astimezone(UTC)
    kind = "soon" if left <= SOON else "open"
    minutes = math.ceil(left / timedelta(minutes=1))
    text = f"Ferme dans {minutes}\u00a0min" if kind == "soon" else f"Ouvert jusqu’{_until(change, here)}"
    return OpenState(kind, f"{text}, {comment}" if comment else text)


def openings(opening_hours: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return from when to when a shop is open between two local times without a zone; [] when nobody knows.

    It is open in just these intervals, their ends left out, when ``state`` says "open" or "soon".
    """
    parsed = _parsed(opening_hours)
    if parsed is None:
        return []
    found = []
    for opens, closes, kind, comment in parsed.intervals(start, end + DAY):
        if kind != State.OPEN:
            continue
        if comment:  # as in ``state``: "sur rendez-vous" for days on end is no promise, but its last day is
            opens = max(opens, closes - DAY + timedelta(minutes=1)) if closes else end
        closes = min(closes or end, end)
        if opens < closes:
            found.append((opens, closes))
    return found


def next_visit(opening_hours: str, now: datetime) -> str:
    """Return when one can next go there: "aujourd’hui jusqu’à 12 h 30", "demain à 8 h"; "" when nobody knows.

    An opening that ends within SOON leaves no time to come.
    """
    here = now.astimezone(PARIS).replace(tzinfo=None)
    for opens, closes in openings(opening_hours, here, here + HORIZON_OF_VISIT):
        if closes - here <= SOON:
            continue
        return f"aujourd’hui jusqu’{_until(closes, here)}" if opens <= here else _when(opens, here)
    return ""


def week(opening_hours: str, today: date) -> list[Day]:
    """Return the next seven days from ``today``, Monday first; [] when the hours are empty or unreadable.

    Hours past midnight belong to the day they began.
    """
    parsed = _parsed(opening_hours)
    if parsed is None:
        return []
    ranges = _ranges(parsed, today, 7)
    return [
        Day(
            day=str(WEEKDAYS[day.weekday()]).capitalize(),
            date=day,
            ranges=tuple(ranges[day]),
            today=day == today,
            note=holiday(day),
        )
        for day in sorted(ranges, key=date.weekday)
    ]


@lru_cache(maxsize=8192)
def exceptions(opening_hours: str, today: date) -> list[Day]:
    """Return the days beyond the coming week, within five, whose hours are not those of their weekday.

    The hours of a weekday are what they are most often then, public holidays apart.
    """
    parsed = _parsed(opening_hours)
    if parsed is None:
        return []
    actual = _ranges(parsed, today, EXCEPTIONS_AHEAD)
    usual = _ranges(OpeningHours(opening_hours), today, EXCEPTIONS_AHEAD)
    rule = [
        Counter(tuple(ranges) for day, ranges in usual.items() if day.weekday() == weekday).most_common(1)[0][0]
        for weekday in range(7)
    ]
    return [
        Day(
            day=str(WEEKDAYS[day.weekday()]).capitalize(),
            date=day,
            ranges=tuple(ranges),
            today=False,
            note=holiday(day),
        )
        for day, ranges in actual.items()
        if day >= today + 7 * DAY and tuple(ranges) != rule[day.weekday()]
    ]


def confirmation(confirmed_on: date | None, today: date) -> str:
    """Return since when hours are known to be right: "Horaires confirmés le 3 novembre 2026." or a warning."""
    if confirmed_on is None:
        return "Horaires que le commerce n’a pas encore confirmés. Appelez avant de venir."
    if is_confirmed(confirmed_on, today):
        return f"Horaires confirmés le {written_date(confirmed_on)}."
    year = "" if confirmed_on.year == today.year else f" {confirmed_on.year}"
    return f"Horaires non confirmés depuis {MONTHS[confirmed_on.month]}{year}. Appelez avant de venir."


def is_confirmed(confirmed_on: date | None, today: date) -> bool:
    """Return whether hours were confirmed within CONFIRMED_FOR months of ``today``."""
    return confirmed_on is not None and confirmed_on > last_outworn(today)


def last_outworn(today: date) -> date:
    """Return the last day of which a confirmation no longer holds: CONFIRMED_FOR months before ``today``."""
    year, month = divmod(today.year * 12 + today.month - 1 - CONFIRMED_FOR, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=1024)
def holiday(day: date) -> str:
    """Return the name of France's public holiday on that day, or ""."""
    if not _public_holidays().is_open(datetime.combine(day, time(12))):
        return ""
    if name := FIXED_HOLIDAYS.get((day.month, day.day)):
        return name
    if day.weekday() == 3:
        return "Ascension"
    return "Lundi de Pâques" if day.month < 5 else "Lundi de Pentecôte"


@lru_cache(maxsize=8192)
def _parsed(opening_hours: str) -> OpeningHours | None:
    try:
        return OpeningHours(opening_hours, country="FR", max_interval_days=HORIZON)
    except ParserError:
        return None


@lru_cache(maxsize=1)
def _public_holidays() -> OpeningHours:
    return OpeningHours("PH", country="FR")


def clock(moment: time) -> str:
    """Return a time as the French write it: "8 h", "12 h 30"."""
    return f"{moment.hour}\u00a0h\u00a0{moment:%M}" if moment.minute else f"{moment.hour}\u00a0h"


def written_date(day: date) -> str:
    """Return a day as the French write it: "3 novembre 2026"."""
    return f"{day_and_month(day)} {day.year}"


def _ranges(parsed: OpeningHours, first: date, count: int) -> dict[date, list[str]]:
    """Return what to print of each of ``count`` days."""
    found: dict[date, list[str]] = {first + DAY * number: [] for number in range(count)}
    start, end = (datetime.combine(first + DAY * number, time(0)) for number in (-1, count + 1))
    for opens, closes, kind, comment in parsed.intervals(start, end):
        if kind == State.CLOSED:
            continue
        remark = comment or ("" if kind == State.OPEN else "à confirmer")
        closes = closes or end
        while closes - opens >= DAY:
            found.get(opens.date(), []).append(_range(opens.time(), time(0), remark))
            opens = datetime.combine(opens.date() + DAY, time(0))
        if opens < closes:
            found.get(opens.date(), []).append(_range(opens.time(), closes.time(), remark))
    return found


def _range(opens: time, closes: time, remark: str) -> str:
    if opens == closes == time(0):
        return remark or AROUND_THE_CLOCK
    text = f"{clock(opens)}\u00a0–\u00a0{'minuit' if closes == time(0) else clock(closes)}"
    return f"{text}, {remark}" if remark else text


def _until(change: datetime, now: datetime) -> str:
    """Return until when, after "jusqu’": "à 19 h", "à minuit", "à 2 h" (tonight), "à dimanche 18 h"."""
    at = "minuit" if change.time() == time(0) else clock(change.time())
    evening = change - timedelta(hours=12)  # an hour of the night belongs to the evening before
    if evening.date() <= now.date():
        return f"à {at}"
    if (change.date() - now.date()).days < 7:
        return f"à {WEEKDAYS[change.weekday()]} {at}"
    return f"au {day_and_month(change.date())}"


def _when(opening: datetime, now: datetime) -> str:
    """Return when a shop opens: "à 15 h", "demain à 8 h", "mardi à 8 h", "le 4 janvier à 8 h"."""
    at = f"à {clock(opening.time())}"
    ahead = (opening.date() - now.date()).days
    if ahead == 0:
        return at
    if ahead == 1:
        return f"demain {at}"
    if ahead < 7:
        return f"{WEEKDAYS[opening.weekday()]} {at}"
    return f"le {day_and_month(opening.date())} {at}"


def day_and_month(day: date) -> str:
    """Return a day as the French write it, without its year: "1er mai"."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}\u00a0{MONTHS[day.month]}"
