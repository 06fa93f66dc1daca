"""Buying: a basket becomes one purchase and an order for each merchant, or nothing at all."""

import secrets
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from django.db import transaction
from oscar.core import prices
from oscar.core.loading import get_class, get_model

from shop import baskets, emails, vat
from shop.collection import Collection, new_code
from shop.models import MerchantOrder, Purchase
from shop.payments import Provider

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")
OrderCreator = get_class("order.utils", "OrderCreator")
Selector = get_class("partner.strategy", "Selector")

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"  # no 0 and O, 1 and I, U and V
NUMBER_PARTS, PART_LENGTH = 2, 4


class BasketChanged(Exception):
    """The basket is not, or no longer, what the shopper was shown: `baskets.settle` tells her how."""


@dataclass(frozen=True)
class Contact:
    """Who buys, as she wrote it at the checkout."""

    name: str
    email: str
    phone: str
    note: str = ""


def place(basket, contact: Contact, provider: Provider, user=None) -> Purchase:
    """Turn an open basket into a purchase, all or nothing, and e-mail everyone once it is stored.

    The basket's row is locked first, so a second click waits, then gets the same purchase. Stock is promised in one
    order of rows for everybody (merchant, then article): two buyers never wait for each other in a circle. Any refusal
    undoes everything and leaves the basket open.

    user: the buyer when she is logged in.
    Raises BasketChanged, or shop.stock.OutOfStock when another buyer was faster.
    """
    with transaction.atomic():
        locked = Basket.objects.select_for_update().get(pk=basket.pk)
        done = Purchase.objects.filter(basket=locked).first()
        if done is not None:
            return done
        locked.strategy = Selector().strategy()
        if locked.status != Basket.OPEN or baskets.settle(locked) or locked.is_empty:
            raise BasketChanged

        purchase = Purchase.objects.create(
            number=new_number(),
            basket=locked,
            user=user,
            name=contact.name,
            email=contact.email,
            phone=contact.phone,
            note=contact.note,
        )
        lines = sorted(locked.all_lines(), key=lambda line: (line.stockrecord.partner_id, line.stockrecord_id))
        by_partner = groupby(lines, key=lambda line: line.stockrecord.partner)
        for position, (partner, part) in enumerate(by_partner, start=1):
            _place_part(purchase, position, partner.storefront, list(part), provider)
        locked.submit()
        transaction.on_commit(partial(emails.confirm, purchase), robust=True)
    return purchase


def new_number() -> str:
    """Return a number that is easy to say on the telephone and hard to guess: "7KQM-3XHT"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(PART_LENGTH)) for _ in range(NUMBER_PARTS))


def _place_part(purchase, position, storefront, lines, provider):
    """Make one merchant's order out of her lines, which move to a basket of their own: Oscar wants one an order."""
    own = Basket.objects.create(owner=purchase.user, status=Basket.FROZEN)
    own.strategy = Selector().strategy()
    # Not line.save(), which refuses to touch a frozen basket.
    Line.objects.filter(pk__in=[line.pk for line in lines]).update(basket=own)

    shares = vat.shares((line.purchase_info.price.tax_code, line.line_price_incl_tax) for line in own.all_lines())
    collection = Collection()
    order = OrderCreator().place_order(
        basket=own,
        total=prices.Price(
            currency=own.currency,
            excl_tax=sum(share.excl_tax for share in shares),
            incl_tax=sum(share.incl_tax for share in shares),
        ),
        shipping_method=collection,
        shipping_charge=collection.calculate(own),
        user=purchase.user,
        order_number=f"{purchase.number}-{position}",
        guest_email="" if purchase.user else purchase.email,
    )
    provider.promise(order)
    own.submit()
    MerchantOrder.objects.create(
        order=order, purchase=purchase, storefront=storefront, collection_code=new_code(storefront)
    )
