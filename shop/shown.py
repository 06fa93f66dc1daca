"""Signs what a checkout page showed into its form, so that its button buys exactly that."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.core import signing

from portal.grammar import chez
from portal.templatetags.portal import euros
from shop.baskets import BasketGroup

SALT = "shop.checkout"


class ShownLine(NamedTuple):
    """One article as it stood there. product: its id; price: of one, in euros, VAT included.

    ceiling: what one costs at the very most, once it is weighed; its price where it is not.
    """

    product: int
    title: str
    quantity: int
    price: Decimal
    ceiling: Decimal


class ShownWay(NamedTuple):
    """How one merchant's part is brought, and for how much. merchant: its page's id; kind: of DeliveryMethod."""

    merchant: int
    title: str
    kind: str
    fee: Decimal


@dataclass(frozen=True)
class Shown:
    """What one page showed of the basket with the id ``basket``. ways: of the merchants that deliver."""

    basket: int
    lines: frozenset[ShownLine]
    ways: frozenset[ShownWay] = frozenset()

    def signed(self) -> str:
        """Return it for a hidden field."""
        lines = [[*line[:3], str(line.price), str(line.ceiling)] for line in sorted(self.lines)]
        ways = [[*way[:3], str(way.fee)] for way in sorted(self.ways)]
        return signing.dumps([self.basket, lines, ways, str(self.total)], salt=SALT, compress=True)

    @property
    def total(self) -> Decimal:
        fees = sum((way.fee for way in self.ways), Decimal(0))
        return sum((line.price * line.quantity for line in self.lines), fees)

    def is_of(self, groups: Iterable[BasketGroup]) -> bool:
        """Return whether a basket, by merchant, is what was shown, to the last unit and cent."""
        groups = list(groups)
        return self.lines == _lines(groups) and self.ways == _ways(groups)

    def differences(self, groups: Iterable[BasketGroup]) -> dict[str, str]:
        """Return {title: French sentence} of each article, and merchant's delivery, that is not as it was shown."""
        groups = list(groups)
        before = {line.product: line for line in self.lines}
        now = {line.product: line for line in _lines(groups)}
        changed = sorted(key for key in before | now if before.get(key) != now.get(key))
        told = {(now.get(key) or before[key]).title: _difference(before.get(key), now.get(key)) for key in changed}
        return told | {way.title: _other_way(way) for way in sorted(_ways(groups) ^ self.ways)}


def of(basket: int, groups: Iterable[BasketGroup]) -> Shown:
    groups = list(groups)
    return Shown(basket, _lines(groups), _ways(groups))


def read(signed: str) -> Shown | None:
    """Return what a hidden field tells, or None if it is not ours."""
    try:
        basket, lines, ways, _total = signing.loads(signed, salt=SALT)
        found = frozenset(
            ShownLine(product, title, count, Decimal(price), Decimal(ceiling))
            for product, title, count, price, ceiling in lines
        )
        brought = frozenset(ShownWay(merchant, title, kind, Decimal(fee)) for merchant, title, kind, fee in ways)
    except (signing.BadSignature, TypeError, ValueError):
        return None  # made up, or of a page from before lines, ceilings or ways were signed
    return Shown(basket, found, brought)


def _lines(groups: Iterable[BasketGroup]) -> frozenset[ShownLine]:
    return frozenset(
        ShownLine(line.product, line.title, line.quantity, line.price, line.ceiling)
        for group in groups
        for line in group.lines
    )


def _ways(groups: Iterable[BasketGroup]) -> frozenset[ShownWay]:
    return frozenset(
        ShownWay(group.merchant, group.title, group.way.kind, group.way.fee) for group in groups if group.way
    )


def _other_way(way: ShownWay) -> str:
    return f"La livraison {chez(way.title)} a changé : vérifiez son prix et le total."


def _difference(before: ShownLine | None, now: ShownLine | None) -> str:
    if now is None:
        return f"« {before.title} » n’est plus dans votre panier." if before else ""
    if before is None:
        return f"« {now.title} » est entré dans votre panier depuis que cette page est ouverte."
    if before.price != now.price:
        return f"Le prix de « {now.title} » a changé : {euros(now.price)} au lieu de {euros(before.price)}."
    if before.quantity != now.quantity:
        return f"« {now.title} » : votre panier en contient {now.quantity}, et non plus {before.quantity}."
    if before.ceiling != now.ceiling:
        most, former = euros(now.ceiling), euros(before.ceiling)
        return f"« {now.title} », pesé à la préparation, coûte {most} au plus, et non plus {former}."
    return f"« {before.title} » s’appelle maintenant « {now.title} »."
