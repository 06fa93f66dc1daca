"""Limits on what one buyer may reserve, so that nobody empties shelves with invented names.

The figures are settings; docs/orders.md works them out. What is refused here loses nothing: the basket stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from oscar.core.loading import get_model

from portal import database_clock, rate_limits
from portal.models import User
from portal.rate_limits import Limit
from shop.models import MerchantOrder, Purchase, PurchaseQuerySet
from shop.wording import written_hour

OrderLine = get_model("order", "Line")

LOCKS = 7_304  # the first half of the advisory locks taken here

CONFIRMATIONS = Limit("purchases to confirm of a mailbox", 10, timedelta(days=1))

STILL_YOURS = "Votre panier vous attend."


class TooMuch(Exception):
    """A limit is reached: the message tells the shopper, in French, which and what can be done."""


@dataclass(frozen=True)
class Buyer:
    """What a buyer is counted by; shop/buyers.py makes the keys. visitor_key: "" when it is not known."""

    email_key: str
    phone_key: str
    visitor_key: str
    user: User | None


def check_size(lines: int) -> None:
    """Raise TooMuch when a basket has too many lines to be ordered at once."""
    most = settings.MAX_LINES_PER_BASKET
    if lines > most:
        raise TooMuch(
            f"Une commande contient {most} articles différents au plus, la vôtre {lines} : retirez-en de votre panier, "
            "vous les commanderez ensuite."
        )


def check(buyer: Buyer, *, units: int, needs_confirmation: bool) -> None:
    """Raise TooMuch when this purchase would be one too many for its buyer; ``lock`` first, then nobody overtakes.

    units: how many articles it holds, all together.
    """
    for bought in _of_contact(buyer):
        if bought.open().count() >= settings.MAX_OPEN_PURCHASES:
            raise TooMuch(
                f"Nous gardons {settings.MAX_OPEN_PURCHASES} commandes à la fois pour une même personne, et elles sont "
                "déjà en attente. Retirez-en une, ou demandez au commerçant d’en annuler une, avant de commander de "
                f"nouveau. {STILL_YOURS}"
            )
        if _uncollected(bought) >= settings.MAX_UNCOLLECTED:
            raise TooMuch(
                f"{settings.MAX_UNCOLLECTED} commandes n’ont pas été retirées ces {settings.UNCOLLECTED_DAYS} derniers "
                "jours, et les commerçants les avaient préparées\u00a0: passez directement à la boutique, ou "
                f"téléphonez-lui. {STILL_YOURS}"
            )
    if not needs_confirmation:
        return
    for bought in _of_contact(buyer):
        _check_holds(bought, units, settings.MAX_UNCONFIRMED_PURCHASES, settings.MAX_UNCONFIRMED_UNITS)
    if buyer.visitor_key:
        _check_holds(
            Purchase.objects.filter(visitor_key=buyer.visitor_key),
            units,
            settings.MAX_UNCONFIRMED_PURCHASES_PER_VISITOR,
            settings.MAX_UNCONFIRMED_UNITS_PER_VISITOR,
        )


def count_confirmation(buyer: Buyer) -> None:
    """Count an e-mail that asks to confirm; raise TooMuch when its mailbox, which may be anybody's, gets too many."""
    if again := rate_limits.take(CONFIRMATIONS, buyer.email_key):
        raise TooMuch(
            f"Nous envoyons {CONFIRMATIONS.most} demandes de confirmation par jour à une même adresse e-mail\u00a0: "
            f"réessayez après {written_hour(again)}, ou commandez avec un compte dont l’adresse est vérifiée. "
            f"{STILL_YOURS}"
        )


def lock(buyer: Buyer) -> None:
    """Make other purchases of the same buyer wait until this transaction ends, one key after the other in one order."""
    keys = {f"e {buyer.email_key}", f"p {buyer.phone_key}", f"v {buyer.visitor_key}" * bool(buyer.visitor_key)}
    if buyer.user is not None:
        keys.add(f"u {buyer.user.pk}")
    with connection.cursor() as cursor:
        for key in sorted(filter(None, keys)):
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, key])


def _of_contact(buyer: Buyer) -> Iterator[PurchaseQuerySet]:
    yield Purchase.objects.filter(email_key=buyer.email_key)
    yield Purchase.objects.filter(phone_key=buyer.phone_key)
    if buyer.user is not None:
        yield Purchase.objects.filter(user=buyer.user)


def _uncollected(bought: PurchaseQuerySet) -> int:
    """Return how many orders of these purchases were ready, and waited in vain, of late."""
    since = database_clock.now() - timedelta(days=settings.UNCOLLECTED_DAYS)
    in_vain = MerchantOrder.objects.filter(
        purchase__in=bought.filter(placed_at__gte=since).values("pk"),
        cancelled_because=MerchantOrder.Cancelled.UNCOLLECTED,
    )
    return in_vain.count()


def _check_holds(bought: PurchaseQuerySet, units: int, most: int, most_units: int) -> None:
    held = bought.filter(confirmed_at=None).open()
    if held.count() >= most:
        raise TooMuch(
            f"{most} commandes attendent déjà d’être confirmées : ouvrez le lien que nous avons envoyé pour chacune, "
            f"ou attendez qu’elles expirent, au plus tard dans {settings.MINUTES_TO_CONFIRM} minutes. {STILL_YOURS}"
        )
    lines = OrderLine.objects.filter(order__merchant_order__purchase__in=held.values("pk"))
    if units + lines.aggregate(units=Sum("quantity", default=0))["units"] > most_units:
        raise TooMuch(
            f"Nous réservons {most_units} articles au plus avant que vous ayez confirmé par courriel : confirmez "
            "d’abord vos autres commandes, ou retirez des articles de celle-ci. Avec un compte dont l’adresse est "
            f"vérifiée, cette limite n’existe pas. {STILL_YOURS}"
        )
