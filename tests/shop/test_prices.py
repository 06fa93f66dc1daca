from decimal import Decimal

import pytest

from shop.models import ProductDetails
from shop.prices import unit_price_text
from shop.stock import words


@pytest.mark.parametrize(
    ("price", "measure", "quantity", "expected"),
    [
        ("2.40", "kg", "0.06", "40,00\u00a0€/kg"),
        ("9.00", "l", "0.75", "12,00\u00a0€/l"),
        ("3.60", "piece", "6", "0,60\u00a0€\u00a0pièce"),
        ("2.90", "kg", "1", ""),
        ("89.00", "piece", "1", ""),
    ],
)
def test_a_packet_tells_the_price_of_a_kilo_or_a_litre(price, measure, quantity, expected):
    details = ProductDetails(measure=measure, quantity=Decimal(quantity))

    assert unit_price_text(Decimal(price), details) == expected


@pytest.mark.parametrize(
    ("available", "expected"), [(-1, "Épuisé"), (0, "Épuisé"), (2, "Plus que 2"), (5, "Plus que 5"), (6, "En stock")]
)
def test_stock_is_told_in_words_and_counted_when_it_runs_low(available, expected):
    assert words(available) == expected
