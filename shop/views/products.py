"""The product page, and redirects from Oscar's old lists."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_safe

from directory.cards import known_state
from directory.models import MerchantPage
from directory.views import merchant_at
from portal.dependencies import depends_on_tags
from portal.page_cache import cached_page
from portal.pagination import canonical_url
from portal.templatetags.portal import euros
from shop import facts, stock
from shop.baskets import MOST
from shop.collection import words
from shop.collection.offers import next_slot
from shop.collection.rules import need_of
from shop.delivery.models import Kind
from shop.delivery.offers import Told, told_of
from shop.delivery.ways import travels
from shop.forms import BackInStockForm
from shop.models import ProductDetails, Storefront
from shop.pickup import address
from shop.product_lists import all_products_path, has_list, page_of_products
from shop.products import (
    accent_of,
    description_of,
    first_cards,
    get_on_sale,
    image_of,
    merchant_of,
    stock_of,
    unit_of,
)
from shop.recalls.views import gone
from shop.weighing import amounts
from shop.withdrawal import exceptions

MORE = 4  # other products of the merchant


@require_safe
@cached_page
def product(request: HttpRequest, product_slug: str, pk: int) -> HttpResponse:
    """One product: price, seller, stock, and the form that puts it in the basket.

    The page is the same for everyone and sets no cookie: Oscar would remember it in ``oscar_history``.
    """
    try:
        product = get_on_sale(pk)
    except Http404:
        if (notice := gone(request, pk)) is None:
            raise
        return notice
    if product.slug != product_slug:
        return redirect(product, permanent=True)
    stockrecord = stock_of(product)
    merchant = merchant_of(stockrecord)
    storefront = stockrecord.partner.storefront
    now = localtime()
    rules = storefront.rules.of_articles([need_of(product.details.lead_hours, product.details.only_on)])
    slot = next_slot(merchant, now, rules) if storefront.sells else None
    others = [card for card in first_cards(merchant, MORE + 1) if card.pk != product.pk][:MORE]
    return render(
        request,
        "shop/product.html",
        {
            "product": product,
            "details": product.details,
            "description": description_of(product),
            "price": stockrecord.price,
            "per": "TTC" if product.details.price_per_kilo is None else "TTC environ",
            "unit": unit_of(product.details, stockrecord.price),
            "weighed": _weighed(product.details, stockrecord.price),
            "stock": stock.words(stockrecord.net_stock_level),
            "available": min(stockrecord.net_stock_level, MOST),
            "sells": storefront.sells,
            "paused_until": storefront.paused_until,
            "is_vat_exempt": storefront.is_vat_exempt(localdate()),
            "accent": accent_of(product),
            "image": image_of(product, 640),
            "merchant": merchant,
            "address": address(merchant),
            "state": known_state(merchant, now),
            "collect_since": words.since(slot.start, now) if slot else "",
            "made_for": words.of_article(product.details.lead_hours, product.details.only_on),
            "allergens": product.details.allergens_told,
            "facts": facts.told(product.details, merchant, storefront.seller, address(merchant)),
            "seller": storefront.seller,
            "withdrawal": exceptions.told(product.details.withdrawal_exception),
            "deliveries": _deliveries(merchant, product.details) if storefront.sells else [],
            "others": others,
            "alert_form": BackInStockForm(initial={"article": product.pk}),
            "all_products": all_products_path(merchant) if others else "",
        },
    )


def _weighed(details: ProductDetails, price: Decimal) -> str:
    if details.price_per_kilo is None:
        return ""
    return f"Chaque pièce est pesée à la préparation : vous payez son poids, {euros(amounts.ceiling(price))} au plus."


@require_safe
@cached_page
def of_merchant(request: HttpRequest, slug: str) -> HttpResponse:
    """All that a merchant sells, page by page; where the merchant's page shows it all, that one."""
    merchant = merchant_at(slug)
    if not has_list(merchant):
        return redirect(all_products_path(merchant))
    page, cards = page_of_products(request, merchant)
    context = {
        "merchant": merchant,
        "products": cards,
        "page_obj": page,
        "canonical_url": canonical_url(request, page),
    }
    return render(request, "shop/merchant_products.html", context)


@require_safe
@cached_page
def conditions(request: HttpRequest, slug: str) -> HttpResponse:
    """What a merchant sells under: who, the consumer mediator, withdrawal and legal guarantees."""
    merchant = merchant_at(slug)
    depends_on_tags(f"page:{merchant.pk}")  # which a change of the shop touches too
    storefront = get_object_or_404(Storefront, merchant=merchant)
    context = {
        "merchant": merchant,
        "storefront": storefront,
        "address": address(merchant),
        "is_vat_exempt": storefront.is_vat_exempt(localdate()),
    }
    return render(request, "shop/merchant_conditions.html", context)


def to_search(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Send Oscar's catalogue and search addresses to the regional search, keeping the words."""
    words = request.GET.get("q", "")
    return _search({"q": words} if words else {})


def category_to_search(request: HttpRequest, category_slug: str, pk: int) -> HttpResponse:
    """Send the address of one of Oscar's category pages to the search within that category."""
    return _search({"categorie": category_slug.rsplit("/", 1)[-1]})


def _search(question: dict[str, str]) -> Any:
    return HttpResponsePermanentRedirect("/recherche/" + (f"?{urlencode(question)}" if question else ""))


def _deliveries(merchant: MerchantPage, details: ProductDetails) -> list[Told]:
    """Return what is told of how a merchant delivers an article of these details."""
    can_be_sent = travels(details.is_alcohol, details.withdrawal_exception)
    return [told for told in told_of(merchant.pk) if told.kind == Kind.ROUND or can_be_sent]
