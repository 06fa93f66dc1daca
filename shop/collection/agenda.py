"""The agreed times of a purchase, for the shopper's own calendar."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse

from portal.calendar_files import CalendarEvent
from portal.grammar import chez, of
from portal.oscar_settings import ORDER_COLLECTED
from shop import wording
from shop.models import MerchantOrder, Purchase
from shop.pickup import address


def agreed(merchant_orders: Iterable[MerchantOrder], now: datetime) -> Iterator[MerchantOrder]:
    """Yield the orders that have a time and still wait to be collected."""
    for merchant_order in merchant_orders:
        state = wording.state_of(merchant_order, now)
        if merchant_order.slot and not state.is_cancelled and state.step != ORDER_COLLECTED:
            yield merchant_order


def events(purchase: Purchase, now: datetime) -> Iterator[CalendarEvent]:
    """Yield one event a merchant, of a purchase loaded with its orders."""
    for merchant_order in agreed(purchase.merchant_orders.all(), now):
        merchant, slot = merchant_order.storefront.merchant, merchant_order.slot
        if slot is None:
            continue
        label = wording.HANDINGS[merchant_order.delivery].code
        code = f"{label} : {merchant_order.collection_code}" if purchase.confirmed_at else ""
        yield CalendarEvent(
            uid=f"{merchant_order.order.number}@{urlsplit(settings.SITE_URL).hostname}",
            title=f"Livraison {of(merchant.title)}" if merchant_order.delivery else f"Retrait {chez(merchant.title)}",
            start=slot.start,
            end=slot.end,
            place=purchase.delivery_address if merchant_order.delivery else address(merchant),
            url=purchase.link,
            description=code,
        )


def url(purchase: Purchase, key: str = "") -> str:
    """Return the address of the file. key: what opened the purchase's page, if anything did."""
    query = f"?{urlencode({'cle': key})}" if key else ""
    return reverse("checkout:calendar", args=[purchase.number]) + query
