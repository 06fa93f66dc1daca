"""The price of a kilo or a litre, which the law wants beside the price of a packet.

Arrêté du 16 novembre 1999: food and non-food goods sold pre-packed or by quantity show the price of one kilogram or
one litre, VAT included. Directive 98/6/CE (art. 3): it need not be shown when it equals the sales price. What is sold
by the piece has none; several pieces in one packet show the price of one, as shoppers compare eggs that way.

| sold                | price  | quantity | shown        |
|---------------------|--------|----------|--------------|
| cheese of 60 g      | 2,40 € | 0.06 kg  | 40,00 €/kg   |
| bottle of 75 cl     | 9,00 € | 0.75 l   | 12,00 €/l    |
| apples by the kilo  | 2,90 € | 1 kg     | nothing more |
| six eggs            | 3,60 € | 6 pieces | 0,60 € pièce |
| a knife             | 89 €   | 1 piece  | nothing more |
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from portal.templatetags.portal import euros
from portal.typography import NO_BREAK_SPACE
from shop.models import ProductDetails
from shop.vat import CENT

PER: dict[str, str] = {
    ProductDetails.Measure.KILOGRAM: "/kg",
    ProductDetails.Measure.LITRE: "/l",
    ProductDetails.Measure.PIECE: f"{NO_BREAK_SPACE}pièce",
}


class Packing(NamedTuple):
    """How an article is sold, as ProductDetails tells it, where no model is wanted."""

    unit: str
    measure: str
    quantity: Decimal
    price_per_kilo: Decimal | None = None


def unit_price(price: Decimal, quantity: Decimal) -> Decimal:
    """Return the price of one unit of measure, in euros to the cent.

    price: euros for ``quantity`` kilos, litres or pieces.
    """
    return (price / quantity).quantize(CENT, ROUND_HALF_UP)


def unit_price_text(price: Decimal, details: ProductDetails | Packing) -> str:
    """Return "40,00 €/kg", or "" where nothing more need be said than the price."""
    if details.price_per_kilo is not None:
        return f"{euros(details.price_per_kilo)}/kg"
    if details.quantity == 1:
        return ""
    return f"{euros(unit_price(price, details.quantity))}{PER[details.measure]}"
