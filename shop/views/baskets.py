"""The basket: put in, change, look, count."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.same_origin import same_origin_required
from shop import baskets
from shop.collection import choosing
from shop.delivery.address import TOWN, town_of, town_typed
from shop.delivery.offers import told_in_basket
from shop.forms import AddForm
from shop.middleware import ShopRequest
from shop.products import displayed, stock_of

QUANTITY = re.compile(r"quantite-(\d{1,18})")


@require_POST
@same_origin_required
def add(request: ShopRequest, pk: int) -> HttpResponse:
    """Put a product in the basket, then show it."""
    product = get_object_or_404(displayed(), pk=pk)
    storefront = stock_of(product).partner.storefront
    if not storefront.sells:
        messages.error(request, f"{storefront.merchant.title} ne vend pas encore en ligne : passez à la boutique.")
        return redirect(product)
    form = AddForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Écrivez une quantité de 1 à {baskets.MOST}.")
        return redirect(product)
    told = baskets.add(request.basket, product, form.cleaned_data["quantite"])
    if told:
        messages.warning(request, told)
    else:
        messages.success(request, f"« {product.title} » est dans votre panier.")
    return redirect("basket:summary")


@never_cache
def basket(request: ShopRequest) -> HttpResponse:
    """The basket by merchant; a POST changes quantities, and its button « commander » goes on to the checkout."""
    if request.method == "POST":
        for told in baskets.change_quantities(request.basket, _wanted(request.POST)):
            messages.warning(request, told)
        if any(QUANTITY.fullmatch(name) and not _is_quantity(str(value)) for name, value in request.POST.items()):
            messages.warning(request, f"Une quantité n’a pas changé : écrivez un nombre entier de 0 à {baskets.MOST}.")
        return redirect("checkout:index" if "commander" in request.POST else "basket:summary")
    shown = _shown(request)
    town = town_of(request)
    deliveries = told_in_basket((group for group, _ in shown["groups"]), town)
    shown |= {
        "groups": [(*part, told) for part, told in zip(shown["groups"], deliveries, strict=True)],
        "asks_town": any(deliveries),
        "town": town.name if town else "",
    }
    return render(
        request, "shop/basket.html", shown | {"search": {"label": "Chercher un produit", "url": "/recherche/"}}
    )


@require_POST
def remember_town(request: ShopRequest) -> HttpResponse:
    """Keep where the shopper would have it delivered, so that the basket tells who comes there."""
    town, told = town_typed(request.POST.get("commune", "")[:80])
    if town is None:
        messages.warning(request, told)
    else:
        request.session[TOWN] = town.insee_code
    return redirect("basket:summary")


@never_cache
@require_safe
def shopping_list(request: ShopRequest) -> HttpResponse:
    """The basket on paper: for whoever shops with a list, or asks somebody else to."""
    return render(request, "shop/shopping_list.html", _shown(request) | {"day": localdate()})


@never_cache
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """Answer the little number of the header: {"count": 3}."""
    return JsonResponse({"count": baskets.count(request)})


def _shown(request: ShopRequest) -> dict[str, Any]:
    """Return the basket as it can be bought now, for a template, and tell what had to change."""
    groups, changed = baskets.reconciled(request.basket)
    for told in changed:
        messages.warning(request, told)
    most = baskets.at_most_rows(groups)
    return {
        "groups": list(zip(groups, choosing.soonest(groups, localtime()), strict=True)),
        "rows": [*({"label": group.title, "amount": group.subtotal} for group in groups), *most],
        "total": {"label": "Total TTC, environ" if most else "Total TTC", "amount": baskets.total(groups)},
    }


def _is_quantity(value: str) -> bool:
    return value.strip().isdecimal() and len(value) < 20


def _wanted(posted: Any) -> Any:
    """Return {line key: quantity} out of the form: its fields, then the one button that was pressed."""
    wanted = {
        match[1]: int(value)
        for name, value in posted.items()
        if (match := QUANTITY.fullmatch(name)) and _is_quantity(value)
    }
    if posted.get("moins") in wanted:
        wanted[posted["moins"]] -= 1
    if posted.get("plus") in wanted:
        wanted[posted["plus"]] += 1
    if "retirer" in posted:
        wanted[posted["retirer"]] = 0
    return wanted
