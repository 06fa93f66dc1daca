"""Views of a merchant's own products."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from oscar.core.loading import get_model

from directory.models import MerchantPage
from directory.space.changes import tell_moved
from directory.space.navigation import links
from shop import stock
from shop.importing.values import stored
from shop.models import Storefront
from shop.products import MERCHANT, image_of, lock_product, lock_products, stock_of
from shop.space.price_table import PriceTableForm
from shop.space.product_form import ProductForm

Product = get_model("catalogue", "Product")

PAGE_SIZE = 50
AVAILABLE = F("stockrecords__num_in_stock") - Coalesce("stockrecords__num_allocated", 0)
# What the list can be narrowed to, by ?etat=
LISTS = {
    "": ("Tous", Q()),
    "en-vente": ("En vente", Q(is_public=True, details__may_be_sold=True)),
    "epuises": ("Épuisés", Q(is_public=True, details__may_be_sold=True, available__lte=0)),
    "incomplets": ("À compléter", Q(is_public=True, details__may_be_sold=False)),
    "retires": ("Retirés", Q(is_public=False)),
}


@never_cache
@login_required
@require_safe
def listed(request: HttpRequest, pk: int) -> HttpResponse:
    """All articles of one merchant, on sale or not; a merchant whose shop is not open is told how to open it."""
    merchant = _merchant(request, pk)
    chosen = request.GET.get("etat", "")
    if chosen not in LISTS:
        chosen = ""
    own = _own(merchant).annotate(available=AVAILABLE)
    counts = own.aggregate(
        **{f"in_{number}": Count("pk", filter=kept) for number, (_, kept) in enumerate(LISTS.values())}
    )
    listed = own.filter(LISTS[chosen][1]).order_by("title", "pk")
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    articles = [
        {
            "pk": product.pk,
            "title": product.title,
            "image": image_of(product, 160),
            "price": stock_of(product).price,
            "unit": product.details.unit,
            "stock": stock.words(stock_of(product).net_stock_level) if product.is_public else "Retiré de la vente",
            "missing": product.details.missing if product.is_public else "",
        }
        for product in page
    ]
    storefront = Storefront.objects.filter(merchant=merchant).first()
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "products"),
        "articles": articles,
        "page": page,
        "chosen": chosen,
        "lists": [
            {"label": label, "url": f"?etat={key}", "count": counts[f"in_{number}"], "active": key == chosen}
            for number, (key, (label, _)) in enumerate(LISTS.items())
        ],
        "sells": storefront is not None,
        "may_sell": storefront is not None and storefront.sells,
    }
    return render(request, "shop/space/products.html", context)


@never_cache
@login_required
@transaction.atomic
def edit(request: HttpRequest, pk: int, product_pk: int | None = None) -> HttpResponse:
    """The form of one article, new or known; it is on sale as soon as it is saved."""
    merchant = _merchant(request, pk)
    storefront = get_object_or_404(Storefront, merchant=merchant)
    if product_pk and request.method == "POST":  # before what is stored is read
        lock_product(product_pk)
    product = get_object_or_404(_own(merchant), pk=product_pk) if product_pk else None
    like = None if product else _own(merchant).filter(pk=_number(request.GET.get("comme"))).first()
    form = ProductForm(
        request.POST or None, request.FILES or None, merchant=merchant, product=product, sender=request.user, like=like
    )
    if request.method == "POST" and form.is_valid():
        saved = form.save_product(storefront)
        told = "en vente" if saved.is_public else "retiré de la vente"
        messages.success(request, f"« {saved.title} » est enregistré et {told}.")
        tell_moved(request, form)
        return redirect("merchant_products", pk)
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "products"),
        "form": form,
        "title": product.title if product else "Nouvel article",
        "product": product,
    }
    return render(request, "shop/space/product.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def prices(request: HttpRequest, pk: int) -> HttpResponse:
    """Prices and stock of a page of articles in one form; what is sent is saved whichever page its rows are on now."""
    merchant = _merchant(request, pk)
    storefront = get_object_or_404(Storefront, merchant=merchant)
    page = Paginator(_own(merchant).order_by("title", "pk").values_list("pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    chosen = [number for (number,) in page]
    if request.method == "POST":
        sent = {int(name[len("price_") :]) for name in request.POST if re.fullmatch(r"price_\d{1,18}", name)}
        chosen = list(
            _own(merchant).filter(pk__in=sorted(sent)[:PAGE_SIZE]).order_by("title", "pk").values_list("pk", flat=True)
        )
        lock_products(chosen)
    everything = stored(storefront, chosen)
    form = PriceTableForm(request.POST or None, merchant=merchant, known=everything, sender=request.user)
    if request.method == "POST" and form.is_valid():
        count = form.save()
        messages.success(request, f"Enregistré. Articles changés : {count}.")
        tell_moved(request, form)
        return redirect(f"{request.path}?page={page.number}")
    context = {"merchant": merchant, "space_links": links(merchant, "products"), "form": form, "page": page}
    return render(request, "shop/space/prices.html", context)


def _own(merchant: MerchantPage) -> Any:
    return (
        Product.objects.filter(**{MERCHANT: merchant}, details__isnull=False)
        .select_related("details")
        .prefetch_related("stockrecords", "images")
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) <= 18 else None


def _merchant(request: HttpRequest, pk: int) -> MerchantPage:
    return get_object_or_404(
        MerchantPage.objects.managed_by(request.user).select_related("category__parent", "town"), pk=pk
    )
