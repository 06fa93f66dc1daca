from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from directory.hours import validate_opening_hours
from directory.space.week import Week, is_orderly, read, write

MORNING = (time(8), time(12, 30))
AFTERNOON = (time(15), time(19))
EVENING = (time(18), time(2))
MONDAY = datetime(2026, 11, 16)  # noqa: DTZ001  # the library answers in local time; no public holiday nearby

times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
days = st.lists(st.tuples(times, times), max_size=2).map(tuple).filter(is_orderly)
weeks = st.builds(Week, st.tuples(*[days] * 7), st.none() | days)


@given(weeks)
@example(Week(((), (), (), (), (EVENING,), ((time(10), time(12)),), ())))
@example(Week((((time(0), time(0)),),) * 7, holidays=()))
@example(Week(((),) * 7, holidays=()))
@example(Week(((), (), (), (), (EVENING,), (), ()), holidays=(MORNING, AFTERNOON)))
def test_a_week_written_is_read_back_as_it_was(week):
    as_other_days = set(week.days) == {week.holidays}  # then nothing is said of holidays alone

    assert read(write(week)) == (replace(week, holidays=None) if as_other_days else week)


@given(weeks)
@example(Week(((), (), (), (), (EVENING,), ((time(10), time(12)),), ())))
def test_a_week_written_is_open_exactly_when_its_table_says(week):
    text = write(Week(week.days))
    opening_hours = OpeningHours(text)

    validate_opening_hours(text)
    for step in range(7 * 24 * 4):
        instant = MONDAY + timedelta(minutes=15 * step + 5)
        assert opening_hours.is_open(instant) == is_open(week, instant), (text, instant)


def is_open(week, instant):
    """Say it the slow way: is the instant in a slot of its day, or in one of the day before that passes midnight?"""
    clock, today, yesterday = instant.time(), week.days[instant.weekday()], week.days[instant.weekday() - 1]
    return any(opening <= clock and (clock < closing or closing <= opening) for opening, closing in today) or any(
        clock < closing <= opening for opening, closing in yesterday
    )


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Tu-Sa 08:00-12:30,15:00-19:00", Week(((), *[(MORNING, AFTERNOON)] * 5, ()))),
        ("Tu-Sa 8:00-12:30, 15:00-19:00; PH off", Week(((), *[(MORNING, AFTERNOON)] * 5, ()), ())),
        ("Mo-Fr 08:00-12:30; PH: 08:00-12:30, 15:00-19:00", Week((*[(MORNING,)] * 5, (), ()), (MORNING, AFTERNOON))),
        ("Mo-Fr 08:00-12:30; Sa 15:00-19:00;", Week((*[(MORNING,)] * 5, (AFTERNOON,), ()))),
        ("Mo-Su 08:00-12:30; We off", Week(((MORNING,), (MORNING,), (), *[(MORNING,)] * 4))),
        ("Sa-Mo 08:00-12:30", Week(((MORNING,), (), (), (), (), (MORNING,), (MORNING,)))),
        ("Mo,We,Fr 08:00-12:30, Mo 15:00-19:00", Week(((MORNING, AFTERNOON), (), (MORNING,), (), (MORNING,), (), ()))),
        ("08:00-12:30", Week(((MORNING,),) * 7)),
        ("24/7", Week((((time(0), time(0)),),) * 7)),
        ("Fr 18:00-02:00", Week(((), (), (), (), (EVENING,), (), ()))),
        ("Mo-Su off", Week(((),) * 7)),
        ("Fr 18:00-26:00", Week(((), (), (), (), (EVENING,), (), ()))),
        ("Tu-Sa 08:00-12:30, We off", Week(((), (MORNING,), (), *[(MORNING,)] * 3, ()))),
        ("Tu-Sa 08:00-12:30; PH, Su off", Week(((), *[(MORNING,)] * 5, ()), ())),
        ("PH,Mo-Fr 08:00-12:30", Week((*[(MORNING,)] * 5, (), ()), (MORNING,))),
        ("PH off; Mo-Fr 08:00-12:30", Week((*[(MORNING,)] * 5, (), ()))),  # the week has the last word
        ("Mo-Fr 08:00-12:30; PH 08:00-12:30; Su 08:00-12:30", Week((*[(MORNING,)] * 5, (), (MORNING,)), (MORNING,))),
        ("Mardi au samedi 8h-12h30, 15h-19h", Week(((), *[(MORNING, AFTERNOON)] * 5, ()))),
        ("Tu 08:00-12:30; Tu 15:00-19:00", Week(((), (MORNING, AFTERNOON), *[()] * 5))),
    ],
)
def test_simple_schedules_fit_the_table(text, week):
    assert read(text) == week


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mo-Fr 08:00-10:00,11:00-12:00,14:00-18:00",
        "Apr-Sep: Mo-Sa 08:00-12:30",
        "Mo-Fr 08:00-12:30, PH 10:00-12:00",
        "Mo-Fr 08:00-12:30; PH 10:00+",
        "Mo-Fr 08:00-12:30; PH -1 day 08:00-12:00",
        "Sa[1] 08:00-12:30",
        'Mo-Fr 08:00-12:30 "sur rendez-vous"',
        "Mo-Fr sunrise-sunset",
        "Mo-Fr 08:00+",
        "Mo-Fr 08:00-18:00+",
        "Mo-Fr 08:00-12:30; PH Mo off",
        "Mo-Fr 08:00-12:30; SH off",
        "Mo-Fr 08:00-12:30; Mo 10:00-11:00 off",
        "Mo-Fr 08:00-12:30; Fr 20:00-14:00",
        'Mo-Fr 08:00-12:30; Sa "sur rendez-vous"',
        "PH off",
        'Mo-Fr 08:00-12:30 || "au téléphone"',
        "n’importe quoi",
    ],
)
def test_what_a_table_cannot_say_is_left_alone(text):
    assert read(text) is None


def test_a_week_is_written_as_short_as_one_would_by_hand():
    week = Week(((), *[(MORNING, AFTERNOON)] * 4, (MORNING,), (MORNING,)), holidays=())

    assert write(week) == "Tu-Fr 08:00-12:30,15:00-19:00; Sa,Su 08:00-12:30; PH off"
