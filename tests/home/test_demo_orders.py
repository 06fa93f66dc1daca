"""The purchases of the demo, whatever its shops have on their shelves."""

import pytest

from home.demo import orders
from shop.models import Purchase
from shop.products import stock_of
from tests.factories import make_merchant, make_user
from tests.shop.factories import make_product


@pytest.mark.parametrize(("mine", "hers"), [(6, 3), (6, 1), (6, 0)])
def test_a_shop_with_few_articles_is_bought_from_all_the_same(places, mine, hers):
    showcase, neighbour = make_merchant(title="Chez Jo"), make_merchant(title="Chez Lou")
    for merchant, count in ((showcase, mine), (neighbour, hers)):
        for number in range(count):
            stock = stock_of(make_product(merchant, title=f"Article {number}"))
            stock.num_in_stock = 50
            stock.save()

    orders.place(showcase, neighbour, make_user())

    assert Purchase.objects.count() == len(orders.BUYERS)
