"""Some shops of the fictional region deliver: rounds in the towns around, and one that sends parcels."""

from collections.abc import Iterable
from datetime import time
from decimal import Decimal

from directory.models import MerchantPage
from home.demo import services, told
from home.demo.merchants import Merchant
from shop.delivery.address import Address
from shop.delivery.around import towns_around
from shop.delivery.choosing import Delivery
from shop.delivery.models import DeliveryMethod, Kind
from shop.models import Storefront

MOST = 8  # shops with rounds
PARCEL_TRADES = ("savonnerie-cosmetique", "apiculteur", "epicerie-fine", "ceramiste", "mercerie-laine")
PARCELS = "Envoi sous trois jours ouvrés en Colissimo, payé par virement avant l’envoi."
# Kilometres, days, span, fee, free from, minimum, what the shopper reads.
ROUNDS = (
    (12, ["mardi", "vendredi"], (time(14), time(18)), "4.00", "40.00", "0", "Je sonne, et j’attends cinq minutes."),
    (5, ["mercredi", "samedi"], (time(9), time(12)), "2.50", "25.00", "0", "À vélo."),
    (10, ["jeudi"], (time(16), time(19, 30)), "5.00", None, "15.00", ""),
    (8, ["lundi", "jeudi"], (time(17), time(20)), "0", None, "20.00", "En rentrant de la boutique."),
)


def offer(plan: Iterable[Merchant], showcase: MerchantPage) -> int:
    """Let the showcase and some of these merchants, who have shops, deliver; return how many ways were missing."""
    plan = list(plan)
    willing = [one for one in plan if services.draw(one.number, one.trade, one.opening_hours).delivers]
    chosen = list(dict.fromkeys([showcase.slug, *(one.slug for one in willing if one.trade.slug != "librairie")]))[
        :MOST
    ]
    shops = {
        shop.merchant.slug: shop
        for shop in Storefront.objects.filter(merchant__slug__in=[one.slug for one in plan]).select_related(
            "merchant__town__parent"
        )
    }
    missing = []
    for number, slug in enumerate(slug for slug in chosen if slug in shops):
        missing.append(_round(shops[slug], *ROUNDS[number % len(ROUNDS)]))
    sender = next((one.slug for trade in PARCEL_TRADES for one in plan if one.trade.slug == trade), None)
    if sender in shops:
        missing.append(
            DeliveryMethod(
                storefront=shops[sender], kind=Kind.PARCEL, fee=Decimal("6.90"), free_from=Decimal(60), told=PARCELS
            )
        )
    known = set(DeliveryMethod.objects.values_list("storefront", "kind"))
    new = [method for method in missing if (method.storefront_id, method.kind) not in known]
    DeliveryMethod.objects.bulk_create(new)
    return len(new)


def to_the_door(merchant: MerchantPage) -> Delivery | None:
    """Return a delivery in the merchant's own town, None where they do not deliver."""
    town = merchant.town
    if not DeliveryMethod.objects.filter(storefront__merchant=merchant, kind=Kind.ROUND).exists():
        return None
    return Delivery({merchant.pk: Kind.ROUND}, Address(told()["orders"]["door"], town.postal_codes[0], town.name, town))


def _round(
    shop: Storefront, kilometres: int, days: list[str], span: tuple[time, time], *money: str | None
) -> DeliveryMethod:
    fee, free_from, minimum, told = money
    return DeliveryMethod(
        storefront=shop,
        kind=Kind.ROUND,
        towns=sorted(towns_around(shop.merchant.point, shop.merchant.town, kilometres)),
        weekdays=days,
        starts=span[0],
        ends=span[1],
        fee=Decimal(fee or 0),
        free_from=Decimal(free_from) if free_from else None,
        minimum=Decimal(minimum or 0),
        told=told or "",
    )
