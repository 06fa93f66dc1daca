"""Pickup at the merchant's: where, and the code to show."""

import secrets
from decimal import Decimal
from typing import Any

from oscar.apps.shipping import methods
from oscar.core import prices

from directory.models import MerchantPage
from shop.delivery.models import Kind
from shop.models import WAITING, MerchantOrder, Storefront

LETTERS = "ABCDEFHJKLMNPRTUVXY"  # none that is heard or read as another


class Pickup(methods.Base):
    """Oscar's "shipping method" of most orders: the shopper comes, and it costs nothing."""

    code = "retrait"
    name = "Retrait chez le commerçant"

    def calculate(self, basket: Any) -> Any:
        return prices.Price(currency="EUR", excl_tax=Decimal(0), tax=Decimal(0))


class Brought(Pickup):
    """Oscar's "shipping method" of what is delivered; shop/delivery says for how much."""

    def __init__(self, kind: str) -> None:
        """kind: of DeliveryMethod."""
        self.code, self.name = kind, str(Kind(kind).label)


def address(merchant: MerchantPage) -> str:
    """Return where to go, on one line: "14 rue Camille-Buffardel, 26150 Die"."""
    return address_line(merchant.street, merchant.postal_code, merchant.town.name)


def address_line(street: str, postal_code: str, town: str) -> str:
    return f"{street}, {postal_code} {town}" if street else f"{postal_code} {town}"


def new_code(storefront: Storefront) -> str:
    """Return a code such as "D 114" that no order waiting at this merchant's has."""
    waiting = MerchantOrder.objects.filter(storefront=storefront, order__status__in=WAITING)
    taken = set(waiting.values_list("collection_code", flat=True))
    while True:
        code = f"{secrets.choice(LETTERS)} {secrets.randbelow(900) + 100}"
        if code not in taken:
            return code
