"""How merchants write what they sell an article by, and what its price is compared by."""

from decimal import Decimal

import pytest

from shop.packings import packing_of


@pytest.mark.parametrize(
    ("unit", "measure", "quantity"),
    [
        ("500 g", "kg", "0.5"),
        ("500g", "kg", "0.5"),
        ("sachet de 250 gr", "kg", "0.25"),
        ("pot de 1,5 kg", "kg", "1.5"),
        ("pot de 1.5kg", "kg", "1.5"),
        ("bouteille de 75 cl", "l", "0.75"),
        ("Bouteille 75CL", "l", "0.75"),
        ("bidon de 5 litres", "l", "5"),
        ("6 x 75 cl", "l", "4.5"),
        ("lot de 3 × 100 g", "kg", "0.3"),
        ("le kilo", "kg", "1"),
        ("kg", "kg", "1"),
        ("au litre", "l", "1"),
        ("½ litre", "l", "0.5"),
        ("demi-livre", "kg", "0.25"),
        ("la livre", "kg", "0.5"),
        ("la douzaine", "piece", "12"),
        ("demi-douzaine", "piece", "6"),
        ("boîte de 6", "piece", "6"),
        ("lot de 3", "piece", "3"),
        ("les 10", "piece", "10"),
        ("6 œufs", "piece", "6"),
        ("la pièce", "piece", "1"),
        ("l’unité", "piece", "1"),
        ("le livre", "piece", "1"),
        ("un livre de cuisine", "piece", "1"),
        ("une livre de pain", "kg", "0.5"),
        ("livre", "kg", "0.5"),
        ("la part", "piece", "1"),
        ("un bouquet", "piece", "1"),
        ("1/2 poulet", "piece", "1"),
        ("0", "piece", "1"),
        ("0 g", "piece", "1"),
        ("9999999 kg", "piece", "1"),
    ],
)
def test_what_a_price_is_for_is_read_from_what_a_merchant_writes(unit, measure, quantity):
    packing = packing_of(unit)

    assert (packing.measure, packing.quantity) == (measure, Decimal(quantity))
    assert packing.unit == unit
