"""What the search tells of products, read in batches and without building a model: there are hundreds of thousands."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from oscar.core.loading import get_model

from directory.accent_colors import accent
from portal.rows import columns_of
from shop import thumbnails
from shop.prices import Packing
from shop.products import CARD_WIDTH, COLUMNS, ProductImage, description_in_one_line, on_sale, product_url, unit_of

FiledIn = get_model("catalogue", "ProductCategory")


class _Row(NamedTuple):
    """What is read of a product; COLUMNS says from where."""

    pk: int
    title: str
    slug: str
    description: str
    unit: str
    measure: str
    quantity: Decimal
    price_per_kilo: Decimal | None
    label: str
    price: Decimal
    struck: Decimal | None
    in_stock: int | None
    allocated: int | None
    merchant: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A product and who sells it.

    text: its description in one line. price: euros, VAT included. struck: the price that stands
    struck beside it, as in ProductCard. unit: as ``unit_of`` tells it. merchant: the id
    of the merchant's page. categories: slugs of those it is filed in.
    """

    pk: int
    title: str
    url: str
    text: str
    price: Decimal
    struck: Decimal | None
    unit: str
    label: str
    is_available: bool
    merchant: int
    image: str
    accent: str
    categories: list[str]


def offers(ids: Collection[int]) -> list[Offer]:
    """Return those of these products that are on sale, by id; three queries."""
    products = on_sale(pk__among=ids).prefetch_related(None).order_by("pk", "-stockrecords__pk")
    rows = products.values_list(*columns_of(_Row, COLUMNS))
    sold = {row.pk: row for row in map(_Row._make, rows)}  # by whoever sold it first, should there be several
    pictures = ProductImage.objects.filter(product__among=ids).order_by("-display_order")
    images = dict(pictures.values_list("product", "original"))  # the last one written stays: the first in order
    filed = FiledIn.objects.filter(product__among=ids).order_by("category__path")
    categories = defaultdict(list)
    for product, slug in filed.values_list("product", "category__slug"):
        categories[product].append(slug)
    found = []
    for row in sold.values():
        details = Packing(row.unit, row.measure, row.quantity, row.price_per_kilo)
        found.append(
            Offer(
                pk=row.pk,
                title=row.title,
                url=product_url(row.slug, row.pk),
                text=description_in_one_line(row.description),
                price=row.price,
                struck=row.struck,
                unit=unit_of(details, row.price),
                label=row.label,
                is_available=(row.in_stock or 0) > (row.allocated or 0),
                merchant=row.merchant,
                image=thumbnails.url(images[row.pk], CARD_WIDTH) if row.pk in images else "",
                accent=accent(row.pk),
                categories=categories[row.pk],
            )
        )
    return found
