"""Who is open, as both engines say, against schedules whose truth is computed from the days themselves."""

import random
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from directory.hours import FIXED_HOLIDAYS, PARIS, state
from portal import database_clock
from search import open_hours
from search.entry import Entry
from search.indexing import comparison, index, rebuild
from search.models import IndexedEntry
from search.query import Kind, Query
from tests.factories import make_merchant
from tests.search.conftest import up_to_date

SCHEDULES, INSTANTS = 1_000, 200
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
EASTER_HOLIDAYS = {date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)}

# The days on which the clocks go forward and back, Christmas Eve and May Day are within these.
SEEN_FROM = [date(2026, 12, 22), date(2027, 3, 25), date(2027, 4, 28), date(2027, 10, 28)]
TELLING = [
    datetime(2026, 12, 24, 17, 30, tzinfo=PARIS),
    datetime(2026, 12, 25, 10, 0, tzinfo=PARIS),
    datetime(2027, 5, 1, 10, 0, tzinfo=PARIS),
    datetime(2027, 3, 28, 0, 59, tzinfo=UTC),  # 1:59, a minute before the hour that is skipped
    datetime(2027, 3, 28, 1, 0, tzinfo=UTC),  # 3:00
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC),  # 2:30, summer time
    datetime(2027, 10, 31, 1, 30, tzinfo=UTC),  # 2:30 again, winter time
]


class Schedule:
    """A week drawn at random, as OpenStreetMap writes it and as a shopkeeper would tell it."""

    def __init__(self, draw):
        self.week = {day: self._ranges(draw) for day in range(7)}
        self.off_on_holidays = draw.random() < 0.5
        self.christmas_eve = draw.choice([None, [], [(8 * 60, 17 * 60)]])

    def _ranges(self, draw):
        quarter = 15
        if draw.random() < 0.2:
            return []
        if draw.random() < 0.15:  # past midnight
            return [(18 * 60, 24 * 60 + draw.randrange(1, 5 * 4) * quarter)]
        opens = draw.randrange(5 * 4, 10 * 4) * quarter
        noon = draw.randrange(11 * 4, 13 * 4) * quarter
        evening = draw.randrange(15 * 4, 20 * 4) * quarter
        return [(opens, noon), (noon + 60, evening)] if draw.random() < 0.6 else [(opens, evening)]

    @property
    def text(self):
        # A comma adds to what was said; a semicolon replaces it on the days it names.
        week = ", ".join(f"{DAYS[day]} {self._written(ranges)}" for day, ranges in self.week.items() if ranges)
        rules = [week or "off"] + (["PH off"] if self.off_on_holidays else [])
        rules += [f"Dec 24 {self._written(self.christmas_eve)}"] if self.christmas_eve is not None else []
        return "; ".join(rules)

    def _written(self, ranges):
        return ",".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in ranges) or "off"

    def exception(self, day):
        """What is said of that very day, or None."""
        if (day.month, day.day) == (12, 24) and self.christmas_eve is not None:
            return self.christmas_eve
        if self.off_on_holidays and ((day.month, day.day) in FIXED_HOLIDAYS or day in EASTER_HOLIDAYS):
            return []
        return None

    def on(self, day):
        said = self.exception(day)
        return self.week[day.weekday()] if said is None else said

    def is_open(self, moment):
        here = moment.astimezone(PARIS)
        minute = here.hour * 60 + here.minute
        today, yesterday = here.date(), here.date() - timedelta(days=1)
        # What is said of a day is said of the hours that begin on it, its night included, and of no night before.
        return any(a <= minute < b for a, b in self.on(today)) or any(
            minute + 24 * 60 < b for _, b in self.on(yesterday)
        )


@pytest.fixture(scope="module")
def schedules():
    draw = random.Random(20261124)
    return [Schedule(draw) for _ in range(SCHEDULES)]


@pytest.fixture(scope="module")
def instants():
    draw = random.Random(4)
    drawn = []
    for first in SEEN_FROM:
        start = datetime.combine(first, datetime.min.time(), PARIS)
        for _ in range((INSTANTS - len(TELLING)) // len(SEEN_FROM) + 1):
            drawn.append(start + timedelta(minutes=draw.randrange(open_hours.AHEAD * 24 * 60 - 60)))
    return sorted([*drawn[: INSTANTS - len(TELLING)], *TELLING])


def fill(schedules, today):
    """Store an entry a schedule, as it stands on a day, and bring the engines up to date."""
    index.drain()  # what the first pages noted: their numbers are those of some entries here, which are no merchants'
    entries = []
    for number, schedule in enumerate(schedules, 1):
        first = open_hours.window(number, today)
        intervals = open_hours.intervals(schedule.text, first)
        entries.append(
            Entry(Kind.MERCHANT, number, f"Commerce {number}", "/", openings=intervals, openings_from=first.isoformat())
        )
    rows = [IndexedEntry(kind=Kind.MERCHANT, object_id=number) for number in range(1, len(schedules) + 1)]
    IndexedEntry.objects.bulk_create(rows, ignore_conflicts=True)
    index._store(entries)
    up_to_date()


def test_both_engines_find_just_those_that_are_open(db, engine, schedules, instants):
    seen = 0
    for first in SEEN_FROM:
        fill(schedules, first)
        ahead = [(moment, (moment.astimezone(PARIS).date() - first).days) for moment in instants]
        moments = [moment for moment, days in ahead if 0 <= days < open_hours.AHEAD]
        asked = [Query(open_at=moment, size=SCHEDULES) for moment in moments]
        for moment, results in zip(moments, engine.search(asked), strict=True):
            found = {hit.entry.id for hit in results.hits}
            assert found == {number for number, one in enumerate(schedules, 1) if one.is_open(moment)}, moment
        seen += len(moments)
    assert seen == INSTANTS


def test_the_index_says_open_when_the_page_does():
    texts = [
        "24/7",
        "Mo-Fr 09:00-12:00",
        'Mo-Su "sur rendez-vous"',
        'Tu 10:00-12:00 "sur appel"',
        'Mo-Fr 09:00-17:00 || "sur rendez-vous"',
        "Mo-Fr 18:00+",
        "Mo-Fr 10:00-18:00+",
        "Th-Sa 18:00-02:00; 2026 Nov 27 off",
        "sunrise-sunset",
        "SH Mo-Fr 10:00-12:00",
        "Tu, Th 14:00-18:00",
        "Apr-Sep",
        "PH off",
        "",
    ]
    monday = date(2026, 11, 23)
    for text in texts:
        intervals = open_hours.intervals(text, monday)
        for hours in range(24 * 8):
            moment = datetime(2026, 11, 23, tzinfo=PARIS) + timedelta(hours=hours, minutes=7)
            is_open = any(opens <= open_hours.minute(moment) < closes for opens, closes in intervals)
            assert is_open == (state(text, moment).kind in ("open", "soon")), (text, moment)


def test_every_merchant_is_covered_for_the_days_that_can_be_asked():
    for merchant in range(14):
        for number in range(14):
            today = date(2026, 11, 24) + timedelta(days=number)
            first = open_hours.window(merchant, today)
            assert first <= today
            assert first + timedelta(days=open_hours.DAYS) >= today + timedelta(days=open_hours.AHEAD)


def test_the_worker_lays_hours_out_anew_when_they_run_out(without_elasticsearch, places):
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=PARIS)):
        page = make_merchant(opening_hours="Apr-Sep Mo-Su 09:00-19:00")  # closed all this month, and the next
        index.drain()
        before = IndexedEntry.objects.get(object_id=page.pk).document["openings_from"]
        assert index.renew() == 0
    for week in (1, 2, 3):
        with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=PARIS) + timedelta(weeks=week)):
            assert index.renew() == 1
            assert index.renew() == 0
            index.drain()
            after = IndexedEntry.objects.get(object_id=page.pk).document["openings_from"]
            assert after > before
            before = after
    assert index.waiting()[0] == 0


@pytest.fixture
def own_clock(monkeypatch, clock_of_the_database):
    """``own_clock(timedelta)``: this process's clock is so far from the database's, which stands where it was."""

    @contextmanager
    def own_clock(away):
        with monkeypatch.context() as patch, time_machine.travel(datetime.now(UTC) + away):
            patch.setattr(database_clock, "now", clock_of_the_database)
            yield

    return own_clock


@pytest.mark.parametrize("days", [9, 3, 1, -1, -9])
def test_two_workers_that_disagree_on_the_day_lose_no_hours(without_elasticsearch, places, own_clock, days):
    pages = [make_merchant(opening_hours="Mo-Sa 09:00-19:00") for _ in range(7)]  # renewed on each day of the week
    with own_clock(timedelta(days=days)):
        index.drain()
        while index.renew():
            pass
    index.drain()  # by the one whose clock is right

    stored = IndexedEntry.objects.filter(object_id__in=[page.pk for page in pages])
    today = database_clock.today()
    for entry in stored:
        assert entry.document["openings_from"] == open_hours.window(entry.object_id, today).isoformat()
        assert today < entry.renew_on <= today + timedelta(days=open_hours.PERIOD)
    assert len(stored) == len(pages)


def test_an_entry_that_does_not_know_when_to_renew_is_found_and_healed(without_elasticsearch, places):
    pages = [make_merchant(opening_hours=hours) for hours in ("Mo-Sa 09:00-19:00", "Tu 10:00-12:00", "")]
    index.drain()
    before = dict(IndexedEntry.objects.values_list("object_id", "renew_on"))
    IndexedEntry.objects.update(renew_on=None)

    assert len(list(comparison.differences())) == 2
    rebuild.refresh_all()

    assert dict(IndexedEntry.objects.values_list("object_id", "renew_on")) == before
    assert not list(comparison.differences())
    assert before[pages[2].pk] is None
