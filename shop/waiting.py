"""Orders that wait for their merchants, counted."""

from typing import Any

from django.db.models import Count, F, Min, Q

from portal.oscar_settings import ORDER_READY, ORDER_RECEIVED
from shop.models import MerchantOrder


def waiting_orders(merchants: list[int]) -> list[dict[str, Any]]:
    """Return for each of these merchants with any: merchant, received, ready: counts, first: day the first is due.

    first_slot: when the first buyer comes, of those with whom that is agreed.
    """
    own = MerchantOrder.objects.confirmed().filter(storefront__merchant__in=merchants)
    received = Q(order__status=ORDER_RECEIVED)
    rows = own.filter(order__status__in=[ORDER_RECEIVED, ORDER_READY]).values(merchant=F("storefront__merchant"))
    return list(
        rows.annotate(
            received=Count("pk", filter=received),
            ready=Count("pk", filter=Q(order__status=ORDER_READY)),
            first=Min("prepare_by", filter=received),
            first_slot=Min("collect_from", filter=received),
        )
    )


def waiting_words(row: dict[str, Any] | None) -> str:
    """Return a row of ``waiting_orders`` in French: "2 commandes à préparer, 1 prête", "" for None."""
    if row is None:
        return ""
    told = []
    if row["received"]:
        told.append(f"{counted(row['received'], 'commande')} à préparer")
    if row["ready"]:
        told.append(f"{counted(row['ready'], 'commande')} à remettre")
    return ", ".join(told)


def counted(number: int, noun: str) -> str:
    """Return "1 commande", "2 commandes"."""
    return f"{number} {noun}{'s' if number > 1 else ''}"
