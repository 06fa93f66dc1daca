"""A week of opening hours as a table can show it, read from and written to OpenStreetMap's text: pure functions.

Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby

from directory.hours.grammar import parse
from directory.hours.reading import told
from directory.hours.rules import DAY as LONGEST
from directory.hours.rules import Join, Kind, Rule, Selector, Span
from directory.hours.words import DAYS, MONTHS, Unreadable

MIDNIGHT = time(0)
NIGHT_END = time(12)  # who closes the day after does so by noon; later, two hours were swapped
SLOTS = 3  # opening times a day
_MONDAYS = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(52)]  # of any year
_ANY_LEAP_YEAR = 2024  # in which every day exists
_SUNDAY = 6
SHORTEST = 7  # days of a season: each weekday once

Slot = tuple[time, time]
Slots = tuple[Slot, ...]
Days = tuple[Slots, ...]  # of a week, Monday first
DayOfYear = tuple[int, int]  # month, day


@dataclass(frozen=True, order=True)
class Season:
    """Days of each year with a week of their own, both ends included; the last may be in the next year."""

    first: DayOfYear
    last: DayOfYear
    days: Days

    def holds(self, day: DayOfYear) -> bool:
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last

    @property
    def text(self) -> str:
        """As OpenStreetMap writes its days: "Jul 05-Aug 31", or "Jul-Aug" of whole months."""
        (first, begins), (last, ends) = self.first, self.last
        if (begins, ends) == (1, monthrange(_ANY_LEAP_YEAR, last)[1]):
            return MONTHS[first - 1] if first == last else f"{MONTHS[first - 1]}-{MONTHS[last - 1]}"
        return f"{MONTHS[first - 1]} {begins:02}-{MONTHS[last - 1]} {ends:02}"


@dataclass(frozen=True)
class Week:
    """Opening hours that are the same every week, or every week of a season.

    days: for each day, Monday first, up to SLOTS (opening, closing) times in order. Closing at 00:00 is midnight;
    closing before opening is on the next day; 00:00 to 00:00 is the whole day.
    holidays: the slots of public holidays, whatever day they fall on, () when closed; None if they are as other days.
    eves: those of the days before public holidays, but for Sundays unless ``eves_on_sundays``; a holiday before another
    is a holiday. seasons: none shares a day with another.
    """

    days: Days
    holidays: Slots | None = None
    eves: Slots | None = None
    eves_on_sundays: bool = False
    seasons: tuple[Season, ...] = ()


def read(text: str) -> Week | None:
    """Return the week that an opening_hours text describes, or None if a table can't say all that the text says.

    The table shows what the portal reads: see directory/hours/reading.py.
    """
    try:
        rules = list(parse(text))
        spans = {key for rule in rules for selector in rule.selectors if (key := _calendar_of(selector))}
        seasons = {key: _season_days(key) for key in spans}
    except Unreadable:
        return None
    if not all(map(_fits, rules)) or all(rule.is_dated for rule in rules) or None in seasons.values():
        return None
    found = sorted(Season(*days, ()) for days in seasons.values() if days)
    if _meet(found):
        return None
    try:
        return _week(rules, found)
    except _NoTable:
        return None


class _NoTable(Exception):
    """A table can't show what the rules say."""


def _week(rules: Sequence[Rule], seasons: Sequence[Season]) -> Week:
    """Return what rules say, asked once for each weekday of each season, plain, as a holiday and as its eve."""
    days = _days(rules, seasons, None)
    in_seasons = tuple(Season(season.first, season.last, _days(rules, seasons, season)) for season in seasons)
    around = [None, *seasons]
    plain = [days, *(season.days for season in in_seasons)]
    holidays = [_days(rules, seasons, season, ahead={0}) for season in around]
    eves = [_days(rules, seasons, season, ahead={1}) for season in around]
    both = [_days(rules, seasons, season, ahead={0, 1}) for season in around]
    on_holidays = None if holidays == plain else _only({slots for week in holidays for slots in week})
    before, on_sundays = None, False
    if eves != plain:
        before = _only({slots for week in eves for slots in week[:_SUNDAY]})
        told = [(week[_SUNDAY], usual[_SUNDAY]) for week, usual in zip(eves, plain, strict=True)]
        on_sundays = all(slots == before for slots, _ in told)
        if not on_sundays and any(slots != usual for slots, usual in told):
            raise _NoTable
    if both != (holidays if on_holidays is not None else eves):
        raise _NoTable
    return Week(days, on_holidays, before, on_sundays, in_seasons)


def _only(found: set[Slots]) -> Slots:
    if len(found) > 1:
        raise _NoTable
    return next(iter(found))


def _days(
    rules: Sequence[Rule], seasons: Sequence[Season], season: Season | None, ahead: Set[int] = frozenset()
) -> Days:
    """Return what rules say of each weekday of a season, or of the days outside all. ahead: which days are holidays,
    0 for the very day, 1 for the one after."""
    found = []
    for weekday in range(7):
        dates = (monday + timedelta(weekday) for monday in _MONDAYS)
        day = next((one for one in dates if _is_in(one, seasons, season)), None)
        found.append(_slots(rules, day, ahead) if day else ())
    return tuple(found)


def _is_in(day: date, seasons: Sequence[Season], season: Season | None) -> bool:
    of_year = day.month, day.day
    return season.holds(of_year) if season else not any(one.holds(of_year) for one in seasons)


def _meet(seasons: Sequence[Season]) -> bool:
    """Return whether two seasons share a day, or one is so short that it lacks a weekday."""
    days = [date(_ANY_LEAP_YEAR, 1, 1) + timedelta(number) for number in range(366)]
    counts = [sum(season.holds((day.month, day.day)) for day in days) for season in seasons]
    whole = sum(any(season.holds((day.month, day.day)) for season in seasons) for day in days)
    return sum(counts) != whole or any(count < SHORTEST for count in counts)


def are_apart(seasons: Sequence[Season]) -> bool:
    """Return whether seasons can stand beside each other: none shares a day, and each has all weekdays."""
    return not _meet(seasons)


def _calendar_of(selector: Selector) -> str:
    return selector.key.split("|")[0] if selector.calendar is not None else ""


def _season_days(key: str) -> tuple[DayOfYear, DayOfYear] | None:
    """Return the first and the last day of a year's part as the grammar writes it: "Jul 1-Aug 31", "Jul-Aug"."""
    (rule,) = parse(f"{key} off")
    dates = [one for selector in rule.selectors for one in selector.dates]
    if len(dates) != 1 or dates[0].first[0] or dates[0].last[0]:
        return None
    (_, first_month, first_day), (_, last_month, last_day) = dates[0].first, dates[0].last
    return (first_month, first_day or 1), (last_month, last_day or monthrange(_ANY_LEAP_YEAR, last_month)[1])


def _fits(rule: Rule) -> bool:
    """Return whether a rule says nothing but hours, known to the minute, of days of the week and public holidays."""
    is_plain = rule.kind in (Kind.OPEN, Kind.CLOSED) and rule.join is not Join.FALLBACK and not rule.comment
    is_cut = rule.kind is Kind.CLOSED and bool(rule.slots)
    known = all(not slot.is_open_ended for slot in rule.slots) and not rule.needs_sun
    return is_plain and not is_cut and known and all(map(_is_of_a_week, rule.selectors))


def _is_of_a_week(selector: Selector) -> bool:
    plain = selector.weekdays is None or isinstance(selector.weekdays, frozenset)
    return plain and all(one in (("PH", 0), ("PH", -1)) for one in selector.holidays)


def _slots(rules: Sequence[Rule], day: date, ahead: Set[int]) -> Slots:
    """Return what rules say of a day. Raise _NoTable if a table can't show it."""

    def known(kind: str, asked: date) -> bool:
        return (asked - day).days in ahead

    slots = slots_of(told(rules, day, known, point=(0, 0)).spans)
    if slots is None:
        raise _NoTable
    return slots


def slots_of(spans: Iterable[Span]) -> Slots | None:
    """Return the times that begin on a day as a table shows them, None if it can't."""
    slots = []
    for span in spans:
        if span.end - span.start > LONGEST:
            return None
        slots.append((_time(span.start), _time(span.end)))
    return tuple(sorted(slots)) if is_orderly(tuple(sorted(slots))) else None


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def write(week: Week) -> str:
    """Return the opening_hours text of a week, days with the same hours together: "Tu-Sa 08:00-12:30; PH off"."""
    rules = [_rules(week.days) or "Mo-Su off"]
    for season in week.seasons:
        if not all(season.days):
            rules.append(f"{season.text} off")
        if any(season.days):
            rules.append(_rules(season.days, f"{season.text} "))
    if week.eves is not None:
        rules.append(f"{'' if week.eves_on_sundays else 'Mo-Sa '}PH -1 day {slots_text(week.eves) or 'off'}")
    if week.holidays is not None:
        rules.append(f"PH {slots_text(week.holidays) or 'off'}")
    return "; ".join(rules)


def _rules(days: Days, before: str = "") -> str:
    rules = [
        f"{before}{_days_text([number for number, slots in enumerate(days) if slots == hours])} {slots_text(hours)}"
        for hours in dict.fromkeys(days)
        if hours
    ]
    # A rule after ";" would cut short the night before it: there, rules add up.
    return (", " if any(_passes_midnight(slot) for slots in days for slot in slots) else "; ").join(rules)


def is_orderly(slots: tuple[Slot, ...]) -> bool:
    """Return whether a day's slots are at most SLOTS, follow each other, and only the last one may pass midnight."""
    if not slots:
        return True
    *earlier, (opening, closing) = slots
    ends_well = opening < closing or closing == MIDNIGHT or (closing < opening and closing <= NIGHT_END)
    follow = all(start < end <= next_start for (start, end), (next_start, _) in zip(earlier, slots[1:], strict=True))
    return len(slots) <= SLOTS and ends_well and follow


def _passes_midnight(slot: Slot) -> bool:
    opening, closing = slot
    return MIDNIGHT < closing < opening


def _days_text(numbers: list[int]) -> str:
    """Name days as ranges: [1, 2, 3, 6] -> "Tu-Th,Su"."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return ",".join(
        DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}{',' if len(run) == 2 else '-'}{DAYS[run[-1]]}"
        for run in runs
    )


def slots_text(slots: tuple[Slot, ...]) -> str:
    return ",".join(
        f"{opening:%H:%M}-{'24:00' if closing == MIDNIGHT else closing.strftime('%H:%M')}" for opening, closing in slots
    )
