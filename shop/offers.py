"""What the search tells of products, read in batches and without building a model: there are hundreds of thousands."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from oscar.core.loading import get_model

from directory.accent_colors import tint
from shop import thumbnails
from shop.prices import Packing
from shop.products import CARD_WIDTH, MERCHANT, ProductImage, description_in_one_line, on_sale, product_url, unit_of

FiledIn = get_model("catalogue", "ProductCategory")
_ROW = (
    "pk", "title", "slug", "description", "facts__unit", "facts__measure", "facts__quantity", "facts__label",
    "stockrecords__price", "stockrecords__num_in_stock", "stockrecords__num_allocated", MERCHANT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A product and who sells it.

    text: its description in one line. price: euros, VAT included. unit: as ``unit_of`` tells it. merchant: the id
    of her page. categories: slugs of those it is filed in.
    """

    pk: int
    title: str
    url: str
    text: str
    price: Decimal
    unit: str
    label: str
    is_available: bool
    merchant: int
    image: str
    tint: str
    categories: list[str]


def offers(ids: Collection[int]) -> list[Offer]:
    """Return those of these products that are on sale, by id; three queries."""
    rows = on_sale(pk__among=ids).prefetch_related(None).order_by("pk", "-stockrecords__pk").values_list(*_ROW)
    sold = {row[0]: row for row in rows}  # by her who sold it first, should there be several
    pictures = ProductImage.objects.filter(product__among=ids).order_by("-display_order")
    images = dict(pictures.values_list("product", "original"))  # the last one written stays: the first in order
    filed = FiledIn.objects.filter(product__among=ids).order_by("category__path")
    categories = defaultdict(list)
    for product, slug in filed.values_list("product", "category__slug"):
        categories[product].append(slug)
    found = []
    for pk, title, slug, description, unit, measure, quantity, label, price, stock, promised, seller in sold.values():
        facts = Packing(unit, measure, quantity)
        found.append(
            Offer(
                pk=pk,
                title=title,
                url=product_url(slug, pk),
                text=description_in_one_line(description),
                price=price,
                unit=unit_of(facts, price),
                label=label,
                is_available=(stock or 0) > (promised or 0),
                merchant=seller,
                image=thumbnails.url(images[pk], CARD_WIDTH) if pk in images else "",
                tint=tint(pk),
                categories=categories[pk],
            )
        )
    return found
