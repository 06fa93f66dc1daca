"""Products and purchases for tests; what matters to a test is written in it."""

from decimal import Decimal

from django.urls import reverse

from shop.allergens import suggested
from shop.food import is_likely_food
from shop.products import create_product, open_storefront
from tests.factories import SAME_ORIGIN, numbers

CONTACT = {
    "name": "Camille Moulin",
    "email": "camille@voisins.example",
    "phone": "06 39 98 21 40",
    "note": "",
    "payment": "retrait",
}
BINDS = {"commander": ""}  # « Commander avec obligation de paiement »


def make_product(merchant, **fields):
    """Return a product on sale at a merchant's, her shop opened if need be; food contains what its name says."""
    defaults = {"title": f"Article {next(numbers)}", "price": Decimal("2.40"), "stock": 10, "unit": "la pièce"}
    fields = defaults | fields
    trade = merchant.category
    fields.setdefault("is_food", bool(is_likely_food(trade.slug, (trade.parent or trade).slug, fields["title"])))
    if fields["is_food"]:
        fields.setdefault("allergens", suggested(fields["title"], fields.get("description", "")))
    return create_product(open_storefront(merchant), **fields)


def put_in_basket(client, product, quantity=1, **extra):
    """Press « Ajouter au panier » on a product's page."""
    return client.post(reverse("basket:add", args=[product.pk]), {"quantite": quantity}, headers=SAME_ORIGIN, **extra)


def order(client, **changes):
    """Open the checkout and press the button that binds; return the response to that."""
    return client.post(reverse("checkout:index"), {**filled_form(client), **BINDS, **changes})


def filled_form(client, **changes):
    """Return what the form of the checkout sends before any button is pressed."""
    page = client.get(reverse("checkout:index"))
    return {**CONTACT, "panier": page.context["basket_key"], **changes}
