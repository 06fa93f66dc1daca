"""A week of opening hours as a table can show it, read from and written to OpenStreetMap's text: pure functions.

Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

import re
from dataclasses import dataclass
from datetime import time
from itertools import groupby

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MIDNIGHT = time(0)
NIGHT_END = time(12)  # who closes the day after does so by noon; later, two hours were swapped
SLOTS = 2  # opening times a day: before and after lunch

RULE = re.compile(r"(?:(?P<days>[A-Z][a-z](?:[-,\s]*[A-Z][a-z])*)\s*:?\s*)?(?P<times>[\d:,\s-]+|off|closed)")
SLOT = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)")
HOLIDAYS = re.compile(r"PH\s*:?\s+(?P<times>[\d:,\s-]+|off|closed)")
SEPARATOR = re.compile(r"(;|(?<=\d)\s*,(?=\s*[A-Z]))")

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
    """Return the week that an opening_hours text describes, or None if a table can't say all that the text says."""
    pieces = [piece.strip() for piece in SEPARATOR.split(text.replace("24/7", "Mo-Su 00:00-24:00"))]
    rules, separators = pieces[::2], [";", *pieces[1::2]]
    if rules[-1] == "":
        rules.pop()
    holidays = None
    if len(rules) > 1 and (match := HOLIDAYS.fullmatch(rules[-1])):
        holidays = _slots(match["times"])
        if holidays is None or (holidays and separators[len(rules) - 1] == ","):  # hours added to those of the day
            return None
        rules.pop()

    days: dict[int, tuple[Slot, ...]] = {}
    for rule, separator in zip(rules, separators, strict=False):
        match = RULE.fullmatch(rule)
        numbers = _days(match["days"]) if match else None
        slots = _slots(match["times"]) if match else None
        if numbers is None or slots is None:
            return None
        for number in numbers:  # after ";" a rule replaces what was said of its days; after "," it adds
            days[number] = slots if separator == ";" else tuple(sorted(days.get(number, ()) + slots))
    week = Week(tuple(days.get(number, ()) for number in range(7)), holidays)
    return week if rules and all(map(is_orderly, (*week.days, holidays or ()))) else None


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


def _days(text: str | None) -> list[int] | None:
    """Return the days a selector names, Monday 0; a range may run over Sunday. None if it names something else."""
    if text is None:
        return list(range(7))
    numbers: list[int] = []
    for part in re.split(r"\s*,\s*", text.strip(" ,")):
        bounds = re.split(r"\s*-\s*", part)
        if len(bounds) > 2 or any(bound not in DAYS for bound in bounds):
            return None
        first, last = DAYS.index(bounds[0]), DAYS.index(bounds[-1])
        numbers += [number % 7 for number in range(first, first + (last - first) % 7 + 1)]
    return numbers


def _slots(text: str) -> tuple[Slot, ...] | None:
    if text in ("off", "closed"):
        return ()
    slots = []
    for part in text.split(","):
        match = SLOT.fullmatch(part.strip())
        if not match:
            return None
        hour, minute, closing_hour, closing_minute = map(int, match.groups())
        if hour > 23 or minute > 59 or closing_minute > 59 or closing_hour * 60 + closing_minute > 24 * 60:
            return None
        slots.append((time(hour, minute), time(closing_hour % 24, closing_minute)))
    return tuple(slots)


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
