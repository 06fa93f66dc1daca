"""One rule of opening hours: on which days it holds, and what it says of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from opening_hours import OpeningHours

from directory.hours.holidays import holiday, is_school_holiday
from directory.hours.sun import sun_minute

DAY = 24 * 60  # minutes
NOON = time(12)
IsHoliday = Callable[[str, date], bool]  # whether a day is a PH or an SH


class Kind(IntEnum):
    """What is known of a time; where two rules meet, the lower number wins."""

    OPEN = 0
    ENDLESS = 1  # open before, and nobody gave a closing time
    UNKNOWN = 2  # by appointment, or to be confirmed
    CLOSED = 3


class Join(StrEnum):
    """What a rule does to those before it, on the days that both name."""

    REPLACE = ";"
    ADD = ","
    FALLBACK = "||"


class Span(NamedTuple):
    """A time of one day. start, end: minutes since its midnight; an end past DAY is on the day after.

    otherwise: it says how one comes at all times that other rules leave.
    """

    start: int
    end: int
    kind: Kind
    comment: str = ""
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of the day. minutes: since midnight, or after ``event`` (of the sun) where that is given."""

    minutes: int
    event: str = ""

    def on(self, day: date, point: tuple[float, float]) -> int:
        return sun_minute(self.event, day, *point) + self.minutes if self.event else self.minutes


@dataclass(frozen=True, slots=True)
class Slot:
    """From when to when. end: None where only the beginning is given. is_open_ended: it may last longer."""

    start: Moment
    end: Moment | None
    is_open_ended: bool = False

    def spans(self, day: date, point: tuple[float, float], kind: Kind, comment: str) -> tuple[Span, ...]:
        start = last = self.start.on(day, point)
        found: tuple[Span, ...] = ()
        if self.end is not None:
            last = self.end.on(day, point)
            last += DAY if last <= start else 0
            found = (Span(start, last, kind, comment),)
        if self.is_open_ended:
            found += (Span(last, _latest_end(last), max(kind, Kind.ENDLESS), comment),)
        return found


def _latest_end(start: int) -> int:
    """Return when an evening without a closing time is over for sure: what OpenStreetMap's own reader supposes."""
    if start >= DAY:
        return start + 4 * 60
    return DAY if start < 17 * 60 else start + (10 if start < 22 * 60 else 8) * 60


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days named by their date, year 0 for each year; a day 0 stands for the whole month."""

    first: tuple[int, int, int]
    last: tuple[int, int, int]

    @property
    def is_of_days(self) -> bool:
        return bool(self.first[2] or self.first[0])


@dataclass(frozen=True)
class Selector:
    """Days on which a rule holds: those that all its parts name.

    calendar: dates, months, years, weeks. weekdays: 0 for Monday; or what only the library counts (``Sa[1]``).
    holidays: (PH or SH, days after). joint: both a holiday and one of the weekdays, not either. dates: what the
    calendar says, if it says dates only. is_dated: it names days that do not return each week or season.
    """

    calendar: OpeningHours | None = None
    weekdays: frozenset[int] | OpeningHours | None = None
    holidays: tuple[tuple[str, int], ...] = ()
    joint: bool = False
    dates: tuple[DateRange, ...] = ()
    is_dated: bool = False
    key: str = ""  # equal for selectors that name the same days

    @property
    def is_of_the_week(self) -> bool:
        """Whether it names nothing but days of the week and public holidays."""
        plain = self.weekdays is None or isinstance(self.weekdays, frozenset)
        return self.calendar is None and plain and all(one == ("PH", 0) for one in self.holidays)

    @property
    def is_of_months(self) -> bool:
        """Whether it names whole months and nothing else."""
        return bool(self.dates) and not self.is_dated

    def names(self, day: date, is_holiday: IsHoliday) -> bool:
        if self.weekdays is None and not self.holidays:
            return self.calendar is None or self._in_calendar(day)
        if self.holidays:
            found = any(is_holiday(kind, day - timedelta(offset)) for kind, offset in self.holidays)
            if self.weekdays is not None:
                found = (found and self._on_weekday(day)) if self.joint else (found or self._on_weekday(day))
        else:
            found = self._on_weekday(day)
        return found and (self.calendar is None or self._in_calendar(day))

    def _on_weekday(self, day: date) -> bool:
        if isinstance(self.weekdays, frozenset):
            return day.weekday() in self.weekdays
        return self.weekdays is not None and self.weekdays.is_open(datetime.combine(day, NOON))

    def _in_calendar(self, day: date) -> bool:
        return self.calendar is not None and self.calendar.is_open(datetime.combine(day, NOON))


@dataclass(frozen=True)
class Rule:
    """selectors: it holds on days that one of them names, every day without any. slots: none for the whole day.

    start, end: where it stands in the text.
    """

    join: Join
    selectors: tuple[Selector, ...]
    slots: tuple[Slot, ...]
    kind: Kind
    comment: str
    start: int
    end: int

    def holds(self, day: date, is_holiday: IsHoliday) -> bool:
        return not self.selectors or any(selector.names(day, is_holiday) for selector in self.selectors)

    def spans(self, day: date, point: tuple[float, float]) -> tuple[Span, ...]:
        if not self.slots:
            return (Span(0, DAY, self.kind, self.comment),)
        return tuple(span for slot in self.slots for span in slot.spans(day, point, self.kind, self.comment))

    @property
    def is_dated(self) -> bool:
        return bool(self.selectors) and all(selector.is_dated for selector in self.selectors)

    @property
    def needs_sun(self) -> bool:
        return any(moment.event for slot in self.slots for moment in (slot.start, slot.end) if moment)

    @property
    def needs_school(self) -> bool:
        return any(kind == "SH" for selector in self.selectors for kind, _ in selector.holidays)


def public_only(kind: str, day: date) -> bool:
    return kind == "PH" and bool(holiday(day))


def no_holidays(kind: str, day: date) -> bool:
    return False


def with_school(zone: str, *, unknown_as: bool) -> IsHoliday:
    """Return whether a day is a holiday, school holidays of a zone included. unknown_as: the answer nobody knows."""

    def is_holiday(kind: str, day: date) -> bool:
        if kind == "PH":
            return bool(holiday(day))
        known = is_school_holiday(day, zone)
        return unknown_as if known is None else known

    return is_holiday


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """Return what is left of spans outside others."""
    left = tuple(spans)
    for cut in taken:
        left = tuple(
            Span(start, end, span.kind, span.comment, span.otherwise)
            for span in left
            for start, end in ((span.start, min(span.end, cut.start)), (max(span.start, cut.end), span.end))
            if start < end
        )
    return left
