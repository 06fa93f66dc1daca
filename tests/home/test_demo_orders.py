"""The purchases of the demo, whatever its shops have on their shelves."""

import pytest

from home.demo import orders
from shop.models import Purchase
from shop.products import stock_of
from tests.factories import make_merchant, make_user
from tests.shop.factories import make_product


@pytest.mark.parametrize(
    ("shelves", "purchases"), [((6, 3), 4), ((6, 1), 4), ((6, 0), 4), ((1, 6), 2), ((0, 9), 2), ((6,), 4), ((0,), 0)]
)
def test_shops_with_few_articles_are_bought_from_all_the_same(places, shelves, purchases):
    merchants = [make_merchant(title=f"Chez Jo {number}") for number in range(len(shelves))]
    for merchant, count in zip(merchants, shelves, strict=True):
        for number in range(count):
            stock = stock_of(make_product(merchant, title=f"Article {number}"))
            stock.num_in_stock = 50
            stock.save()

    placed = orders.place(merchants, make_user())

    assert placed == Purchase.objects.count() == purchases
