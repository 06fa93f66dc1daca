from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from directory.hours import holiday, validate_opening_hours
from directory.hours.reading import begun
from directory.hours.reading import read as schedule
from directory.space.week import Season, Week, are_apart, is_orderly, read, slots_of, write

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
        "Mo-Fr 08:00-10:00,11:00-12:00,14:00-18:00,20:00-22:00",
        "Mo-Fr 08:00-12:30; Jul Mo-Fr 08:00-20:00; Jul 15-Aug 15 Mo off",  # seasons that share days
        "Mo-Fr 08:00-12:30; Jul 01-03 09:00-10:00",  # too short for a week
        "Mo-Fr 08:00-12:30; 2027 Jul Mo-Fr 08:00-20:00",  # once, not each year
        "Mo-Fr 08:00-12:30; PH -1 day 08:00-12:00; Jul-Aug Mo-Su 08:00-20:00",  # eves of the season are as other days
        "Mo-Fr 08:00-12:30; PH -2 days 08:00-12:00",
        "Mo-Fr 08:00-12:30, PH 10:00-12:00",
        "Mo-Fr 08:00-12:30; PH 10:00+",
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


A_DAY = ((MORNING,),)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Mo-Fr 08:00-12:30; PH -1 day 15:00-19:00",
         Week((*A_DAY * 5, (), ()), eves=(AFTERNOON,), eves_on_sundays=True)),
        ("Mo-Fr 08:00-12:30; Mo-Sa PH -1 day 15:00-19:00; PH off", Week((*A_DAY * 5, (), ()), (), (AFTERNOON,))),
        ("Mo-Su 08:00-12:30; PH -1 day 15:00-19:00; Su 08:00-12:30", Week(A_DAY * 7, None, (AFTERNOON,))),
        ("Apr-Sep: Mo-Sa 08:00-12:30", Week(((),) * 7, seasons=(Season((4, 1), (9, 30), (*A_DAY * 6, ())),))),
        ("Mo-Fr 08:00-12:30; Jul 05-Aug 20 off; Jul 05-Aug 20 Sa 15:00-19:00; PH off",
         Week((*A_DAY * 5, (), ()), (), seasons=(Season((7, 5), (8, 20), (*[()] * 5, (AFTERNOON,), ())),))),
        ("Mo-Fr 08:00-12:30; Dec 15-Mar 31 Mo-Su 15:00-19:00",
         Week((*A_DAY * 5, (), ()), seasons=(Season((12, 15), (3, 31), ((AFTERNOON,),) * 7),))),
    ],
)  # fmt: skip
def test_seasons_and_eves_of_holidays_are_read_and_written_back(text, week):
    assert read(text) == week
    assert read(write(week)) == week


ends = st.tuples(st.integers(1, 12), st.sampled_from([1, 5, 15, 28]))
seasons = st.lists(st.builds(Season, ends, ends, st.tuples(*[days] * 7)), max_size=2).map(sorted).filter(are_apart)


@given(weeks, seasons, st.none() | days, st.booleans())
def test_all_that_can_be_filled_in_means_the_same_once_written(week, seasons, eves, on_sundays):
    week = replace(week, seasons=tuple(seasons), eves=eves, eves_on_sundays=on_sundays)
    known = read(write(week))

    assert known is not None
    for day in (date(2027, 1, 1) + timedelta(number) for number in range(366)):
        assert begun(schedule(write(known)), day) == begun(schedule(write(week)), day)
        if not (holiday(day) and week.holidays is not None):
            expected = expected_of(week, day)
            assert slots_of(begun(schedule(write(week)), day)) == expected, (write(week), day)


def expected_of(week, day):
    """Say it the slow way: a holiday, else its eve, else the season's or the usual weekday."""
    if week.holidays is not None and holiday(day):
        return week.holidays
    is_eve = bool(holiday(day + timedelta(1)))
    if week.eves is not None and is_eve and (day.weekday() != 6 or week.eves_on_sundays):
        return week.eves
    season = next((one for one in week.seasons if one.holds((day.month, day.day))), None)
    return (season.days if season else week.days)[day.weekday()]


def test_a_week_is_written_as_short_as_one_would_by_hand():
    week = Week(((), *[(MORNING, AFTERNOON)] * 4, (MORNING,), (MORNING,)), holidays=())

    assert write(week) == "Tu-Fr 08:00-12:30,15:00-19:00; Sa,Su 08:00-12:30; PH off"
