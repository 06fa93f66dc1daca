"""The pure reckoning: what a fee is, how VAT shares it, when a round passes."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

import pytest

from directory.hours import PARIS, Place
from shop import vat
from shop.collection.slots import EVERY_DAY, Rules, Taken
from shop.delivery.ways import Rounds, fee_by_rate, fee_of, rounds_ahead

on = partial(datetime, tzinfo=PARIS)
HERE = Place("07", 44.73, 4.6)
SHOP = Rules(lead=120, day_before=None, length=30, places=6, ahead=14)
ROUNDS = Rounds(frozenset({1, 4}), time(14), time(18), 5, None, 4)  # Tuesday and Friday


def ahead(now, rounds=ROUNDS, hours="", articles=SHOP):
    return list(rounds_ahead(rounds, hours, HERE, now, articles))


@pytest.mark.parametrize(("goods", "paid"), [("0.01", "4"), ("39.99", "4"), ("40", "0"), ("40.01", "0"), ("400", "0")])
def test_a_fee_is_waived_from_its_amount_on(goods, paid):
    assert fee_of(Decimal(4), Decimal(40), Decimal(goods)) == Decimal(paid)
    assert fee_of(Decimal(4), None, Decimal(goods)) == 4


@pytest.mark.parametrize(
    ("lines", "fee", "parts"),
    [
        ([("5.5", "9.80")], "4.00", {"5.5": "4.00"}),
        ([("5.5", "9.80"), ("20", "19.90")], "4.00", {"20": "2.68", "5.5": "1.32"}),
        ([("5.5", "10"), ("10", "10"), ("20", "10")], "4.00", {"20": "1.34", "10": "1.33", "5.5": "1.33"}),
        ([("5.5", "0"), ("20", "0")], "0.01", {"20": "0.01"}),
        ([("0", "12.00")], "3.50", {"0": "3.50"}),
        ([("5.5", "9.80")], "0", {}),
    ],
)
def test_a_fee_bears_the_vat_of_what_it_brings(lines, fee, parts):
    found = fee_by_rate([(rate, Decimal(amount)) for rate, amount in lines], Decimal(fee))
    assert dict(found) == {rate: Decimal(amount) for rate, amount in parts.items()}


def test_any_fee_is_shared_to_the_cent():
    random.seed(16)
    for _ in range(2_000):
        lines = [
            (random.choice(["20", "10", "5.5", "2.1"]), Decimal(random.randrange(0, 20_000)) / 100)
            for _ in range(random.randrange(1, 6))
        ]
        fee = Decimal(random.randrange(1, 3_000)) / 100
        parts = fee_by_rate(lines, fee)
        assert sum(part for _, part in parts) == fee
        assert all(part > 0 for _, part in parts)
        whole = sum(amount for _, amount in lines) + fee
        assert sum(share.incl_tax for share in vat.shares(lines + parts)) == whole


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (on(2026, 12, 1, 9, 59), on(2026, 12, 1, 14)),  # a Tuesday, four hours and a minute before
        (on(2026, 12, 1, 10, 0), on(2026, 12, 1, 14)),
        (on(2026, 12, 1, 10, 1), on(2026, 12, 4, 14)),
        (on(2026, 12, 2, 8), on(2026, 12, 4, 14)),
        (on(2027, 3, 27, 12), on(2027, 3, 30, 14)),  # over the night in which clocks change
    ],
)
def test_the_next_round_is_that_which_the_order_can_still_be_on(now, first):
    assert ahead(now)[0].start == first


def test_a_round_of_the_day_before_closes_at_its_hour():
    rounds = Rounds(frozenset({1, 4}), time(8), time(12), 5, time(17), 0)
    before, after = (ahead(on(2026, 11, 30, 16, minute), rounds)[0] for minute in (59, 0))
    assert before.start.date() == after.start.date() == date(2026, 12, 1)
    assert ahead(on(2026, 11, 30, 17), rounds)[0].start.date() == date(2026, 12, 4)


def test_no_round_on_a_day_on_which_the_shop_is_unusually_closed():
    hours = "Mo-Sa 08:00-19:00; 2026 Dec 24-31 off; PH off"
    days = {slot.start.date() for slot in ahead(on(2026, 12, 20, 9), hours=hours)}
    assert date(2026, 12, 22) in days
    assert not days & {date(2026, 12, 25), date(2026, 12, 29), date(2027, 1, 1)}


def test_a_merchant_may_deliver_on_the_day_on_which_the_shop_never_opens():
    hours = "We-Sa 08:00-19:00"
    assert ahead(on(2026, 11, 30, 9), hours=hours)[0].start.date() == date(2026, 12, 1)


def test_articles_of_some_days_are_on_rounds_of_these_days_alone():
    fridays = SHOP.of_articles([(0, frozenset({4}))])
    assert {slot.start.weekday() for slot in ahead(on(2026, 11, 30, 9), articles=fridays)} == {4}
    assert ahead(on(2026, 11, 30, 9), articles=SHOP.of_articles([(0, frozenset({2}))])) == []
    ordered = SHOP.of_articles([(72, EVERY_DAY)])
    assert ahead(on(2026, 12, 1, 9), articles=ordered)[0].start.date() == date(2026, 12, 4)


def test_a_full_round_is_not_offered():
    first = ahead(on(2026, 12, 1, 9))[0]
    full = [Taken(first.start, first.end, 5)]
    now = on(2026, 12, 1, 9)
    assert next(rounds_ahead(ROUNDS, "", HERE, now, SHOP, full)).start - first.start == timedelta(days=3)
