"""A week of opening hours as a table can show it, read from and written to OpenStreetMap's text: pure functions.

Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby

from directory.hours.grammar import parse
from directory.hours.reading import told
from directory.hours.rules import DAY as LONGEST
from directory.hours.rules import Join, Kind, Rule
from directory.hours.words import DAYS, Unreadable

MIDNIGHT = time(0)
NIGHT_END = time(12)  # who closes the day after does so by noon; later, two hours were swapped
SLOTS = 2  # opening times a day: before and after lunch
_A_MONDAY = date(2026, 11, 16)  # any: rules of the week do not look at the date

Slot = tuple[time, time]


@dataclass(frozen=True)
class Week:
    """Opening hours that are the same every week.

    days: for each day, Monday first, up to two (opening, closing) times in order. Closing at 00:00 is midnight; closing
    before opening is on the next day; 00:00 to 00:00 is the whole day.
    holidays: the slots of public holidays, whatever day they fall on, () when closed; None if they are as other days.
    """

    days: tuple[tuple[Slot, ...], ...]
    holidays: tuple[Slot, ...] | None = None


def read(text: str) -> Week | None:
    """Return the week that an opening_hours text describes, or None if a table can't say all that the text says.

    The table shows what the portal reads: see directory/hours/reading.py.
    """
    try:
        rules = parse(text)
    except Unreadable:
        return None
    if not all(map(_fits, rules)) or all(rule.is_dated for rule in rules):
        return None
    days = tuple(_slots(rules, _A_MONDAY + timedelta(number), is_holiday=False) for number in range(7))
    on_holidays = tuple(_slots(rules, _A_MONDAY + timedelta(number), is_holiday=True) for number in range(7))
    if None in days or None in on_holidays:
        return None
    if on_holidays == days:
        return Week(days)  # type: ignore[arg-type]
    return Week(days, on_holidays[0]) if len(set(on_holidays)) == 1 else None  # type: ignore[arg-type]


def _fits(rule: Rule) -> bool:
    """Return whether a rule says nothing but hours, known to the minute, of days of the week and public holidays."""
    is_plain = rule.kind in (Kind.OPEN, Kind.CLOSED) and rule.join is not Join.FALLBACK and not rule.comment
    is_cut = rule.kind is Kind.CLOSED and bool(rule.slots)
    known = all(not slot.is_open_ended for slot in rule.slots) and not rule.needs_sun
    return is_plain and not is_cut and known and all(selector.is_of_the_week for selector in rule.selectors)


def _slots(rules: Sequence[Rule], day: date, *, is_holiday: bool) -> tuple[Slot, ...] | None:
    """Return what rules say of a weekday; None if a table can't show it."""

    def known(kind: str, asked: date) -> bool:
        return is_holiday

    slots = []
    for span in told(rules, day, known, point=(0, 0)).spans:
        if span.end - span.start > LONGEST:
            return None
        slots.append((_time(span.start), _time(span.end)))
    return tuple(sorted(slots)) if is_orderly(tuple(sorted(slots))) else None


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def write(week: Week) -> str:
    """Return the opening_hours text of a week, days with the same hours together: "Tu-Sa 08:00-12:30; PH off"."""
    rules = [
        f"{_days_text([number for number, slots in enumerate(week.days) if slots == hours])} {_slots_text(hours)}"
        for hours in dict.fromkeys(week.days)
        if hours
    ]
    # A rule after ";" would cut short the night before it: there, rules add up.
    separator = ", " if any(_passes_midnight(slot) for slots in week.days for slot in slots) else "; "
    text = separator.join(rules) or "Mo-Su off"
    if week.holidays is None:
        return text
    return f"{text}; PH {_slots_text(week.holidays) or 'off'}"


def is_orderly(slots: tuple[Slot, ...]) -> bool:
    """Return whether a day's slots are at most two, follow each other, and only the last one may pass midnight."""
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


def _slots_text(slots: tuple[Slot, ...]) -> str:
    return ",".join(
        f"{opening:%H:%M}-{'24:00' if closing == MIDNIGHT else closing.strftime('%H:%M')}" for opening, closing in slots
    )
