"""The last place of a slot goes to one of those who press at once."""

import pytest

from shop.models import MerchantOrder, Purchase, Storefront
from tests.shop.factories import make_product
from tests.shop.test_rush import all_at_once, ready_to_buy

CHECKOUT = "/boutique/commande/"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("most", [1, 3])
def test_a_slot_takes_no_more_orders_than_it_has_places(bakery, most):
    bread = make_product(bakery, title="Pain de seigle", stock=50)
    Storefront.objects.update(slot_places=most)
    visitors = [ready_to_buy(bread) for _ in range(8)]

    answers = all_at_once(visitors, lambda visitor: visitor[0].post(CHECKOUT, visitor[1]))

    served = [answer for answer in answers if answer.status_code == 303]
    assert len(served) == most == Purchase.objects.count() == MerchantOrder.objects.count()
    assert len({part.slot for part in MerchantOrder.objects.all()}) == 1
    assert {answer.status_code for answer in answers if answer not in served} == {409}
    assert all("n’est plus libre" in answer.content.decode() for answer in answers if answer not in served)
    assert bread.stockrecords.get().num_allocated == most
