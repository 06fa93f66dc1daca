"""What placing writes, and that it takes the same number of queries for one line as for many."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

from shop import order_creation
from shop.models import Purchase
from shop.stock import OutOfStock
from tests.factories import make_merchant
from tests.shop.factories import BINDS, filled_form, make_product, put_in_basket

Line = get_model("order", "Line")
Order = get_model("order", "Order")
StockRecord = get_model("partner", "StockRecord")

MOST = 60  # queries of the whole request


@pytest.fixture
def three_shops(places, cheesemonger, bakery):
    return [cheesemonger, bakery, make_merchant(title="La Ruche de Zoé")]


def placing(client, shops, lines):
    """Fill a basket with so many articles of each shop, and return the queries of the request that orders it."""
    for shop in shops:
        for _ in range(lines):
            put_in_basket(client, make_product(shop))
    form = {**filled_form(client), **BINDS}
    with CaptureQueriesContext(connection) as queries:
        assert client.post(reverse("checkout:index"), form).status_code == 303
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("account", [False, True])
def test_fifteen_lines_at_three_merchants_cost_no_more_queries_than_three(three_shops, shopper, account):
    counts = []
    for lines in (1, 5):
        client = Client()
        if account:
            client.force_login(shopper)
        counts.append(len(placing(client, three_shops, lines)))

    assert counts[0] >= counts[1]
    assert max(counts) <= MOST
    assert (Purchase.objects.latest("pk").confirmed_at is not None) == account
    assert Line.objects.count() == 18


def test_each_order_keeps_what_oscar_keeps_of_one(client, loaf, picodon, knife):
    for article, quantity in ((loaf, 2), (picodon, 3), (knife, 1)):
        put_in_basket(client, article, quantity)

    client.post(reverse("checkout:index"), {**filled_form(client), **BINDS})

    bread, cheese = Order.objects.order_by("number")
    assert {bread.total_incl_tax, cheese.total_incl_tax} == {Decimal("9.80"), Decimal("27.10")}
    for order in (bread, cheese):
        assert order.basket == Purchase.objects.get().basket
        assert order.shipping_code == "retrait"
        assert order.site is not None
        for line in order.lines.all():
            price = line.prices.get()
            assert (price.quantity, price.price_incl_tax, price.tax_code) == (
                line.quantity,
                line.unit_price_incl_tax,
                line.tax_code,
            )
            assert line.partner_name == line.partner.name
            assert line.num_allocated == line.quantity
            assert line.status == "Reçue"
    assert dict(StockRecord.objects.values_list("product__title", "num_allocated")) == {
        "Pain de seigle": 2,
        "Picodon affiné": 3,
        "Couteau à fromage": 1,
    }


@pytest.mark.parametrize("scarce", [0, 1, 2])
def test_one_scarce_article_keeps_all_from_being_promised(client, loaf, picodon, knife, scarce):
    articles = (loaf, picodon, knife)
    for article in articles:
        put_in_basket(client, article, 2)
    lines = list(get_model("basket", "Line").objects.select_related("stockrecord", "product").order_by("pk"))
    StockRecord.objects.filter(product=articles[scarce]).update(num_in_stock=1)

    with pytest.raises(OutOfStock, match=articles[scarce].title):
        order_creation.promise(lines)

    assert not StockRecord.objects.filter(num_allocated__gt=0).exists()
