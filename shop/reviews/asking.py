"""Asks buyers, once a purchase, what they think of the merchants that they collected at."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac

from portal import database_clock
from portal.oscar_settings import ORDER_COLLECTED
from shop import buyers, emails
from shop.deadlines import BATCH, each
from shop.models import WAITING, MerchantOrder, OrderEvent, Purchase
from shop.reviews.models import ReviewOptOut

_SALT = "shop.reviews"


def ask_buyers() -> int:
    """Send each buyer whose purchase was handed over some days ago the links to write reviews; return to how many."""
    return each(_due(database_clock.now()).order_by("pk")[:BATCH], _ask)


def opt_out_path(email: str) -> str:
    """Return the address, which only our e-mail holds, at which a mailbox is asked no more."""
    return reverse("checkout:no-reviews", args=[signing.dumps(mailbox_key(email), salt=_SALT)])


def key_of(token: str) -> str | None:
    """Return the mailbox's key of a link that we sent, or None."""
    try:
        return str(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        return None


def opt_out(key: str) -> None:
    ReviewOptOut.objects.get_or_create(key=key, defaults={"at": database_clock.now()})


def mailbox_key(email: str) -> str:
    """Return what stands for a mailbox: a keyed hash, which tells nobody the address."""
    return salted_hmac(_SALT, buyers.email_key(email), algorithm="sha256").hexdigest()


def _due(now: datetime) -> QuerySet:
    """Return the purchases of which nothing waits any more, and the last thing was collected some days ago.

    What ended long before (the portal was down, or asked for no reviews yet) is let be.
    """
    waiting = MerchantOrder.objects.filter(purchase=OuterRef("pk"), order__status__in=WAITING)
    unsaid = MerchantOrder.objects.filter(purchase=OuterRef("pk"), order__status=ORDER_COLLECTED, review=None)
    collected = OrderEvent.objects.filter(merchant_order__purchase=OuterRef("pk"), kind=OrderEvent.Kind.COLLECTED)
    since = now - timedelta(days=settings.DAYS_TO_ASK_FOR_REVIEW)
    until = now - timedelta(days=settings.DAYS_TO_GIVE_UP_ASKING)
    return Purchase.objects.filter(
        Exists(unsaid),
        Exists(collected.filter(at__gt=until)),
        ~Exists(collected.filter(at__gt=since)),
        ~Exists(waiting),
        confirmed_at__isnull=False,
        pseudonymised_at=None,
        review_asked_at=None,
    )


@transaction.atomic
def _ask(purchase: Purchase) -> bool:
    locked = Purchase.objects.select_for_update(no_key=True, skip_locked=True).filter(
        pk=purchase.pk, review_asked_at=None, pseudonymised_at=None
    )
    found = locked.first()
    if found is None:
        return False
    Purchase.objects.filter(pk=found.pk).update(review_asked_at=database_clock.now())
    if ReviewOptOut.objects.filter(key=mailbox_key(found.email)).exists():
        return False
    stop = f"{settings.SITE_URL}{opt_out_path(found.email)}"
    collected = MerchantOrder.objects.filter(purchase=found, order__status=ORDER_COLLECTED, review=None)
    merchants = [_told(part, found) for part in collected.with_details().order_by("pk")]
    emails.send(
        "review_asked",
        f"Votre avis sur la commande {found.number}",
        [found.email],
        {"purchase": found, "merchants": merchants, "stop": stop},
        stop,
    )
    return True


def _told(part: MerchantOrder, purchase: Purchase) -> dict[str, Any]:
    link = f"{settings.SITE_URL}{reverse('checkout:review', args=[part.order.number])}?cle={purchase.key}"
    return {"name": part.storefront.merchant.title, "link": link}
