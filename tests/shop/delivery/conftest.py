"""Merchants of the cast who deliver."""

from decimal import Decimal

import pytest

from tests.shop.delivery.ordering import deliver
from tests.shop.factories import make_product


@pytest.fixture
def round_of(bakery, loaf, places):
    """The baker's rounds, in Privas."""
    return deliver(bakery, [places.privas])


@pytest.fixture
def jam(bakery):
    """What keeps, at the baker's: it can go by post."""
    return make_product(
        bakery, title="Confiture de châtaignes", price=Decimal("6.10"), vat_rate="5.5", withdrawal_exception=""
    )
