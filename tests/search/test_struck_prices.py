"""A promotion's price and the struck one, in the search's results: as the promotion begins, is cut again and ends."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from shop import promotions
from tests.jobs import do
from tests.search.conftest import up_to_date
from tests.shop.factories import make_product
from tests.shop.test_promotions import with_history

pytestmark = pytest.mark.usefixtures("strict_templates", "places")
D = Decimal
DAY = timedelta(days=1)


def begin(product, price, days=7):
    promotions.begin(product, D(price), timezone.localdate() + days * DAY)


def card(asked="tomme"):
    """Return the price and the struck one of the only article found, as a page of results shows them."""
    up_to_date()
    page = Client().get("/recherche/", {"q": asked, "type": "product"})
    (shown,) = page.context["blocks"]["product"]["cards"]
    told = page.content.decode()
    assert ("price-tag__struck" in told) == (shown["card"].struck is not None)
    return shown["card"].price, shown["card"].struck


@pytest.fixture
def tomme(cheesemonger):
    return with_history(make_product(cheesemonger, title="Tomme fermière"), {60: D("9.90")})


def test_both_prices_are_told_as_long_as_the_promotion_runs(engine, tomme):
    assert card() == (D("9.90"), None)

    begin(tomme, "7.50")
    assert card() == (D("7.50"), D("9.90"))
    begin(tomme, "6.00")
    assert card() == (D("6.00"), D("9.90"))

    promotions.end(tomme)
    assert card() == (D("9.90"), None)


def test_the_day_after_its_last_nothing_is_struck(engine, tomme):
    begin(tomme, "7.50", days=2)
    assert card() == (D("7.50"), D("9.90"))

    with time_machine.travel(timezone.now() + 3 * DAY):
        do("end_promotions")
        assert card() == (D("9.90"), None)
