"""A merchant reads figures by week; small ones about people are kept back, what was sold is not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory.audience.models import KEPT, AudienceWeek
from home.purges import PURGES
from portal.dates import monday_of
from shop.models import Purchase
from tests.shop.factories import order_and_confirm, put_in_basket

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(client, baker, bakery):
    def figures():
        client.force_login(baker)
        return client.get(reverse("merchant_statistics", args=[bakery.pk]))

    return figures


def this_week():
    return monday_of(timezone.localdate())


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0"), (1, "moins de 5"), (4, "moins de 5"), (5, "5"), (1234, "1\u202f234")]
)
def test_small_numbers_about_people_are_kept_back(figures, bakery, count, told):
    AudienceWeek.objects.create(merchant=bakery, week=this_week(), views=count)

    page = figures()

    assert page.context["rows"][0][1][0].replace("\u00a0", "\u202f") == told
    (views, *_) = page.context["charts"]
    assert not any(str(number) in bar.told for number in (1, 4) for bar in views.bars[-1:] if count == number)


def test_no_height_tells_apart_what_is_kept_back(figures, bakery):
    heights = set()
    for count in (1, 2, 3, 4):
        AudienceWeek.objects.update_or_create(merchant=bakery, week=this_week(), defaults={"views": count})
        heights.add(figures().context["charts"][0].bars[-1].height)

    assert len(heights) == 1


def test_orders_and_euros_are_those_of_the_week(client, figures, loaf):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    orders = figures().context["rows"][0][1][-2:]
    assert orders[0] == "1"
    assert orders[1].endswith("€")

    Purchase.objects.update(placed_at=timezone.now() - timedelta(weeks=1))
    rows = figures().context["rows"]
    assert (rows[0][1][-2], rows[1][1][-2]) == ("0", "1")


def test_what_was_not_confirmed_is_no_order(client, figures, loaf):
    put_in_basket(client, loaf)
    order_and_confirm(client)
    Purchase.objects.update(confirmed_at=None, confirm_by=timezone.now() - timedelta(days=1))

    assert figures().context["rows"][0][1][-2] == "0"


def test_it_costs_the_same_whatever_was_counted(figures, bakery, django_assert_num_queries):
    figures()
    with CaptureQueriesContext(connection) as before:
        figures()
    for ago in range(60):
        AudienceWeek.objects.create(merchant=bakery, week=this_week() - timedelta(weeks=ago), views=9)

    with django_assert_num_queries(len(before)):
        assert len(figures().context["rows"]) == 12


def test_another_s_are_not_to_be_had(client, neighbour, bakery):
    client.force_login(neighbour)

    assert client.get(reverse("merchant_statistics", args=[bakery.pk])).status_code == 404


def test_sums_are_deleted_after_two_years(bakery):
    week = this_week()
    for ago in (0, 52, KEPT.days // 7 + 2):
        AudienceWeek.objects.create(merchant=bakery, week=week - timedelta(weeks=ago), views=9)
    (purge,) = (one for one in PURGES if one.name == "audience")

    assert purge.run(timezone.now()) == 1
    assert AudienceWeek.objects.count() == 2
