"""A week of hours as a table, and the days to come that are not as usual."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

from django.utils.dates import WEEKDAYS

from directory.hours.french import AROUND_THE_CLOCK, clock, day_and_month, from_to
from directory.hours.holidays import holiday
from directory.hours.reading import HORIZON, ONE_DAY, Place, Schedule, begun, decided_by, read, usual
from directory.hours.rules import DAY, Kind, Span

EXCEPTIONS_AHEAD = 35  # days within which a period must begin to be told
FEW = 3  # so many different days in a row are told one by one, more of them as weeks
TO_CONFIRM = "à confirmer"

Times = tuple[Span, ...]


@dataclass(frozen=True)
class Day:
    """One day of a week. ranges: opening hours as "8 h – 12 h 30", none when closed. note: a holiday's name, or ""."""

    day: str
    date: date
    ranges: tuple[str, ...]
    today: bool
    note: str


@dataclass(frozen=True)
class Period:
    """Days in a row whose hours are not the usual ones, both ends included.

    days: "Du 28 décembre au 3 janvier", "Vendredi 25 décembre (Noël)". hours: "fermé", "8 h – 12 h".
    """

    first: date
    last: date
    days: str
    hours: str


def week(opening_hours: str, today: date, place: Place | None = None) -> list[Day]:
    """Return the next seven days from ``today``, Monday first; [] when the hours are empty or unreadable.

    Hours past midnight belong to the day they began.
    """
    schedule = read(opening_hours, place)
    if schedule is None:
        return []
    days = sorted((today + ONE_DAY * number for number in range(7)), key=date.weekday)
    return [
        Day(
            day=str(WEEKDAYS[day.weekday()]).capitalize(),
            date=day,
            ranges=ranges(begun(schedule, day)),
            today=day == today,
            note=holiday(day),
        )
        for day in days
    ]


def ranges(times: Times) -> tuple[str, ...]:
    """Return the times of a day as the French write them; what only fills the rest comes last."""
    endless = {span.start for span in times if span.kind is Kind.ENDLESS}
    continued = {span.end for span in times if span.kind is Kind.OPEN} & endless
    told = [
        _range(span, is_open_ended=span.end in continued)
        for span in times
        if not span.otherwise and not (span.kind is Kind.ENDLESS and span.start in continued)
    ]
    rest = dict.fromkeys(span.comment or TO_CONFIRM for span in times if span.otherwise)
    return (*told, *(f"sinon {remark}" if told else remark for remark in rest))


def _range(span: Span, *, is_open_ended: bool) -> str:
    remark = span.comment or (TO_CONFIRM if span.kind is Kind.UNKNOWN else "")
    opens, closes = _time(span.start), _time(span.end)
    if span.kind is Kind.ENDLESS:
        text = f"dès {clock(opens)}"
    elif (span.start, span.end) == (0, DAY):
        return remark or AROUND_THE_CLOCK
    else:
        text = f"{clock(opens)}\u00a0–\u00a0{'minuit' if closes == time(0) else clock(closes)}"
    text += " au moins" if is_open_ended else ""
    return f"{text}, {remark}" if remark else text


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@lru_cache(maxsize=8192)
def exceptions(opening_hours: str, today: date, place: Place | None = None) -> tuple[Period, ...]:
    """Return the periods that begin within five weeks, or last now, whose hours are not those of their weekdays.

    A period is told whole, however long it lasts, and with days at its ends that would be closed all the same if the
    merchant's own dates name them.
    """
    schedule = read(opening_hours, place)
    if schedule is None:
        return ()
    week_before = Walk(schedule, today).runs()
    return tuple(period for run in week_before for period in _told(schedule, run, today))


class Walk:
    """Finds runs of days that are not as usual."""

    def __init__(self, schedule: Schedule, today: date):
        self.schedule = schedule
        self.today = today
        self.rule = usual(schedule, today)

    def runs(self) -> Iterator[list[date]]:
        """Yield each run: days in a row that differ from their weekday or are named by a date."""
        run: list[date] = []
        gap: list[date] = []
        last = self.today + ONE_DAY * EXCEPTIONS_AHEAD
        day = self.today
        while day <= last or (run and (day - self.today).days < HORIZON):
            if self.differs(day) or self.is_named(day):
                run += [*gap, day]
                gap = []
            elif run and not begun(self.schedule, day):
                gap.append(day)  # closed as always: it belongs to a closing on both its sides
            else:
                yield from self.kept(run)
                run, gap = [], []
            if len(gap) > 3:
                yield from self.kept(run)
                run, gap = [], []
            day += ONE_DAY
        yield from self.kept(run)

    def differs(self, day: date) -> bool:
        return begun(self.schedule, day) != self.rule[day.weekday()]

    def is_named(self, day: date) -> bool:
        rule = decided_by(self.schedule, day)
        return rule is not None and any(selector.dates and selector.is_dated for selector in rule.selectors)

    def kept(self, run: list[date]) -> Iterator[list[date]]:
        if any(map(self.differs, run)):
            yield run


def _told(schedule: Schedule, run: Sequence[date], today: date) -> Iterator[Period]:
    """Yield the periods of a run: one for each time with the same hours, or one with the hours of its weekdays."""
    parts: list[list[date]] = []
    for day in run:
        if parts and begun(schedule, parts[-1][-1]) == begun(schedule, day):
            parts[-1].append(day)
        else:
            parts.append([day])
    by_weekday: dict[int, set[Times]] = {}
    for day in run:
        by_weekday.setdefault(day.weekday(), set()).add(begun(schedule, day))
    if len(parts) > FEW and all(len(times) == 1 for times in by_weekday.values()):
        hours = _weekly({weekday: ranges(next(iter(times))) for weekday, times in sorted(by_weekday.items())})
        yield Period(run[0], run[-1], _days(run, schedule, today), hours)
        return
    for part in parts:
        yield Period(
            part[0], part[-1], _days(part, schedule, today), ", ".join(ranges(begun(schedule, part[0]))) or "fermé"
        )


def _weekly(hours: dict[int, tuple[str, ...]]) -> str:
    """Return "lundi 8 h – 12 h ; mardi, mercredi fermé": weekdays with the same hours together."""
    days: dict[str, list[str]] = {}
    for weekday, times in hours.items():
        days.setdefault(", ".join(times) or "fermé", []).append(str(WEEKDAYS[weekday]))
    return "\u00a0; ".join(f"{', '.join(names)} {times}" for times, names in days.items())


def _days(part: Sequence[date], schedule: Schedule, today: date) -> str:
    first, last = part[0], part[-1]
    if first == last:
        name = f" ({holiday(first)})" if holiday(first) else ""
        return f"{str(WEEKDAYS[first.weekday()]).capitalize()} {day_and_month(first)}{name}"
    if (last - today).days >= HORIZON - 1:
        return f"À partir du {day_and_month(first)}"
    before = first - timedelta(days=1)
    if first == today and begun(schedule, before) == begun(schedule, first) and Walk(schedule, today).is_named(before):
        return f"Jusqu’au {day_and_month(last)}"
    text = from_to(first, last)
    return text[:1].upper() + text[1:]
