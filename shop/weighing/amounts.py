"""The amounts of what is sold by weight: pure functions, euros VAT included, half a cent rounded up.

| 24,90 €/kg, env. 350 g            |                        | euros |
|-----------------------------------|------------------------|-------|
| one piece, as it is estimated     | 24,90 × 0,350          |  8,72 |
| its ceiling, 10 % more            | 8,72 × 1,10            |  9,59 |
| two pieces weigh 683 g            | 24,90 × 0,683          | 17,01 |
| two pieces weigh 801 g, 19,94 €   | never above 2 × 9,59   | 19,18 |
"""

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings

from portal.templatetags.portal import euros
from shop.vat import CENT

THOUSAND = Decimal(1000)


def piece_price(price_per_kilo: Decimal, kilos: Decimal) -> Decimal:
    """Return what one piece costs at its estimated weight."""
    return _cents(price_per_kilo * kilos)


def ceiling(price: Decimal) -> Decimal:
    """Return what one piece, estimated at ``price``, costs at the very most: what the shopper accepts."""
    return _cents(price * (100 + settings.WEIGHT_CEILING_PERCENT) / 100)


def weighed_price(price_per_kilo: Decimal, grams: int) -> Decimal:
    """Return what the scales say, whatever was accepted."""
    return _cents(price_per_kilo * grams / THOUSAND)


def line_price(price_per_kilo: Decimal, grams: int, ceiling: Decimal, pieces: int) -> Decimal:
    """Return what these pieces cost, which weigh ``grams`` together: never above their ceilings."""
    return min(weighed_price(price_per_kilo, grams), ceiling * pieces)


def grams_of(grams: int, pieces: int, of: int) -> int:
    """Return what ``pieces`` weigh of a line whose ``of`` pieces weigh ``grams``: their share, rounded down."""
    return max(1, grams * pieces // of) if pieces else 0


def in_grams(kilos: Decimal) -> int:
    return int((kilos * THOUSAND).quantize(Decimal(1), ROUND_HALF_UP))


def weight(grams: int) -> str:
    """Return a weight as people read it: "350 g", "1,2 kg"."""
    if grams < THOUSAND:
        return f"{grams} g"
    kilos = f"{Decimal(grams) / THOUSAND:f}".rstrip("0").rstrip(".")
    return f"{kilos.replace('.', ',')} kg"


def told(price_per_kilo: Decimal, kilos: Decimal) -> str:
    """Return how an article sold by weight is told beside its estimated price."""
    return f"env. {weight(in_grams(kilos))}, {euros(price_per_kilo)}/kg, prix exact à la pesée"


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
