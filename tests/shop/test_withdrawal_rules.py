"""The law's days, and what is proposed as an exception to the right of withdrawal."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.hours import holiday
from shop.withdrawal import exceptions, period
from shop.withdrawal.exceptions import Exceptions

DATA = Path(__file__).parent / "data"


def rows(file):
    lines = (DATA / file).read_text().splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def day(text):
    return None if text == "-" else date.fromisoformat(text)


@pytest.mark.parametrize(("handed_over", "told", "last", "why"), rows("withdrawal_days.tsv"))
def test_the_last_day_is_the_laws(handed_over, told, last, why):
    assert period.last_day(day(handed_over), day(told)) == day(last), why


@given(handed_over=st.dates(date(2025, 1, 1), date(2032, 12, 31)))
def test_nobody_has_less_than_fourteen_days_nor_ends_on_a_day_off(handed_over):
    last = period.last_day(handed_over, handed_over)

    assert last >= handed_over + timedelta(days=14)
    assert last.weekday() < 5
    assert not holiday(last)
    between = (handed_over + timedelta(days=14 + extra) for extra in range((last - handed_over).days - 14))
    assert all(missed.weekday() >= 5 or holiday(missed) for missed in between)


def test_the_day_to_refund_by_is_not_moved():
    assert period.refund_by(date(2026, 11, 30)) == date(2026, 12, 14)
    assert period.refund_by(date(2026, 12, 11)) == date(2026, 12, 25)


@pytest.mark.parametrize(("category", "title", "spoils"), rows("spoiling_articles.tsv"))
def test_an_exception_is_proposed_of_what_spoils(category, title, spoils):
    assert exceptions.suggested(category, title) == ("perissable" if spoils == "yes" else "")


@pytest.mark.parametrize("exception", Exceptions.values)
def test_each_exception_is_told_with_its_article_of_the_law(exception):
    assert "L221-28" in exceptions.told(exception)
    assert exceptions.may_be_given_up(exception) == (exception in ("hygiene", "scelle"))


def test_without_an_exception_nothing_is_told():
    assert exceptions.told("") == ""
    assert exceptions.may_be_given_up("")
