"""Days when a shop is closed though its week says otherwise (holidays, stocktaking): pure functions on OSM's text.

They are the last rules of an opening_hours text, one each: "Tu-Sa 08:00-12:30; PH off; 2027 Aug 01-2027 Aug 15 off".
Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification#selector:wide_range_selectors
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from directory.hours import day_and_month

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = "|".join(_MONTHS)
_RULE = re.compile(
    rf"(?:(?P<year>\d{{4}})\s+)?(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})"
    rf"(?:\s*-\s*(?:(?:(?P<last_year>\d{{4}})\s+)?(?P<last_month>{_MONTH})\s+)?(?P<last_day>\d{{1,2}}))?\s+(?:off|closed)"
)
_ANY_LEAP_YEAR = 2024  # in which every day exists, to read one that returns each year


@dataclass(frozen=True, order=True)
class Closure:
    """Closed from the first day to the last one, both included."""

    first: date
    last: date

    @property
    def rule(self) -> str:
        first, last = _written(self.first), _written(self.last)
        return f"{first} off" if first == last else f"{first}-{last} off"


@dataclass(frozen=True)
class Hours:
    """An opening_hours text taken apart. usual: without its closures. yearly: rules of those that return each year."""

    usual: str
    closures: tuple[Closure, ...] = ()
    yearly: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole text again, "" without usual hours: closures alone would say nothing of the other days."""
        rules = (*self.yearly, *(closure.rule for closure in self.closures))
        return "; ".join((self.usual.rstrip("; "), *rules)) if self.usual else ""


def split(text: str) -> Hours:
    """Take an opening_hours text apart; what comes before another rule than a closure is left in the usual hours."""
    rules = [rule.strip() for rule in text.rstrip("; ").split(";")]
    found: list[Closure] = []
    yearly: list[str] = []
    while len(rules) > 1 and (match := _RULE.fullmatch(rules[-1])) and (closure := _read(match)):
        if match["year"]:
            found.append(closure)
        else:
            yearly.append(rules[-1])
        rules.pop()
    if not found and not yearly:
        return Hours(text)
    return Hours("; ".join(rules), tuple(sorted(found)), tuple(reversed(yearly)))


def to_come(closures: Iterable[Closure], today: date) -> tuple[Closure, ...]:
    """Return those that are not over."""
    return tuple(closure for closure in closures if closure.last >= today)


def said_once(closure: Closure) -> str:
    """Return a closure in French: "le 24 décembre 2026", "du 24 décembre 2026 au 2 janvier 2027"."""
    first, last = (f"{day_and_month(day)}\u00a0{day.year}" for day in (closure.first, closure.last))
    return f"le {first}" if first == last else f"du {first} au {last}"


def said(rule: str) -> str:
    """Return a yearly rule in French: "le 25 décembre", "du 25 au 26 décembre", "du 24 décembre au 2 janvier"."""
    match = _RULE.fullmatch(rule)
    closure = match and _read(match)
    if not closure:
        raise ValueError(f"no yearly closure: {rule}")
    first, last = day_and_month(closure.first), day_and_month(closure.last)
    if first == last:
        return f"le {first}"
    if closure.first.month == closure.last.month:
        first = first.partition("\u00a0")[0]
    return f"du {first} au {last}"


def _read(match: re.Match[str]) -> Closure | None:
    """Return None for a day that does not exist, or an end before its start."""
    try:
        first = date(int(match["year"] or _ANY_LEAP_YEAR), _number(match["month"]), int(match["day"]))
        if not match["last_day"]:
            return Closure(first, first)
        month = _number(match["last_month"]) if match["last_month"] else first.month
        day = int(match["last_day"])
        year = int(match["last_year"] or first.year + ((month, day) < (first.month, first.day)))
        last = date(year, month, day)
    except ValueError:
        return None
    return Closure(first, last) if first <= last < first + timedelta(days=366) else None


def _number(month: str) -> int:
    return _MONTHS.index(month) + 1


def _written(day: date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02}"
