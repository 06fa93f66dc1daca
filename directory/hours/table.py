"""A week of hours as a table, and the days to come that are not as usual."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from django.utils.dates import WEEKDAYS

from directory.hours.french import AROUND_THE_CLOCK, clock, day_and_month, from_to
from directory.hours.holidays import holiday
from directory.hours.reading import HORIZON, ONE_DAY, Place, Schedule, begun, decided_by, read, usual
from directory.hours.rules import DAY, Kind, Span

EXCEPTIONS_AHEAD = 35  # days within which a period must begin to be told
FEW = 3  # so many different days in a row are told one by one, more of them as weeks
LONGEST_GAP = 3  # days closed as always within one closing, as a week-end is
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


def days_ahead(opening_hours: str, today: date, count: int, place: Place | None = None) -> list[Day]:
    """Return the next ``count`` days from ``today``, in order, named with their date: "Mardi 1er décembre".

    [] when the hours are empty or unreadable.
    """
    schedule = read(opening_hours, place)
    if schedule is None:
        return []
    days = (today + ONE_DAY * number for number in range(count))
    return [
        Day(
            day=f"{str(WEEKDAYS[day.weekday()]).capitalize()} {day_and_month(day)}",
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
    ahead = _Ahead(schedule, today)
    return tuple(period for run in ahead.runs() for period in ahead.periods(run))


class _Ahead:
    """The days ahead of a schedule, beside its usual week."""

    def __init__(self, schedule: Schedule, today: date):
        self.schedule = schedule
        self.today = today
        self.rule = usual(schedule, today)

    def runs(self) -> Iterator[list[date]]:
        """Yield runs of days that are not as usual, without those in their midst that are closed as always."""
        run: list[date] = []
        last = self.today + ONE_DAY * EXCEPTIONS_AHEAD
        day = self.today
        while day <= last or (run and (day - self.today).days < HORIZON):
            if self.is_special(day):
                run.append(day)
            elif run and (begun(self.schedule, day) or (day - run[-1]).days > LONGEST_GAP):
                yield from self._worth_telling(run)
                run = []
            day += ONE_DAY
        yield from self._worth_telling(run)

    def is_special(self, day: date) -> bool:
        """Whether a day differs from its weekday, or the merchant names its date."""
        return self._differs(day) or self.is_named(day)

    def is_named(self, day: date) -> bool:
        rule = decided_by(self.schedule, day)
        return rule is not None and any(selector.dates and selector.is_dated for selector in rule.selectors)

    def _differs(self, day: date) -> bool:
        return begun(self.schedule, day) != self.rule[day.weekday()]

    def _worth_telling(self, run: list[date]) -> Iterator[list[date]]:
        if any(map(self._differs, run)):
            yield run

    def periods(self, run: list[date]) -> Iterator[Period]:
        """Yield the periods of a run: one for days with the same hours, or one with the hours of its weekdays."""
        parts: list[list[date]] = []
        by_weekday: dict[int, set[Times]] = {}
        for day in run:
            times = begun(self.schedule, day)
            by_weekday.setdefault(day.weekday(), set()).add(times)
            if parts and begun(self.schedule, parts[-1][-1]) == times:
                parts[-1].append(day)
            else:
                parts.append([day])
        if len(parts) > FEW and all(len(times) == 1 for times in by_weekday.values()):
            weekly = {weekday: ranges(times.pop()) for weekday, times in sorted(by_weekday.items())}
            yield Period(run[0], run[-1], self._days(run), _weekly(weekly))
            return
        for part in parts:
            hours = ", ".join(ranges(begun(self.schedule, part[0]))) or "fermé"
            yield Period(part[0], part[-1], self._days(part), hours)

    def _days(self, part: Sequence[date]) -> str:
        first, last = part[0], part[-1]
        if first == last:
            name = f" ({holiday(first)})" if holiday(first) else ""
            return f"{str(WEEKDAYS[first.weekday()]).capitalize()} {day_and_month(first)}{name}"
        if (last - self.today).days >= HORIZON - 1:
            return f"À partir du {day_and_month(first)}"
        before = first - ONE_DAY
        if (
            first == self.today
            and self.is_named(before)
            and begun(self.schedule, before) == begun(self.schedule, first)
        ):
            return f"Jusqu’au {day_and_month(last)}"
        text = from_to(first, last)
        return text[:1].upper() + text[1:]


def _weekly(hours: dict[int, tuple[str, ...]]) -> str:
    """Return "lundi 8 h – 12 h ; mardi, mercredi fermé": weekdays with the same hours together."""
    days: dict[str, list[str]] = {}
    for weekday, times in hours.items():
        days.setdefault(", ".join(times) or "fermé", []).append(str(WEEKDAYS[weekday]))
    return "\u00a0; ".join(f"{', '.join(names)} {times}" for times, names in days.items())
