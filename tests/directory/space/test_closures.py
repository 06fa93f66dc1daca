"""Closures by date, read from and written to OpenStreetMap's text, and kept by the merchant in their form."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from directory.hours import PARIS, state
from directory.space import closures
from directory.space.closures import Closure, Hours

USUAL = "Tu-Sa 08:00-12:30; PH off"
SUMMER = Closure(date(2027, 8, 1), date(2027, 8, 15))
NEW_YEAR = Closure(date(2026, 12, 24), date(2027, 1, 2))


@pytest.fixture(autouse=True)
def before_all_these_days():
    """The form drops what is over: the dates below are to come whenever the tests run."""
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=PARIS)):
        yield


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (USUAL, Hours(USUAL)),
        ("", Hours("")),
        (f"{USUAL}; 2027 Aug 01-15 off", Hours(USUAL, (SUMMER,))),
        (f"{USUAL}; 2027 Aug 01-Aug 15 closed", Hours(USUAL, (SUMMER,))),
        (f"{USUAL}; 2027 Aug 01-2027 Aug 15 off; 2026 Dec 24-Jan 02 off", Hours(USUAL, (NEW_YEAR, SUMMER))),
        (f"{USUAL}; Dec 25-26 off;", Hours(USUAL, (), ("Dec 25-26 off",))),
        (f"{USUAL}; Dec 25-26 off; 2027 Aug 01-15 off", Hours(USUAL, (SUMMER,), ("Dec 25-26 off",))),
        ("2027 Aug 01-15 off", Hours("2027 Aug 01-15 off")),  # all there is: no week to take it from
        (f"{USUAL}; 2027 Feb 30 off", Hours(f"{USUAL}; 2027 Feb 30 off")),
        (f"{USUAL}; 2027 Aug 15-2027 Aug 01 off", Hours(f"{USUAL}; 2027 Aug 15-2027 Aug 01 off")),
        (f"{USUAL}; 2027 Aug 1-15, 2026 Dec 24-Jan 2 off", Hours(USUAL, (NEW_YEAR, SUMMER))),
        (f"{USUAL}; Dec 24,31 off", Hours(USUAL, (), ("Dec 24,31 off",))),
        (f"{USUAL}; Aug off", Hours(USUAL, (), ("Aug off",))),
        (f"{USUAL}; du 1er au 15 août 2027 : fermé", Hours(USUAL, (SUMMER,))),
        (f'{USUAL}; 2027 Aug 01-15 off "congés"', Hours(f'{USUAL}; 2027 Aug 01-15 off "congés"')),
        (f"{USUAL}; 2027 Aug 01-15 Mo off", Hours(f"{USUAL}; 2027 Aug 01-15 Mo off")),
        ("Aug 01-15 off; Tu-Sa 08:00-12:30", Hours("Aug 01-15 off; Tu-Sa 08:00-12:30")),  # the week undoes it
    ],
)
def test_a_text_is_taken_apart(text, expected):
    assert closures.split(text) == expected


def test_what_is_written_is_read_again_and_closes_each_of_its_days():
    hours = Hours("Mo-Su 09:00-18:00; PH off", (NEW_YEAR, SUMMER), ("Nov 02 off",))

    assert closures.split(hours.text) == hours
    for closure in hours.closures:
        before, after = closure.first - timedelta(days=1), closure.last + timedelta(days=1)
        days = [before + timedelta(days=number) for number in range((after - before).days + 1)]
        kinds = [state(hours.text, datetime(day.year, day.month, day.day, 10, tzinfo=PARIS)).kind for day in days]
        assert kinds == ["open", *["closed"] * (len(days) - 2), "open"]


def test_closures_without_a_week_say_nothing():
    assert Hours("", (SUMMER,)).text == ""


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("Dec 25-26 off", "du 25 au 26 décembre"),
        ("May 01 off", "le 1er mai"),
        ("Dec 24-Jan 02 off", "du 24 décembre au 2 janvier"),
        ("Dec 24,31 off", "le 24 décembre et le 31 décembre"),
        ("Aug off", "du 1er au 31 août"),
    ],
)
def test_a_yearly_closure_is_said_in_french(rule, expected):
    assert closures.said(rule).replace("\u00a0", " ") == expected
