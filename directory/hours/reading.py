"""The one reading of opening hours: what a text says of each day. Everything that is told of hours comes from here.

Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification. Which days a date or an index names, and
when the sun sets, opening-hours-py counts; how rules and nights meet is decided here, as a shopkeeper means it: a rule
says what *begins* on its days. So no rule cuts the night before short, and a day of closing has no night either.
Times are local, without a zone: minutes count the hours that clocks show.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.conf import settings

from directory.hours.grammar import parse
from directory.hours.holidays import ZONE_OF, is_school_holiday
from directory.hours.rules import (
    DAY,
    IsHoliday,
    Join,
    Kind,
    Rule,
    Span,
    no_holidays,
    public_only,
    with_school,
    without,
)
from directory.hours.words import Unreadable

HORIZON = 366  # days; a state that lasts longer lasts for ever
USUAL_OVER = 8 * 7  # days over which the usual week is counted: far enough for a shop closed a month in August
ONE_DAY = timedelta(days=1)


class Place(NamedTuple):
    """Where a merchant is: it decides on school holidays and the sun."""

    department: str
    latitude: float
    longitude: float


CENTRE = Place(settings.REGION.centre_department, *settings.REGION.centre)  # where nobody says where


@dataclass(frozen=True, eq=False)
class Schedule:
    """The rules of a text at a place. holidays: whether public and school holidays count.

    zone: of school holidays, "" where nobody knows it. point: (latitude, longitude).
    """

    rules: tuple[Rule, ...]
    zone: str = ""
    point: tuple[float, float] = CENTRE[1:]
    holidays: bool = True

    @cached_property
    def names_school(self) -> bool:
        return any(rule.needs_school for rule in self.rules)

    @cached_property
    def names_sun(self) -> bool:
        return any(rule.needs_sun for rule in self.rules)


class Told(NamedTuple):
    """What is said of a day. cuts: hours said to be closed. last: the rule that had the last word."""

    spans: tuple[Span, ...]
    cuts: tuple[Span, ...]
    last: Rule | None


class Piece(NamedTuple):
    """A time without a change. start, end: minutes since the first of January of year 1, the end left out."""

    start: int
    end: int
    kind: Kind
    comment: str


def read(text: str, place: Place | None = None) -> Schedule | None:
    """Return what a text says at a place (None: in the middle of the region), or None if it is empty or unreadable."""
    schedule = _read(text)
    if schedule is None or not (schedule.names_school or schedule.names_sun):
        return schedule
    department, latitude, longitude = place or CENTRE
    # A tenth of a degree moves the sun by less than half a minute.
    return _placed(schedule, ZONE_OF.get(department, ""), round(latitude, 1), round(longitude, 1))


@lru_cache(maxsize=8192)
def _read(text: str) -> Schedule | None:
    try:
        return Schedule(parse(text))
    except Unreadable:
        return None


@lru_cache(maxsize=8192)
def _placed(schedule: Schedule, zone: str, latitude: float, longitude: float) -> Schedule:
    return Schedule(schedule.rules, zone, (latitude, longitude))


@lru_cache(maxsize=65536)
def begun(schedule: Schedule, day: date) -> tuple[Span, ...]:
    """Return the times that begin on a day, in order; none where it is closed. They may last into the day after."""
    spans = _told_of(schedule, day).spans
    if any(span.end > DAY for span in spans):
        cuts = _told_of(schedule, day + ONE_DAY).cuts
        spans = without(spans, [Span(cut.start + DAY, cut.end + DAY, cut.kind) for cut in cuts])
    return tuple(sorted(spans, key=_by_start))


def decided_by(schedule: Schedule, day: date) -> Rule | None:
    """Return the last rule that says something of a day."""
    return _told_of(schedule, day).last


def _by_start(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _told_of(schedule: Schedule, day: date) -> Told:
    rules, point = schedule.rules, schedule.point
    if not schedule.holidays:
        return told(rules, day, no_holidays, point)
    if not schedule.names_school:
        return told(rules, day, public_only, point)
    in_school = told(rules, day, with_school(schedule.zone, unknown_as=False), point)
    if is_school_holiday(day, schedule.zone) is not None:
        return in_school
    on_holiday = told(rules, day, with_school(schedule.zone, unknown_as=True), point)
    return Told(_what_both_say(in_school.spans, on_holiday.spans), in_school.cuts, in_school.last)


def _what_both_say(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return what is sure either way; the rest of both is to be confirmed."""
    if one == other:
        return one
    sure = without(one, without(one, [span for span in other if span.kind is Kind.OPEN]))
    sure = tuple(span for span in sure if span.kind is Kind.OPEN)
    unsure = without(one, sure)
    unsure += without(without(other, sure), unsure)
    return sure + tuple(Span(span.start, span.end, Kind.UNKNOWN) for span in unsure)


def told(rules: Sequence[Rule], day: date, is_holiday: IsHoliday, point: tuple[float, float]) -> Told:
    """Return what rules say of a day, the later ones over the earlier ones."""
    spans: tuple[Span, ...] = ()
    cuts: tuple[Span, ...] = ()
    last = None
    for rule in rules:
        if not rule.holds(day, is_holiday):
            continue
        new = rule.spans(day, point)
        if rule.join is Join.FALLBACK:
            spans += _left_to(rule, without(new, spans))
            continue
        last = rule
        if rule.kind is Kind.CLOSED:
            spans = without(spans, new) if rule.slots else ()
            cuts += new if rule.slots else ()
        elif rule.join is Join.ADD:
            spans = without(spans, new) + new
        else:
            spans = new
    return Told(spans, cuts, last)


def _left_to(rule: Rule, left: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return what a fallback says of the times that other rules leave; closed, they are closed as they were."""
    if rule.kind is Kind.CLOSED:
        return ()
    otherwise = rule.kind is Kind.UNKNOWN and not rule.slots
    return tuple(Span(one.start, one.end, one.kind, one.comment, otherwise) for one in left)


@lru_cache(maxsize=65536)
def _day_pieces(schedule: Schedule, day: date) -> tuple[Piece, ...]:
    """Return the times within a day that are not closed, in order, none overlapping; nights before included."""
    midnight = day.toordinal() * DAY
    spans = list(begun(schedule, day))
    spans += [
        Span(max(span.start - DAY, 0), span.end - DAY, span.kind, span.comment)
        for span in begun(schedule, day - ONE_DAY)
        if span.end > DAY
    ]
    found: tuple[Span, ...] = ()
    for span in sorted(spans, key=_by_kind):
        found += without([span], found)
    return tuple(
        Piece(midnight + span.start, midnight + min(span.end, DAY), span.kind, span.comment)
        for span in sorted(found, key=_by_start)
        if span.start < DAY
    )


def _by_kind(span: Span) -> tuple[int, int]:
    return span.kind, span.start


def pieces(schedule: Schedule, first: date, days: int) -> Iterator[Piece]:
    """Yield the times that are not closed from the midnight that begins a day, for a number of days, in order.

    Those that touch and say the same are one.
    """
    if _says_nothing_but_one(schedule):
        whole = begun(schedule, first)
        start = first.toordinal() * DAY
        yield from (Piece(start, start + days * DAY, span.kind, span.comment) for span in whole)
        return
    pending: Piece | None = None
    for number in range(days):
        for piece in _day_pieces(schedule, first + ONE_DAY * number):
            if pending and (pending.end, pending.kind, pending.comment) == (piece.start, piece.kind, piece.comment):
                pending = Piece(pending.start, piece.end, piece.kind, piece.comment)
                continue
            if pending:
                yield pending
            pending = piece
    if pending:
        yield pending


def _says_nothing_but_one(schedule: Schedule) -> bool:
    """Whether it says one thing of all times: "24/7"."""
    return len(schedule.rules) == 1 and not schedule.rules[0].selectors and not schedule.rules[0].slots


@lru_cache(maxsize=8192)
def usual(schedule: Schedule, today: date) -> tuple[tuple[Span, ...], ...]:
    """Return the times of each day of an ordinary week, Monday first: what they are most often over the weeks ahead.

    Holidays and what is said of single dates are left out.
    """
    rules = tuple(rule for rule in schedule.rules if not rule.is_dated) or schedule.rules
    plain = Schedule(rules, schedule.zone, schedule.point, holidays=rules == schedule.rules and _only_dated(rules))
    changes = any(selector.calendar for rule in rules for selector in rule.selectors) or schedule.names_sun
    days = [today + ONE_DAY * number for number in range(USUAL_OVER if changes else 7)]
    week: list[Counter] = [Counter() for _ in range(7)]
    for day in days:
        week[day.weekday()][begun(plain, day)] += 1
    return tuple(seen.most_common(1)[0][0] for seen in week)


def _only_dated(rules: tuple[Rule, ...]) -> bool:
    return all(rule.is_dated for rule in rules)
