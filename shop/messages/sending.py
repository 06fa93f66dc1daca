"""Sends and reports messages about an order."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from portal import database_clock, grammar, rate_limits
from portal.rate_limits import Limit
from shop import emails
from shop.messages.models import Message
from shop.models import MerchantOrder

Author = Message.Author
HOUR = timedelta(hours=1)
LIMIT = Limit("messages of a side about an order", 10, HOUR)


class TooMany(Exception):
    """One message too many. again: the moment from which there is room."""

    def __init__(self, again: datetime) -> None:
        super().__init__(again)
        self.again = again


@transaction.atomic
def send(merchant_order: MerchantOrder, author: str, text: str, by: Any = None) -> None:
    """Store a message and tell the other side; the same text again within the hour, a second press, does nothing.

    by: the User who wrote it, None for a guest. Raises TooMany.
    """
    now = database_clock.now()
    MerchantOrder.objects.select_for_update(no_key=True).get(pk=merchant_order.pk)
    own = Message.objects.filter(merchant_order=merchant_order, author=author)
    if own.filter(text=text, at__gt=now - HOUR).exists():
        return
    if again := rate_limits.take(LIMIT, f"{merchant_order.pk} {author}"):
        raise TooMany(again)
    Message.objects.create(merchant_order=merchant_order, at=now, author=author, by=by, text=text)
    (_tell_merchant if author == Author.BUYER else _tell_buyer)(merchant_order, text)


def report(merchant_order: MerchantOrder) -> None:
    """Let the Region's editors read what was written about an order so far."""
    Message.objects.filter(merchant_order=merchant_order, reported_at=None).update(reported_at=database_clock.now())


def buyer_path(merchant_order: MerchantOrder) -> str:
    return reverse("checkout:messages", args=[merchant_order.order.number])


def _tell_buyer(merchant_order: MerchantOrder, text: str) -> None:
    purchase, merchant = merchant_order.purchase, merchant_order.storefront.merchant
    context = {
        "purchase": purchase,
        "merchant": merchant.title,
        "number": merchant_order.order.number,
        "text": text,
        "link": f"{settings.SITE_URL}{buyer_path(merchant_order)}?cle={purchase.key}",
    }
    emails.send("order_message", f"{merchant.title} vous écrit", [purchase.email], context)


def _tell_merchant(merchant_order: MerchantOrder, text: str) -> None:
    merchant, buyer = merchant_order.storefront.merchant, merchant_order.purchase.name
    path = reverse("merchant_messages", args=[merchant.pk, merchant_order.order.number])
    context = {
        "buyer": buyer,
        "code": merchant_order.collection_code,
        "text": text,
        "link": f"{settings.SITE_URL}{path}",
    }
    subject = f"Message {grammar.of(buyer)}, commande {merchant_order.collection_code}"
    emails.send("merchant_message", subject, emails.recipients(merchant), context)
