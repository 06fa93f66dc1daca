"""What a substitute costs and until when it is answered, as docs/orders.md tells it."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.hours import PARIS
from shop.substitution.terms import Accepted, Terms, answer_by, terms


@pytest.mark.parametrize(
    ("accepted", "missing", "price", "quantity", "by_weight", "dearer", "agreed"),
    [
        (("4.90", "4.90"), 1, "5.20", 1, False, False, ("4.90", "4.90")),
        (("4.90", "4.90"), 2, "5.20", 3, False, False, ("3.26", "3.26")),
        (("4.90", "4.90"), 1, "4.20", 1, False, False, ("4.20", "4.20")),
        (("4.90", "4.90"), 1, "5.20", 1, False, True, ("5.20", "5.20")),
        (("8.72", "9.59"), 1, "9.40", 1, True, False, ("8.72", "9.59")),
        (("8.72", "9.59"), 1, "9.40", 1, True, True, ("9.40", "10.34")),
        (("8.90", "8.90"), 1, "8.72", 1, True, False, ("8.72", "8.90")),
        (("8.72", "9.59"), 2, "7.20", 2, False, False, ("7.20", "7.20")),
    ],
)
def test_what_it_costs(accepted, missing, price, quantity, by_weight, dearer, agreed):
    made = terms(Accepted(*map(Decimal, accepted)), missing, Decimal(price), quantity, by_weight, dearer)
    assert made == Terms(*map(Decimal, agreed))


cents = st.decimals("0.01", "200", places=2)


@given(cents, st.integers(1, 20), cents, st.integers(1, 20), st.booleans())
def test_it_never_costs_more_than_was_accepted_unless_that_is_said(each, missing, price, quantity, by_weight):
    made = terms(Accepted(each, each), missing, price, quantity, by_weight, dearer=False)
    assert made.price * quantity <= made.ceiling * quantity <= each * missing


@pytest.mark.parametrize(
    ("asked", "promised", "prepare_by", "until"),
    [
        ("2026-12-01 15:00", "2026-12-04 10:00", "2026-12-08", "2026-12-02 15:00"),  # a day
        ("2026-12-01 15:00", "2026-12-02 10:00", "2026-12-08", "2026-12-02 09:00"),  # an hour before they come
        ("2026-12-01 15:00", "2026-12-01 17:00", "2026-12-08", "2026-12-01 16:00"),
        ("2026-12-01 15:00", "2026-12-01 16:30", "2026-12-08", "2026-12-01 15:30"),
        ("2026-12-01 15:00", "2026-12-01 16:29", "2026-12-08", None),  # less than half an hour
        ("2026-12-01 15:00", "2026-11-30 10:00", "2026-12-08", None),  # late already
        ("2026-12-01 15:00", None, "2026-12-08", "2026-12-02 15:00"),
        ("2026-12-08 09:00", None, "2026-12-08", "2026-12-08 12:00"),  # noon of the last day
        ("2026-12-08 11:45", None, "2026-12-08", None),
        ("2026-10-24 15:00", None, None, "2026-10-25 14:00"),  # the clocks go back that night: 24 hours pass
    ],
)
def test_until_when_it_is_answered(asked, promised, prepare_by, until):
    asked, promised, until = (
        moment and datetime.fromisoformat(moment).replace(tzinfo=PARIS) for moment in (asked, promised, until)
    )
    found = answer_by(asked, promised, prepare_by and date.fromisoformat(prepare_by))
    assert (found and found.timestamp()) == (until and until.timestamp())
