"""A merchant who leaves for good: the products go with the page, unless orders are open.

Orders are kept for years, as the law of accounts wants; a page that has some is taken offline, not deleted.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from oscar.core.loading import get_model
from wagtail.admin import messages
from wagtail.models import Page

from shop.models import Purchase, Storefront

NAMED = 10  # merchants in one message


def with_orders(pages: Iterable[Page]) -> list[Storefront]:
    """Return the shops, among these pages and those below them, that have orders; each with their number ``orders``."""
    found: dict[int, Storefront] = {}
    for page in pages:
        below = Page.objects.descendant_of(page, inclusive=True).values("pk")
        shops = Storefront.objects.filter(merchant__in=below).select_related("merchant")
        for shop in shops.annotate(orders=Count("merchant_orders")).filter(orders__gt=0):
            found[shop.pk] = shop
    return sorted(found.values(), key=lambda shop: shop.merchant.title)


def articles_of(pages: Iterable[Page]) -> int:
    """Return how many articles would go with these pages and those below them."""
    Product = get_model("catalogue", "Product")
    return sum(
        Product.objects.filter(
            stockrecords__partner__storefront__merchant__in=Page.objects.descendant_of(page, inclusive=True).values(
                "pk"
            )
        )
        .distinct()
        .count()
        for page in pages
    )


def not_with_orders(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Show what stands against deleting a page, and what can be done in its place; None if nothing does."""
    if shops := with_orders([page]):
        context = {"page_title": "Cette page ne peut pas être supprimée", "page": page, "shops": shops[:NAMED]}
        return render(request, "shop/kept_for_its_orders.html", context | {"count": len(shops)}, status=200)
    if articles := articles_of([page]):
        said = f"{articles} articles seront supprimés" if articles > 1 else "Un article sera supprimé"
        messages.warning(request, f"{said} avec « {page.get_admin_display_title()} ».")
    return None


def not_in_bulk_with_orders(request: HttpRequest, action_type: str, objects: list[Page], action: Any) -> None:
    """Leave out of a deletion in bulk the pages with orders, each with a word."""
    if action_type != "delete" or not all(isinstance(thing, Page) for thing in objects):
        return  # pictures, documents and accounts are deleted in bulk too
    kept = {page.pk: shops for page in objects if (shops := with_orders([page]))}
    for page in objects:
        if page.pk in kept:
            names = ", ".join(shop.merchant.title for shop in kept[page.pk][:NAMED])
            messages.error(
                request,
                f"« {page.get_admin_display_title()} » n’est pas supprimée\u00a0: des commandes y tiennent, à garder "
                f"pour la comptabilité. Commerces\u00a0: {names}. Ouvrez une procédure sous « Vérifications ».",
            )
    objects[:] = [page for page in objects if page.pk not in kept]


def tell_of_purchases(request: HttpRequest, user: Any) -> None:
    """Tell an administrator, before an account is deleted, that its purchases stay, without it."""
    if request.method == "GET" and (count := Purchase.objects.filter(user=user).count()):
        stays = "Son achat est gardé" if count == 1 else f"Ses {count} achats sont gardés"
        messages.warning(request, f"{stays} pour la comptabilité, sans lien avec son compte.")
