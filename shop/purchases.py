"""Checkout: turns a basket into one purchase and one order per merchant, or into nothing at all.

A guest's purchase waits for the link of an e-mail: its goods are held, no merchant knows of it, and after a while
shop/deadlines.py gives them back. docs/orders.md tells the whole.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from oscar.core.loading import get_class, get_model

from portal import database_clock
from portal.oscar_settings import ORDER_CANCELLED, ORDER_RECEIVED, ORDER_TO_CONFIRM
from shop import baskets, buyers, emails, limits, order_creation, orders
from shop.collection.choosing import SlotGone, resolve
from shop.collection.rules import OVERBOOKED
from shop.delivery import choosing as delivering
from shop.delivery.choosing import Delivery
from shop.delivery.guards import AS_OFFERED
from shop.models import MerchantOrder, Purchase
from shop.order_creation import Part
from shop.payments import Provider
from shop.shown import Shown

Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Selector = get_class("partner.strategy", "Selector")

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"  # no 0 and O, 1 and I, U and V
NUMBER_PARTS, PART_LENGTH = 2, 4
Times = Mapping[int, datetime | None]  # {merchant's page: the beginning of a slot, None where it offers none}
# The database's names for them: a shop that closed a moment ago, an article that turned out to
# be alcohol, a merchant who delivers otherwise now.
CHANGED_MEANWHILE = ("only_who_may_sell", "adults_only", AS_OFFERED)


class BasketChanged(Exception):
    """The basket is not, or no longer, what the shopper was shown: `baskets.reconciled` says how."""


class HoldIsOver(Exception):
    """The purchase was not confirmed in time, or was given up: its goods are on sale again."""


class HasBegun(Exception):
    """The merchant has prepared the order: its buyer can no longer cancel it in one press."""


@dataclass(frozen=True)
class Contact:
    """Who buys, as written at the checkout."""

    name: str
    email: str
    phone: str
    note: str = ""
    is_adult: bool = False  # what the buyer declares, asked where something is alcohol


def place_purchase(
    basket: Any,
    contact: Contact,
    provider: Provider,
    user: Any = None,
    visitor: str = "",
    seen: Shown | None = None,
    times: Times | None = None,
    delivery: Delivery | None = None,
) -> Purchase:
    """Turn an open basket into a purchase, all or nothing; its e-mails are queued with it, or neither is there.

    The basket's row is locked first, so a second click waits, then gets the same purchase. Stock is promised in one
    order of rows for everybody (merchant, then article): two buyers never wait for each other in a circle. Any refusal
    undoes everything and leaves the basket open.

    It waits for the link of an e-mail unless ``user``, the buyer when logged in, has verified that address.
    visitor: the network address, or "" where there is none; only its keyed hash is stored, while it waits.
    seen: what the page showed whose button was pressed; a basket that differs is not bought. None: there was no page.
    times: when the shopper comes, {merchant: the beginning of a slot}. None: nothing is agreed, the merchants say when.
    delivery: who of them brings it, and where. None: all is collected.
    Raises BasketChanged; shop.stock.OutOfStock when another buyer was faster; shop.limits.TooMuch;
    shop.collection.choosing.SlotGone.
    """
    try:
        return _place(basket, contact, provider, user, visitor, seen, times, delivery)
    except delivering.NotDelivered as error:
        raise BasketChanged from error
    except IntegrityError as error:
        if any(rule in str(error) for rule in CHANGED_MEANWHILE):
            raise BasketChanged from error
        if OVERBOOKED in str(error):
            raise SlotGone from error
        raise


@transaction.atomic
def _place(
    basket: Any,
    contact: Contact,
    provider: Provider,
    user: Any,
    visitor: str,
    seen: Shown | None,
    times: Times | None,
    delivery: Delivery | None,
) -> Purchase:
    locked = Basket.objects.select_for_update().get(pk=basket.pk)
    done = Purchase.objects.filter(basket=locked).first()
    if done is not None:
        return done
    locked.strategy = Selector().strategy()
    groups, changed = baskets.reconciled(locked)
    if locked.status != Basket.OPEN or changed or not groups:
        raise BasketChanged
    groups = delivering.apply(groups, delivery)
    ways = {group.merchant: group.way for group in groups}
    if seen is not None and not seen.is_of(groups):
        raise BasketChanged
    lines = sorted(locked.all_lines(), key=lambda line: (line.stockrecord.partner_id, line.stockrecord_id))
    is_verified = buyers.is_verified(user, contact.email)
    buyer = buyer_of(contact, user, visitor)
    limits.lock(buyer)
    limits.check_size(len(lines))
    now = database_clock.now()
    limits.check(buyer, now, units=sum(line.quantity for line in lines), needs_confirmation=not is_verified)
    if not is_verified:
        limits.count_confirmation(buyer)

    slots = resolve(groups, now, times) if times is not None else {}
    purchase = Purchase.objects.create(
        number=new_number(),
        basket=locked,
        user=user,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        note=contact.note,
        placed_at=now,
        adult_declared_at=now if contact.is_adult else None,
        email_key=buyer.email_key,
        phone_key=buyer.phone_key,
        **(_written(delivery) if any(ways.values()) else {}),
        **{"confirmed_at": now}
        if is_verified
        else {"confirm_by": now + timedelta(minutes=settings.MINUTES_TO_CONFIRM), "visitor_key": buyer.visitor_key},
    )
    by_partner = [list(own) for _, own in groupby(lines, key=lambda line: line.stockrecord.partner_id)]
    storefronts = [own[0].stockrecord.partner.storefront for own in by_partner]
    parts = [
        Part(shop, own, slots.get(shop.merchant_id), ways.get(shop.merchant_id))
        for shop, own in zip(storefronts, by_partner, strict=True)
    ]
    order_creation.create(purchase, locked, parts, provider)
    locked.submit()
    notify = emails.confirm if is_verified else emails.ask_to_confirm
    notify(purchase)
    return purchase


@transaction.atomic
def confirm(purchase: Purchase) -> bool:
    """Let the merchants know of a purchase, its buyer having opened the link; a second time changes nothing.

    Returns False where a shop has stopped selling since the order: its order is cancelled and its goods given back, and
    the buyer must see what is left before confirming that.
    Raises HoldIsOver. The clock that ends the hold takes the same lock: one of the two wins, wholly.
    """
    locked = Purchase.objects.select_for_update(no_key=True).get(pk=purchase.pk)
    if locked.confirmed_at is not None:
        return True
    now = database_clock.now()
    held = list(locked.merchant_orders.filter(order__status=ORDER_TO_CONFIRM).select_related("order").order_by("pk"))
    if not held or not locked.is_held(now):
        raise HoldIsOver
    selling = _selling(merchant_order.storefront_id for merchant_order in held)
    if closed := [merchant_order for merchant_order in held if merchant_order.storefront_id not in selling]:
        for merchant_order in closed:
            orders.cancel(merchant_order, by=None, because=MerchantOrder.Cancelled.CLOSED)
        return False
    locked.confirmed_at, locked.visitor_key = now, ""
    locked.save(update_fields=["confirmed_at", "visitor_key"])
    for merchant_order in held:
        orders.receive(merchant_order)
    emails.confirm(locked)
    return True


@transaction.atomic
def release(purchase: Purchase, because: MerchantOrder.Cancelled, only_due: bool = False) -> bool:
    """Give the goods of an unconfirmed purchase back, once; return whether that was done now.

    only_due: not before its hold is over, and not while someone else confirms it.
    """
    waiting = Purchase.objects.filter(pk=purchase.pk, confirmed_at=None)
    if only_due:
        waiting = waiting.filter(confirm_by__lte=database_clock.now())
    locked = waiting.select_for_update(no_key=True, skip_locked=only_due).first()
    if locked is None:
        return False
    held = list(locked.merchant_orders.filter(order__status=ORDER_TO_CONFIRM).select_related("order").order_by("pk"))
    for merchant_order in held:
        orders.cancel(merchant_order, by=None, because=because)
    Purchase.objects.filter(pk=locked.pk).update(visitor_key="")
    return bool(held)


@transaction.atomic
def cancel(merchant_order: MerchantOrder, by: Any = None) -> bool:
    """Cancel one merchant's order for its buyer; return whether that was done now. by: the User, None for a guest.

    The purchase is locked before the order, as whoever confirms or releases it does. The merchant's « prête » takes the
    order's lock too: of the two, the first decides. Raises HasBegun.

    Not the purchase's key: PostgreSQL looks at it again for an order of it that is written twice in one transaction, as
    « prête » does, which would wait for us while we wait for its order.
    """
    purchase = Purchase.objects.select_for_update(no_key=True).get(pk=merchant_order.purchase_id)
    status = Order.objects.select_for_update().get(pk=merchant_order.order_id).status
    if status == ORDER_CANCELLED:
        return False
    if status not in (ORDER_TO_CONFIRM, ORDER_RECEIVED):
        raise HasBegun
    causes = MerchantOrder.Cancelled
    orders.cancel(merchant_order, by, because=causes.BUYER if purchase.confirmed_at else causes.GIVEN_UP)
    if not purchase.merchant_orders.exclude(order__status=ORDER_CANCELLED).exists():
        Purchase.objects.filter(pk=purchase.pk).update(visitor_key="")
    return True


def buyer_of(contact: Contact, user: Any, visitor: str) -> limits.Buyer:
    """Return what the limits on purchases count this buyer by."""
    return limits.Buyer(
        email_key=buyers.email_key(contact.email),
        phone_key=buyers.phone_key(contact.phone),
        visitor_key=buyers.visitor_key(visitor) if visitor else "",
        user=user,
    )


def new_number() -> str:
    """Return a number that is easy to say on the telephone and hard to guess: "7KQM-3XHT"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(PART_LENGTH)) for _ in range(NUMBER_PARTS))


def _written(delivery: Delivery | None) -> dict[str, str]:
    """Return the fields of Purchase that say where it is brought."""
    if delivery is None:
        return {}
    address = delivery.address
    return {
        "delivery_street": address.street,
        "delivery_postal_code": address.postal_code,
        "delivery_town": address.town,
        "delivery_insee": address.place.insee_code if address.place else "",
    }


def _selling(storefronts: Iterable[int]) -> set[int]:
    """Return which of these shops may sell; none of them stops before this transaction ends."""
    with connection.cursor() as cursor:
        # Shared, as the database itself locks them when an order is stored: buyers never wait for each other.
        cursor.execute(
            "select id from shop_storefront where id = any(%s) and sells order by id for share", [list(storefronts)]
        )
        return {row[0] for row in cursor.fetchall()}
