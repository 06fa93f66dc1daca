"""Merchants who deliver, and how a browser has something delivered."""

from datetime import time
from decimal import Decimal

from django.urls import reverse

from shop.delivery.models import DeliveryMethod, Kind
from shop.models import MerchantOrder, Storefront
from tests.shop.factories import BINDS, CONTACT, confirm, filled_form

CHECKOUT = reverse("checkout:index")
ADDRESS = {"delivery_street": "4 rue des Fossés", "delivery_postal_code": "07000", "delivery_town": "Privas"}
EVERY_DAY = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]


def deliver(merchant, towns, **changes):
    """Let a merchant, who has a shop, deliver to towns; changes: columns of DeliveryMethod."""
    fields = {
        "fee": Decimal("4.00"),
        "free_from": Decimal("40.00"),
        "weekdays": EVERY_DAY,
        "starts": time(14),
        "ends": time(18),
        "lead_hours": 4,
    } | changes
    return DeliveryMethod.objects.create(
        storefront=Storefront.objects.get(merchant=merchant),
        kind=Kind.ROUND,
        towns=[town.insee_code for town in towns],
        **fields,
    )


def send(merchant, **changes):
    """Let a merchant, who has a shop, send parcels."""
    fields = {"fee": Decimal("6.90"), "told": "Sous trois jours, payé par virement avant l’envoi."} | changes
    return DeliveryMethod.objects.create(
        storefront=Storefront.objects.get(merchant=merchant), kind=Kind.PARCEL, **fields
    )


def press(client, merchant, kind, **changes):
    """Press « Me faire livrer » of one merchant; return the page."""
    return client.post(CHECKOUT, {**filled_form(client), **changes, "livrer": f"{merchant.pk}/{kind}"})


def fields_of(page, **changes):
    """Return what the form of a page of the checkout sends, for the contact of the tests."""
    filled = {**CONTACT, "panier": page.context["basket_key"]}
    for _, choice in page.context["parts"]:
        filled |= {choice.way.name: choice.way.kind} | ({choice.name: choice.value} if choice.chosen else {})
    return filled | changes


def order_delivered(client, merchant, kind="tournee", **changes):
    """Choose a delivery, write the address and press the button that binds; return the response."""
    page = press(client, merchant, kind)
    return client.post(CHECKOUT, fields_of(page, **(ADDRESS | changes), **BINDS))


def bought(client, merchant, kind="tournee", **changes):
    """The same, confirmed; return the merchant's order."""
    assert order_delivered(client, merchant, kind, **changes).status_code == 303
    confirm(client)
    return MerchantOrder.objects.with_tickets().filter(storefront__merchant=merchant).latest("pk")
