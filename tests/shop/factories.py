"""Products and purchases for tests; what matters to a test is written in it."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.test import Client
from django.urls import reverse

from directory.models import MerchantManager
from portal import database_clock
from shop import orders
from shop.alcohol import Licence
from shop.allergens import suggested
from shop.enquiries.models import Kind
from shop.food import is_likely_food
from shop.models import Enquiry, MerchantOrder, Purchase, Storefront
from shop.order_history import Reason, Refusal
from shop.products import create_product, open_storefront
from shop.reviews import writing
from shop.withdrawal import offer
from shop.withdrawal.acts import Declaration, declare
from tests.factories import SAME_ORIGIN, make_user, numbers

CONTACT = {
    "name": "Camille Moulin",
    "email": "camille@voisins.example",
    "phone": "06 39 98 21 40",
    "note": "",
    "payment": "retrait",
}
NO_TIME = Reason(Refusal.NO_TIME)
TOLD = {
    "maker_name": "Ateliers du Pilat",
    "maker_address": "3 rue des Ateliers, 42220 Bourg-Argental",
    "maker_contact": "contact@pilat.example",
    "identifier": "Modèle 12",
    "no_warnings": True,
    "epr_stream": "00",
}  # what the law wants told of what is no food (shop/facts.py), but for a picture
BINDS = {"commander": ""}  # « Commander avec obligation de paiement »


def make_product(merchant, **fields):
    """Return a product on sale at a merchant's, their shop being opened if need be: with hours, and who keeps it.

    Food contains what its name says.
    """
    if not merchant.opening_hours:
        merchant.opening_hours = "Mo-Sa 08:00-19:00"
        merchant.save()
    if not merchant.accesses.exists():
        MerchantManager.objects.create(merchant=merchant, user=make_user())
    defaults = {"title": f"Article {next(numbers)}", "price": Decimal("2.40"), "stock": 10, "unit": "la pièce"}
    fields = defaults | fields
    trade = merchant.category
    fields.setdefault("is_food", bool(is_likely_food(trade.slug, (trade.parent or trade).slug, fields["title"])))
    if fields["is_food"]:
        fields.setdefault("allergens", suggested(fields["title"], fields.get("description", "")))
    else:  # what was on sale before its maker was asked for has time to tell
        fields.setdefault("facts", time_to_tell())
    product = create_product(open_storefront(merchant), **fields)
    if product.details.is_alcohol:
        declare_licence(merchant)
        product.details.refresh_from_db()
    return product


def time_to_tell():
    """Return the facts of an article that was on sale before they were asked for."""
    return {"facts_due_on": database_clock.today() + timedelta(days=60)}


def declare_licence(merchant):
    """Let a shop sell alcohol."""
    Storefront.objects.filter(merchant=merchant).update(
        alcohol_licence=Licence.FULL, alcohol_licence_number="2026-14", alcohol_licence_at=database_clock.now()
    )


def put_in_basket(client, product, quantity=1, **extra):
    """Press « Ajouter au panier » on a product's page."""
    return client.post(reverse("basket:add", args=[product.pk]), {"quantite": quantity}, headers=SAME_ORIGIN, **extra)


def order(client, **changes):
    """Open the checkout and press the button that binds; return the response to that."""
    return client.post(reverse("checkout:index"), {**filled_form(client), **BINDS, **changes})


def confirm(client=None, purchase=None):
    """Open the link of the e-mail about a purchase, by default the last one, and press its button."""
    purchase = purchase or Purchase.objects.latest("pk")
    link = purchase.confirmation_link.removeprefix(settings.SITE_URL)
    return (client or Client()).post(link)


def order_and_confirm(client, **changes):
    """Order as a guest, and confirm by the link; return the response to that."""
    assert order(client, **changes).status_code == 303
    return confirm(client)


def someone_else():
    """Return the name, e-mail address and telephone of a shopper that no other test data has."""
    number = next(numbers)
    return {
        "name": f"Camille {number}",
        "email": f"client{number}@voisins.example",
        "phone": f"06 39 98 {number // 100 % 100:02} {number % 100:02}",
    }


def filled_form(client, **changes):
    """Return what the form of the checkout sends before any button is pressed."""
    page = client.get(reverse("checkout:index"))
    times = {choice.name: choice.value for _, choice in page.context["parts"] if choice.chosen}
    return {**CONTACT, "panier": page.context["basket_key"], **times, **changes}


def refuse(part, by=None):
    """Cancel an order as its merchant does, who has no time."""
    orders.cancel(part, by, MerchantOrder.Cancelled.MERCHANT, NO_TIME)


def hand_over_another(product):
    """Return somebody else's order of a product, handed over."""
    client = Client()
    put_in_basket(client, product)
    order_and_confirm(client, **someone_else())
    part = MerchantOrder.objects.latest("pk")
    orders.mark_ready(part, None)
    orders.mark_collected(MerchantOrder.objects.get(pk=part.pk), None)
    return MerchantOrder.objects.with_details().get(pk=part.pk)


def make_review(product, text="Très bon accueil, rien ne manquait.", mark=4):
    """Return a review that is shown, of somebody else's order of a product."""
    review = writing.write(hand_over_another(product), mark, text, "Dominique")
    writing.publish(review, review.state, None)
    return review


def make_enquiry(merchant, **changes):
    """Return a visitor's confirmed request to a merchant, who is kept and sells nothing online."""
    now = database_clock.now()
    asked = {"name": CONTACT["name"], "email": CONTACT["email"], "phone": CONTACT["phone"], "wanted": "Deux pains"}
    state = {"state": Enquiry.State.SENT, "made_at": now, "confirmed_at": now, "answer_by": now + timedelta(days=1)}
    fields = {"kind": Kind.RESERVE, "when": "Samedi matin"} | asked | state | changes
    return Enquiry.objects.create(merchant=merchant, **fields)


def make_withdrawal(part):
    """Return what the buyer of a handed-over order gives back: one unit of its first line."""
    loaded = offer.load(part.purchase.number)
    shown = {line.pk: line.units for each in offer.parts(loaded, database_clock.now()) for line in each.lines}
    units = {pk: 1 for pk, count in list(shown.items())[:1] if count}
    (withdrawal,) = declare(
        loaded, Declaration(units, loaded.name, loaded.email), {pk: count for pk, count in shown.items() if count}
    )
    return withdrawal
