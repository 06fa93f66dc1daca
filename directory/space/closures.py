"""Days when a shop is closed though its week says otherwise, or open at other hours: pure functions on OSM's text.

They are the last rules of an opening_hours text, one each: "Tu-Sa 08:00-12:30; PH off; 2027 Aug 01-2027 Aug 15 off";
exceptional openings follow closures, so that a shop on holiday can open on one of these days.
Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification#selector:wide_range_selectors
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from directory.hours import day_and_month, from_to
from directory.hours.grammar import parse
from directory.hours.rules import DateRange, Join, Kind, Rule
from directory.hours.words import MONTHS, Unreadable
from directory.space.week import Slots, slots_of, slots_text

Dated = TypeVar("Dated", "Closure", "Opening")

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


@dataclass(frozen=True, order=True)
class Opening:
    """Other hours than the usual ones, from the first day to the last one, both included."""

    first: date
    last: date
    slots: Slots

    @property
    def rule(self) -> str:
        return f"{Closure(self.first, self.last).rule.removesuffix('off')}{slots_text(self.slots)}"


@dataclass(frozen=True)
class Hours:
    """An opening_hours text taken apart.

    usual: without its closures and exceptional openings. yearly: rules of closures that return each year.
    """

    usual: str
    closures: tuple[Closure, ...] = ()
    yearly: tuple[str, ...] = ()
    openings: tuple[Opening, ...] = ()

    @property
    def text(self) -> str:
        """The whole text again, "" without usual hours: closures alone would say nothing of the other days."""
        rules = (*self.yearly, *(one.rule for one in self.closures), *(one.rule for one in self.openings))
        return "; ".join((self.usual.rstrip("; "), *rules)) if self.usual else ""


def split(text: str) -> Hours:
    """Take an opening_hours text apart; what comes before another rule than a closure is left in the usual hours."""
    try:
        rules = list(parse(text))
    except Unreadable:
        return Hours(text)
    found: list[Closure] = []
    yearly: list[str] = []
    openings: list[Opening] = []
    while len(rules) > 1 and rules[-1].start >= rules[-2].end:
        opening, dates = _opening(rules[-1]), _dates(rules[-1])
        if opening and not yearly and not _is_among(opening, found):  # written first, a closure would reopen
            openings.append(opening)
            rules.pop()
            continue
        if not dates:
            break
        rule = rules.pop()
        closures = [_closure(one) for one in dates]
        if None in closures:
            yearly.append(text[rule.start : rule.end])
        else:
            found += [closure for closure in closures if closure]
    if not found and not yearly and not openings:
        return Hours(text)
    return Hours(text[: rules[-1].end], tuple(sorted(found)), tuple(reversed(yearly)), tuple(sorted(openings)))


def to_come(dated: Iterable[Dated], today: date) -> tuple[Dated, ...]:
    """Return those that are not over."""
    return tuple(one for one in dated if one.last >= today)


def said_once(closure: Closure | Opening) -> str:
    """Return its days in French: "le 24 décembre 2026", "du 24 décembre 2026 au 2 janvier 2027"."""
    first, last = (f"{day_and_month(day)}\u00a0{day.year}" for day in (closure.first, closure.last))
    return f"le {first}" if first == last else f"du {first} au {last}"


def said(rule: str) -> str:
    """Return a yearly rule in French: "le 25 décembre", "du 25 au 26 décembre", "du 24 décembre au 2 janvier"."""
    dates = _dates(parse(rule)[0])
    if not dates:
        raise ValueError(f"no closure: {rule}")
    return listed([from_to(*_days(one)) for one in dates])


def listed(texts: Sequence[str]) -> str:
    """Return "a, b et c"."""
    *others, last = texts
    return f"{', '.join(others)} et {last}" if others else last


def _dates(rule: Rule) -> tuple[DateRange, ...]:
    """Return when a rule closes the shop, () if it says more or something else."""
    says_more = rule.kind is not Kind.CLOSED or rule.slots or rule.comment or rule.join is Join.FALLBACK
    if says_more or not rule.selectors:
        return ()
    if any(not selector.dates or selector.weekdays or selector.holidays for selector in rule.selectors):
        return ()
    return tuple(one for selector in rule.selectors for one in selector.dates)


def _opening(rule: Rule) -> Opening | None:
    """Return the exceptional opening that a rule is, None if it says more or something else."""
    says_more = rule.kind is not Kind.OPEN or rule.comment or rule.join is not Join.REPLACE or rule.needs_sun
    if says_more or not rule.slots or len(rule.selectors) != 1 or any(slot.is_open_ended for slot in rule.slots):
        return None
    (selector,) = rule.selectors
    closure = _closure(selector.dates[0]) if len(selector.dates) == 1 else None
    if closure is None or selector.weekdays is not None or selector.holidays or closure.last < closure.first:
        return None
    slots = slots_of(rule.spans(closure.first, (0, 0)))
    return Opening(closure.first, closure.last, slots) if slots else None


def _is_among(opening: Opening, closures: Sequence[Closure]) -> bool:
    return any(closure.first <= opening.last and opening.first <= closure.last for closure in closures)


def _closure(dates: DateRange) -> Closure | None:
    """Return None for days of each year."""
    return Closure(*_days(dates)) if dates.first[0] and dates.last[0] else None


def _days(dates: DateRange) -> tuple[date, date]:
    """Return the first and the last day, in any leap year for those that return each year."""
    (first_year, first_month, first_day), (last_year, last_month, last_day) = dates.first, dates.last
    first = date(first_year or _ANY_LEAP_YEAR, first_month, first_day or 1)
    year = last_year or first.year + ((last_month, last_day or 31) < (first_month, first.day))
    return first, date(year, last_month, last_day or monthrange(year, last_month)[1])


def _written(day: date) -> str:
    return f"{day.year} {MONTHS[day.month - 1]} {day.day:02}"
