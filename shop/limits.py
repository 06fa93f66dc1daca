"""Limits on what one buyer may reserve, so that nobody empties shelves with invented names.

The figures are settings; docs/orders.md works them out. What is refused here loses nothing: the basket stays.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from portal import rate_limits
from portal.models import User
from portal.rate_limits import Limit
from shop.models import WAITING, MerchantOrder, Purchase
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


def check(buyer: Buyer, now: datetime, *, units: int, needs_confirmation: bool) -> None:
    """Raise TooMuch when this purchase would be one too many for its buyer; ``lock`` first, then nobody overtakes.

    units: how many articles it holds, all together. One query.
    """
    found = _bought(buyer, now)
    by_contact = [
        [bought for bought in found if bought.email_key == buyer.email_key],
        [bought for bought in found if bought.phone_key == buyer.phone_key],
        [bought for bought in found if buyer.user is not None and bought.user == buyer.user.pk],
    ]
    for of_contact in by_contact:
        if sum(bought.is_open for bought in of_contact) >= settings.MAX_OPEN_PURCHASES:
            raise TooMuch(
                f"Nous gardons {settings.MAX_OPEN_PURCHASES} commandes à la fois pour une même personne, et elles sont "
                "déjà en attente. Retirez-en une, ou demandez au commerçant d’en annuler une, avant de commander de "
                f"nouveau. {STILL_YOURS}"
            )
        if sum(bought.in_vain for bought in of_contact) >= settings.MAX_UNCOLLECTED:
            raise TooMuch(
                f"{settings.MAX_UNCOLLECTED} commandes n’ont pas été retirées ces {settings.UNCOLLECTED_DAYS} derniers "
                "jours, et les commerçants les avaient préparées\u00a0: passez directement à la boutique, ou "
                f"téléphonez-lui. {STILL_YOURS}"
            )
    if not needs_confirmation:
        return
    for of_contact in by_contact:
        _check_holds(of_contact, units, settings.MAX_UNCONFIRMED_PURCHASES, settings.MAX_UNCONFIRMED_UNITS)
    if buyer.visitor_key:
        _check_holds(
            [bought for bought in found if bought.visitor_key == buyer.visitor_key],
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
        # One query for all: rows come out of unnest, and are locked, in the order of the list.
        cursor.execute(
            "select pg_advisory_xact_lock(%s, hashtext(key)) from unnest(%s::text[]) as key",
            [LOCKS, sorted(filter(None, keys))],
        )


class _Bought(NamedTuple):
    """A purchase that limits may count. in_vain: how many of its orders were ready, and waited in vain, of late."""

    email_key: str
    phone_key: str
    visitor_key: str
    user: int | None
    is_confirmed: bool
    is_open: bool
    in_vain: int
    units: int


def _bought(buyer: Buyer, now: datetime) -> list[_Bought]:
    """Return what was bought by the same contact, account or network address, as far as a limit counts it."""
    same = Q(email_key=buyer.email_key) | Q(phone_key=buyer.phone_key)
    if buyer.user is not None:
        same |= Q(user=buyer.user)
    if buyer.visitor_key:
        same |= Q(visitor_key=buyer.visitor_key)
    own = MerchantOrder.objects.filter(purchase=OuterRef("pk"))
    vain = own.filter(
        purchase__placed_at__gte=now - timedelta(days=settings.UNCOLLECTED_DAYS),
        cancelled_because=MerchantOrder.Cancelled.UNCOLLECTED,
    )
    lines = OrderLine.objects.filter(order__merchant_order__purchase=OuterRef("pk"))
    rows = Purchase.objects.filter(same).annotate(
        is_confirmed=Q(confirmed_at__isnull=False),
        is_open=Exists(own.filter(order__status__in=WAITING)),
        in_vain=_figure(vain, Count("pk")),
        units=_figure(lines, Sum("quantity")),
    )
    counted = rows.filter(Q(is_open=True) | Q(in_vain__gt=0)).values_list(*_Bought._fields)
    return [_Bought._make(row) for row in counted]


def _figure(rows: QuerySet, aggregate: Any) -> Coalesce:
    """Return one figure of all these rows, as a column of another query; 0 where there are none."""
    figures = rows.order_by().values(all=Value(1)).annotate(figure=aggregate).values("figure")
    return Coalesce(Subquery(figures, output_field=IntegerField()), 0)


def _check_holds(bought: list[_Bought], units: int, most: int, most_units: int) -> None:
    held = [purchase for purchase in bought if purchase.is_open and not purchase.is_confirmed]
    if len(held) >= most:
        raise TooMuch(
            f"{most} commandes attendent déjà d’être confirmées : ouvrez le lien que nous avons envoyé pour chacune, "
            f"ou attendez qu’elles expirent, au plus tard dans {settings.MINUTES_TO_CONFIRM} minutes. {STILL_YOURS}"
        )
    if units + sum(purchase.units for purchase in held) > most_units:
        raise TooMuch(
            f"Nous réservons {most_units} articles au plus avant que vous ayez confirmé par courriel : confirmez "
            "d’abord vos autres commandes, ou retirez des articles de celle-ci. Avec un compte dont l’adresse est "
            f"vérifiée, cette limite n’existe pas. {STILL_YOURS}"
        )
