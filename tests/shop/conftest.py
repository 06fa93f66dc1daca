"""What the cast sells."""

from decimal import Decimal

import pytest

from tests.shop.factories import make_product


@pytest.fixture
def loaf(bakery):
    """The baker's rye loaf."""
    return make_product(
        bakery,
        title="Pain de seigle",
        price=Decimal("4.90"),
        stock=5,
        unit="700 g",
        measure="kg",
        quantity=Decimal("0.7"),
        vat_rate="5.5",
        description="Farine de Saint-Agrève.",
    )


@pytest.fixture
def picodon(cheesemonger):
    """The cheesemonger's goat cheese."""
    return make_product(
        cheesemonger,
        title="Picodon affiné",
        price=Decimal("2.40"),
        stock=18,
        unit="60 g",
        measure="kg",
        quantity=Decimal("0.06"),
        vat_rate="5.5",
        label="AOP",
    )


@pytest.fixture
def knife(cheesemonger):
    """A cheese knife: another VAT rate."""
    return make_product(
        cheesemonger, title="Couteau à fromage", price=Decimal("19.90"), stock=3, unit="la pièce", vat_rate="20"
    )
