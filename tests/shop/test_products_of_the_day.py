"""Products shown without being asked for: drawn each day, each seller as likely as another."""

from datetime import date, timedelta

import pytest

from directory.models import MerchantPage
from shop.products import merchant_of, products_of_the_day, stock_of
from tests.factories import make_merchant
from tests.shop.factories import make_product

TODAY = date(2026, 11, 24)

pytestmark = pytest.mark.django_db


def drawn(count, day=TODAY):
    return list(products_of_the_day(MerchantPage.objects.live(), day, count))


def test_a_large_shelf_has_no_more_chances_than_a_small_one(bakery, cheesemonger):
    for _ in range(9):
        make_product(cheesemonger)
    make_product(bakery)

    sellers = {merchant_of(stock_of(product)).title for product in drawn(2)}

    assert sellers == {bakery.title, cheesemonger.title}


def test_one_seller_fills_the_shelf_when_she_is_alone(bakery):
    for _ in range(3):
        make_product(bakery)

    assert len(drawn(4)) == 3


def test_what_is_sold_out_is_not_shown(bakery):
    make_product(bakery, stock=0)

    assert drawn(4) == []


def test_the_draw_stays_for_the_day_and_changes_with_it(places):
    for _ in range(12):
        make_product(make_merchant())

    days = [tuple(product.pk for product in drawn(4, TODAY + timedelta(number))) for number in range(6)]

    assert days[0] == tuple(product.pk for product in drawn(4))
    assert len(set(days)) > 1


def test_the_shelf_costs_the_same_queries_whatever_it_holds(bakery, django_assert_num_queries):
    make_product(bakery)
    drawn(4)

    for _ in range(4):
        make_product(make_merchant())

    with django_assert_num_queries(3):
        drawn(4)
