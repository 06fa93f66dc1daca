"""A few purchases, so that the merchant of the demo finds work after logging in."""

from dataclasses import replace
from decimal import Decimal

from directory.models import MerchantPage
from home.demo import deliveries, told
from portal.models import User
from shop.bulk import buy
from shop.models import MerchantOrder, Purchase
from shop.orders import mark_ready
from shop.products import products_of, stock_of
from shop.purchases import Contact
from shop.weighing.acts import of_line, weigh
from shop.weighing.amounts import in_grams

# Who bought, what they wrote to the merchants, and how many of the n-th products of each shop, where it has so many.
BUYERS: tuple[tuple[Contact, dict[int, int], dict[int, int]], ...] = (
    (Contact("Camille Rochegude", "cliente@demo.example", "06 39 98 44 12"), {0: 2, 2: 1}, {1: 1}),
    (Contact("Odile Chastang", "odile@voisins.example", "06 39 98 51 07", "Je passe samedi vers 11 h."), {1: 4}, {}),
    (Contact("Paul Vialatte", "paul@voisins.example", f"{told()['phone']} 88 20"), {3: 1, 4: 1, 5: 1}, {0: 2}),
    (Contact("Sarah Bénard", "sarah@voisins.example", "06 39 98 13 33", told()["orders"]["note"]), {2: 6}, {}),
)
DELIVERED = 3  # the number of the one who has it brought


def place(merchants: list[MerchantPage], shopper: User) -> int:
    """Place the purchases unless somebody already bought something; return how many were placed.

    The first one is ``shopper``'s. merchants: the showcase, then perhaps another, whose products share some baskets.
    """
    if Purchase.objects.exists():
        return 0
    placed = 0
    shelves = [_in_stock(merchant) for merchant in merchants]
    for number, (contact, *wanted) in enumerate(BUYERS):
        quantities = {
            shelf[position]: quantity
            for shelf, positions in zip(shelves, wanted, strict=False)
            for position, quantity in positions.items()
            if position < len(shelf)
        }
        if not quantities:  # a small region, whose shops have little
            continue
        delivery = deliveries.to_the_door(merchants[0]) if number == DELIVERED else None
        purchase = buy(quantities, replace(contact, is_adult=True), user=None if number else shopper, delivery=delivery)
        placed += 1
        if number == 2:
            for order in purchase.merchant_orders.filter(storefront__merchant=merchants[0]):
                weigh_all(order)
                mark_ready(order, by=None)
    return placed


def weigh_all(merchant_order: MerchantOrder) -> None:
    """Say what its cheeses weigh, a little less than they were estimated: nothing is ready before."""
    lines = list(merchant_order.order.lines.select_related("weighed", "product__details"))
    grams = {
        line.pk: in_grams(line.product.details.quantity * line.quantity * Decimal("0.96"))
        for line in lines
        if of_line(line)
    }
    weigh(merchant_order, grams, {line.pk: line.quantity for line in lines}, by=None)


def _in_stock(merchant: MerchantPage) -> list:
    """Return what a merchant has plenty of, in alphabetical order."""
    return [product for product in products_of(merchant) if stock_of(product).net_stock_level > 6]
