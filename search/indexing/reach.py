"""Which entries a change reaches: from the tags of the log (portal/changes.py) to the ids of each kind."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from directory.models import Category, MerchantPage, MerchantPicture
from search.indexing.entries import told_models
from search.models import IndexedEntry
from search.query import Kind
from shop.models import Storefront
from shop.products import Product


def reach(tags: Iterable[str]) -> dict[Kind, set[int]]:
    """Return the ids of the entries that may be others after changes with these tags; a constant number of queries."""
    named: dict[str, set[int]] = defaultdict(set)
    for tag in tags:
        what, _, key = tag.partition(":")
        if key.isdecimal():
            named[what].add(int(key))
    pages, products = named["page"], named["product"]
    if pictures := named["picture"]:
        pages |= _pages_showing(pictures)
    if towns := named["town"]:
        pages |= set(MerchantPage.objects.filter(town__among=towns).values_list("pk", flat=True))
    if categories := named["category"]:
        found = Category.objects.filter(Q(pk__among=categories) | Q(parent__among=categories))
        slugs = dict(found.values_list("pk", "slug"))
        pages |= set(MerchantPage.objects.filter(category__among=slugs).values_list("pk", flat=True))
        products |= set(Product.objects.filter(categories__slug__among=slugs.values()).values_list("pk", flat=True))
    if pages:
        products |= _sold_by(pages)
    return {
        Kind.MERCHANT: _of_kind(Kind.MERCHANT, [MerchantPage], pages),
        Kind.PRODUCT: products,
        Kind.STORY: _of_kind(Kind.STORY, told_models(), pages),
    }


def _pages_showing(pictures: set[int]) -> set[int]:
    shown = set(MerchantPicture.objects.filter(image__among=pictures).values_list("merchant", flat=True))
    for model in told_models():
        shown |= set(model.objects.filter(picture__among=pictures).values_list("pk", flat=True))
    return shown


def _sold_by(merchants: set[int]) -> set[int]:
    """Return what these merchants sell, and what is still found as theirs."""
    sold = Storefront.objects.filter(merchant__among=merchants, partner__stockrecords__isnull=False)
    found = IndexedEntry.objects.filter(kind=Kind.PRODUCT, merchant__among=merchants)
    return {
        *sold.values_list("partner__stockrecords__product", flat=True),
        *found.values_list("object_id", flat=True),
    }


def _of_kind(kind: Kind, models: Iterable, pages: set[int]) -> set[int]:
    """Return those of these pages that are of one of the models, or that have an entry of that kind still."""
    if not pages:
        return set()
    known = set(IndexedEntry.objects.filter(kind=kind, object_id__among=pages).values_list("object_id", flat=True))
    return known.union(*(model.objects.filter(pk__among=pages).values_list("pk", flat=True) for model in models))
