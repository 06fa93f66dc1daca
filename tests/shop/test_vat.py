from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.models import ProductDetails
from shop.vat import excl_tax, shares

RATES = st.sampled_from(ProductDetails.VatRate.values)
PRICES = st.decimals("0.01", "9999.99", places=2)


@pytest.mark.parametrize(
    ("price", "rate", "expected"),
    [("9.99", "20", "8.33"), ("9.99", "10", "9.08"), ("2.40", "5.5", "2.27"), ("3.00", "2.1", "2.94")],
)
def test_the_tax_is_found_inside_the_price(price, rate, expected):
    assert excl_tax(Decimal(price), rate) == Decimal(expected)


def test_the_tax_of_an_order_is_worked_out_on_its_sum_not_article_by_article():
    (share,) = shares([("10", Decimal("9.99"))] * 3)

    assert share.excl_tax == Decimal("27.25")
    assert share.tax == Decimal("2.72")


def test_each_rate_has_its_own_share_the_highest_first():
    found = shares([("5.5", Decimal("4.90")), ("20", Decimal("19.90")), ("5.5", Decimal("2.40"))])

    assert [(share.rate, share.incl_tax) for share in found] == [("20", Decimal("19.90")), ("5.5", Decimal("7.30"))]
    assert found[1].percent == "5,5\u00a0%"


@given(st.lists(st.tuples(RATES, PRICES), min_size=1, max_size=20))
def test_shares_always_add_up_to_what_is_paid(lines):
    found = shares(lines)

    assert sum(share.excl_tax + share.tax for share in found) == sum(total for _, total in lines)
