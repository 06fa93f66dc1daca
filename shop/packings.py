"""What « 500 g », « 6 x 75 cl » or « la douzaine » weighs, holds or counts: for the price of a kilo, litre or piece."""

import re
from decimal import Decimal

from portal.slugs import slug_of
from shop.models import ProductDetails
from shop.prices import Packing

_KILO, _LITRE = ProductDetails.Measure.KILOGRAM, ProductDetails.Measure.LITRE
_UNITS = {
    "mg": (_KILO, -6), "g": (_KILO, -3), "gr": (_KILO, -3), "gramme": (_KILO, -3), "kg": (_KILO, 0), "kilo": (_KILO, 0),
    "kilogramme": (_KILO, 0), "ml": (_LITRE, -3), "cl": (_LITRE, -2), "dl": (_LITRE, -1), "l": (_LITRE, 0),
    "litre": (_LITRE, 0), "centilitre": (_LITRE, -2),
}  # fmt: skip
_FOLK = {
    "demi-kilo": (_KILO, "0.5"), "demi-livre": (_KILO, "0.25"), "livre": (_KILO, "0.5"), "demi-litre": (_LITRE, "0.5"),
}  # fmt: skip
_COUNTS = {"demi-douzaine": 6, "douzaine": 12}
_BOOK = re.compile(r"^(?:le|un|les|des)-livres?\b|^livres$")  # « la livre » weighs, « le livre » is read
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_MEASURED = re.compile(rf"(?:(\d+)\s*[x×*]\s*)?{_NUMBER}\s*({'|'.join(sorted(_UNITS, key=len, reverse=True))})s?\b")
_ALONE = re.compile(r"\b(kg|kilo|kilogramme|litre|l)\b")  # « le kilo », « au litre »; not the article « l’unité »
_COUNTED = re.compile(r"\b(?:de|par|les|lot|x)\s+(\d{1,3})\b|^(\d{1,3})\b(?!\s*[/%°])")
_MOST = Decimal(100_000)


def packing_of(unit: str) -> Packing:
    """Return how an article is sold, from what its merchant says of it; one piece where nothing tells more.

    unit: "bouteille de 75 cl" is 0.75 l, "lot de 3 x 100 g" 0.3 kg, "le kilo" 1 kg, "boîte de 6" six pieces.
    """
    text = unit.lower().replace("’", "'").replace("½", "demi ").strip()
    if found := _MEASURED.search(text):
        times, number, name = found.groups()
        measure, power = _UNITS[name]
        quantity = Decimal(number.replace(",", ".")).scaleb(power) * int(times or 1)
        if Decimal("0.000001") <= quantity < _MOST:
            return Packing(unit, measure, quantity)
        return Packing(unit, ProductDetails.Measure.PIECE, Decimal(1))  # nobody sells that: a slip of the finger
    folded = slug_of(text)
    for words, (measure, weight) in _FOLK.items():
        if re.search(rf"\b{words}\b", folded) and not _BOOK.search(folded):
            return Packing(unit, measure, Decimal(weight))
    if found := _ALONE.search(text.replace("l'", "")):
        return Packing(unit, _UNITS[found[1]][0], Decimal(1))
    return Packing(unit, ProductDetails.Measure.PIECE, _count(text, folded))


def _count(text: str, folded: str) -> Decimal:
    dozens = next((count for words, count in _COUNTS.items() if re.search(rf"\b{words}\b", folded)), 0)
    found = _COUNTED.search(text)
    return Decimal(dozens or (found and (found[1] or found[2])) or 1) or Decimal(1)
