"""Oscar's catalogue in our words: what is on sale, where, at what price."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.core.files import File
from django.db import transaction
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, TextField, Value, Window
from django.db.models.functions import MD5, Cast, Coalesce, Concat, RowNumber
from django.http import Http404
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from oscar.core.loading import get_model

from directory.accent_colors import accent
from directory.models import Category, MerchantPage
from directory.querysets import MerchantQuerySet
from portal import database_clock
from portal.dependencies import depends_on, depends_on_tags
from portal.memory import memoized, memoized_rows
from portal.rows import columns_of
from portal.slugs import slug_of
from portal.tagged import Tagged
from shop import thumbnails
from shop.alcohol import is_likely_alcohol
from shop.facts import usual_exemption, usual_stream
from shop.food import is_likely_food
from shop.models import ProductDetails, Storefront
from shop.prices import Packing, unit_price_text
from shop.weighing.amounts import told as told_by_weight
from shop.withdrawal import exceptions

Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
ProductImage = get_model("catalogue", "ProductImage")
CatalogueCategory = get_model("catalogue", "Category")
StockRecord = get_model("partner", "StockRecord")

CARD_WIDTH = 320  # pixels: shown at 160, on dense screens too
STOREFRONT = "stockrecords__partner__storefront"  # the way from a product to the shop that sells it
MERCHANT = f"{STOREFRONT}__merchant"
PRODUCT_CLASS = {"slug": "article", "name": "Article", "requires_shipping": False, "track_stock": True}


@dataclass(frozen=True)
class ProductCard:
    """A product in a list.

    price: euros, VAT included. unit: "60 g, soit 40,00 €/kg". unit_price: "40,00 €/kg" or "". seller: the merchant
    and the town, as printed. image: an address or "". available: how many can be ordered. sells: whether that shop is
    open, and they can be. paused_until: the day it sells again, where it is paused. struck: the price that stands
    beside a lower one (shop/price_history.py), or None.
    """

    pk: int
    title: str
    url: str
    price: Decimal
    unit: str
    unit_price: str
    seller: str
    merchant: str
    town: str
    image: str
    accent: str
    label: str
    available: int
    sells: bool
    paused_until: date | None
    is_alcohol: bool = False
    struck: Decimal | None = None

    @property
    def is_available(self) -> bool:
        return self.available > 0


class CardRow(NamedTuple):
    """What is read of a product for its card; COLUMNS says from where."""

    pk: int
    title: str
    slug: str
    unit: str
    measure: str
    quantity: Decimal
    price_per_kilo: Decimal | None
    label: str
    price: Decimal
    in_stock: int | None
    allocated: int | None
    merchant: int
    merchant_title: str
    town: str
    sells: bool
    paused_until: date | None
    is_alcohol: bool | None
    struck: Decimal | None
    picture: str | None


# The column that a field of a product's row is read from, where it bears another name.
COLUMNS = {
    "unit": "details__unit",
    "measure": "details__measure",
    "quantity": "details__quantity",
    "price_per_kilo": "details__price_per_kilo",
    "label": "details__label",
    "is_alcohol": "details__is_alcohol",
    "struck": "details__struck_price",
    "price": "stockrecords__price",
    "in_stock": "stockrecords__num_in_stock",
    "allocated": "stockrecords__num_allocated",
    "merchant": MERCHANT,
    "merchant_title": f"{MERCHANT}__title",
    "town": f"{MERCHANT}__town__name",
    "sells": f"{STOREFRONT}__sells",
    "paused_until": f"{STOREFRONT}__paused_until",
}


class DisplayedProducts(Tagged):
    """Oscar's products, of which a page depends on those it has read and on their sellers."""

    row_kind = "product"
    whole = ("products", "merchants")

    def row_tags(self, rows: Iterable[Any]) -> list[str]:
        rows = list(rows)
        sellers = {seller for row in rows if (seller := getattr(row, MERCHANT, None))}
        return [*super().row_tags(rows), *(f"page:{seller}" for seller in sellers)]


def on_sale(**conditions: Any) -> Any:
    """Return the products that can be bought, sold out or not: those ``displayed()`` of merchants who may sell."""
    return displayed(**{f"{STOREFRONT}__sells": True}, **conditions)


def displayed(**conditions: Any) -> Any:
    """Return the products of live merchants that their details allow to be sold, with all that a page prints.

    Merchants show theirs on their own page before they may sell: without opening hours or anybody who keeps the
    page, no order would ever be prepared. A constant number of queries: products, stock with its merchant, pictures.
    conditions: as ``filter`` takes them; given here, those on the stock or its merchant join those tables once.
    """
    stock = StockRecord.objects.select_related(
        "partner__storefront__merchant__town", "partner__storefront__merchant__category"
    )
    return (
        DisplayedProducts(Product)
        .filter(
            is_public=True,
            structure=Product.STANDALONE,
            details__may_be_sold=True,
            stockrecords__price__isnull=False,
            **{f"{MERCHANT}__live": True},
            **conditions,
        )
        .select_related("details", "product_class")
        .prefetch_related(Prefetch("stockrecords", stock), "images")
    )


@memoized_rows
def get_on_sale(pk: int) -> Any:
    """Return the product of ``displayed()`` of that number; raise Http404 if there is none; one query."""
    offers = StockRecord.objects.filter(
        product=pk,
        product__is_public=True,
        product__structure=Product.STANDALONE,
        product__details__may_be_sold=True,
        price__isnull=False,
        partner__storefront__merchant__live=True,
    ).select_related(
        "product__details",
        "product__product_class",
        "partner__storefront__merchant__town",
        "partner__storefront__merchant__category__parent",
    )
    stock = offers.annotate(picture=first_picture("product")).first()
    if stock is None:
        raise Http404
    depends_on("product", pk)
    depends_on("page", merchant_of(stock).pk)
    pictures = [ProductImage(original=stock.picture)] if stock.picture else []
    stock.product._prefetched_objects_cache = {"stockrecords": [stock], "images": pictures}
    return stock.product


def products_of(merchant: MerchantPage) -> Any:
    """Return what one merchant shows, in alphabetical order."""
    return displayed(**{MERCHANT: merchant}).told_by(f"shelf:{merchant.pk}").order_by("title", "pk")


@memoized
def first_cards(merchant: MerchantPage, count: int) -> tuple[ProductCard, ...]:
    """Return the cards of the first ``count`` of ``products_of(merchant)``, without the merchant's name; one query."""
    return tuple(replace(card, seller="") for card in product_cards(card_rows(products_of(merchant))[:count]))


@memoized
def get_many(products: tuple[int, ...]) -> tuple[ProductCard, ...]:
    """Return the cards of those of these products that are on sale, in their order; one query."""
    sold = {card.pk: card for card in product_cards(card_rows(on_sale().picked(products)))}
    if len(sold) < len(products):  # they come back with their sellers
        depends_on_tags("products", "merchants")
    return tuple(sold[pk] for pk in products if pk in sold)


def products_of_the_day(merchants: MerchantQuerySet, day: date, count: int) -> Any:
    """Return at most ``count`` products in stock of merchants drawn for that day, one of each as far as there are any.

    Drawing sellers first costs the same in a town and in the region, and gives small and large shelves equal chances.
    """
    sellers: Any = merchants.filter(storefront__sells=True).sampled(f"{day:%Y-%m-%d}", count, "pk")
    of_the_day = MD5(Concat(Cast("pk", TextField()), Value(f"{day:%Y-%m-%d}")))
    turn = Window(RowNumber(), partition_by="stockrecords__partner", order_by=of_the_day)
    in_stock = on_sale(
        **{f"{MERCHANT}__in": sellers}, stockrecords__num_in_stock__gt=Coalesce("stockrecords__num_allocated", 0)
    )
    told_by = {"products", *sellers.tags} if merchants.tags == set(merchants.whole) else sellers.tags
    return in_stock.told_by(*told_by).annotate(turn=turn).order_by("turn", "pk")[:count]


def card_rows(products: Any) -> QuerySet:
    """Return the rows that ``product_cards`` takes of a queryset ``on_sale()``: no model is built for a card."""
    pictured = products.prefetch_related(None).annotate(picture=first_picture("pk"))
    return pictured.values_list(*columns_of(CardRow, COLUMNS), named=True)


def first_picture(product: str) -> Subquery:
    """Return, for a query on what ``product`` leads from, the name of the product's first picture in the storage."""
    pictures = ProductImage.objects.filter(product=OuterRef(product)).order_by("display_order")
    return Subquery(pictures.values("original")[:1])


def product_cards(rows: Iterable[tuple]) -> list[ProductCard]:
    """Return a card for each product, in order. rows: as ``card_rows`` yields them."""
    cards = []
    for row in map(CardRow._make, rows):
        details = Packing(row.unit, row.measure, row.quantity, row.price_per_kilo)
        cards.append(
            ProductCard(
                pk=row.pk,
                title=row.title,
                url=product_url(row.slug, row.pk),
                price=row.price,
                unit=unit_of(details, row.price),
                unit_price=unit_price_text(row.price, details),
                seller=f"{row.merchant_title}, {row.town}",
                merchant=row.merchant_title,
                town=row.town,
                image=thumbnails.url(row.picture, CARD_WIDTH) if row.picture else "",
                accent=accent(row.pk),
                label=row.label,
                available=(row.in_stock or 0) - (row.allocated or 0),
                sells=row.sells,
                paused_until=row.paused_until,
                is_alcohol=bool(row.is_alcohol),
                struck=row.struck,
            )
        )
    return cards


def product_url(slug: str, pk: int) -> str:
    before, after = _around_slug_and_key()
    return f"{before}{slug}_{pk}{after}"


@cache
def _around_slug_and_key() -> tuple[str, str]:
    # reverse() costs more than all the rest of a product's line.
    before, after = reverse("catalogue:detail", args=["slug", 0]).split("slug_0")
    return before, after


def lock_product(pk: int) -> None:
    """Let nobody else change a product, its details and its stock until the transaction ends.

    Not a lock of its key: an order of the product that is being placed refers to it, and would wait.
    """
    lock_products([pk])


def lock_products(pks: Collection[int]) -> None:
    """Do what ``lock_product`` does to several, always in the same order."""
    own = Product.objects.select_for_update(no_key=True).filter(pk__in=pks)
    list(own.order_by("pk").values_list("pk"))
    records = StockRecord.objects.select_for_update(no_key=True).filter(product__in=pks)
    list(records.order_by("pk").values_list("pk"))


def stock_of(product: Any) -> Any:
    """Return the one StockRecord of a product of ``displayed()``: a product has a single seller."""
    return next(iter(product.stockrecords.all()))


def merchant_of(stockrecord: Any) -> MerchantPage:
    return stockrecord.partner.storefront.merchant


def image_of(product: Any, width: int = CARD_WIDTH) -> str:
    """Return the address of a product's first picture, at most ``width`` pixels wide, or ""."""
    image = next(iter(product.images.all()), None)
    return thumbnails.url(image.original.name, width) if image else ""


def picture_of(product: Any) -> str:
    """Return the name of a product's first picture in the media storage, as it was sent, or ""."""
    image = next(iter(product.images.all()), None)
    return image.original.name if image else ""


def accent_of(product: Any) -> str:
    """Return the stall colour of a product: decoration, so that neighbours differ."""
    return accent(product.pk)


def unit_of(details: ProductDetails | Packing, price: Decimal) -> str:
    """Return how it is sold, with the price of a kilo or litre: "60 g, soit 40,00 €/kg"; by weight, as told there."""
    if details.price_per_kilo is not None:
        return told_by_weight(details.price_per_kilo, details.quantity)
    told = unit_price_text(price, details)
    return f"{details.unit}, soit {told}" if told else details.unit


def description_of(product: Any) -> SafeString:
    """Return a product's description as HTML: it is plain text, with paragraphs and line ends as they were typed."""
    return mark_safe(linebreaks(product.description, autoescape=True)) if product.description else SafeString()


def description_in_one_line(description: str) -> str:
    """Return a product's description as the search and machines read it: all its words, without its lines."""
    return " ".join(description.split())


def create_storefront(merchant: MerchantPage) -> Storefront:
    """Return the merchant's shop, made now unless it exists; it opens by its steps (shop/opening.py)."""
    storefront = Storefront.objects.filter(merchant=merchant).first()
    if storefront is None:
        with transaction.atomic():
            partner = Partner.objects.create(name=merchant.title, code=f"merchant-{merchant.pk}")
            storefront = Storefront.objects.create(merchant=merchant, partner=partner)
    return storefront


def open_storefront(merchant: MerchantPage) -> Storefront:
    """Return the merchant's shop, open without its steps unless it is open already: for the demo and for tests."""
    storefront = create_storefront(merchant)
    if storefront.opened_at is None:
        storefront.opened_at, storefront.skipped_steps = database_clock.now(), True
        storefront.save(update_fields=["opened_at", "skipped_steps"])
    return storefront


def product_class() -> Any:
    """Return Oscar's only product class here: collected at the shop, stock counted."""
    return ProductClass.objects.get_or_create(slug=PRODUCT_CLASS["slug"], defaults=PRODUCT_CLASS)[0]


def usual_facts(category: str, is_food: bool | None) -> dict[str, str]:
    """Return what a category makes likely of a new article's safety facts; of food, nothing is asked."""
    if is_food:
        return {}
    return {"exemption": usual_exemption(category), "epr_stream": usual_stream(category)}


@transaction.atomic
def create_product(
    storefront: Storefront,
    *,
    title: str,
    price: Decimal,
    stock: int,
    unit: str,
    measure: str = ProductDetails.Measure.PIECE,
    quantity: Decimal = Decimal(1),
    vat_rate: str = ProductDetails.VatRate.STANDARD,
    label: str = "",
    description: str = "",
    category: Category | None = None,
    image: File | str = "",
    is_food: bool | None = None,
    is_alcohol: bool | None = None,
    allergens: Collection[str] | None = None,
    traces: Collection[str] = (),
    withdrawal_exception: str | None = None,
    price_per_kilo: Decimal | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Any:
    """Store and return a product, on sale as soon as the law allows it (``ProductDetails.may_be_sold``).

    price: euros, VAT included. unit, measure, quantity, price_per_kilo: as in ProductDetails; the last decides the
    price. category: a directory Category, mirrored in Oscar's tree by `open_shop`. image: an open file, or the name of
    one already in the media storage. is_food: as likely as the merchant's category and the title make it, where nobody
    says; is_alcohol: likewise, by the article's own category. allergens, traces: codes of Allergen; None when nobody
    said. facts: columns of shop.facts.SafetyFacts.
    withdrawal_exception: of shop.withdrawal.exceptions; None: as likely as category and title make it.
    """
    trade = storefront.merchant.category
    if withdrawal_exception is None:
        withdrawal_exception = exceptions.suggested(trade.slug, title)
    if is_food is None:
        is_food = is_likely_food(trade.slug, (trade.parent or trade).slug, title)
    if is_alcohol is None:
        is_alcohol = is_likely_alcohol((category or trade).slug, title, is_food)
    product = Product.objects.create(
        title=title, slug=slug_of(title), description=description, product_class=product_class()
    )
    ProductDetails.objects.create(
        product=product,
        vat_rate=vat_rate,
        unit=unit,
        measure=measure,
        quantity=quantity,
        label=label,
        is_food=is_food,
        is_alcohol=is_alcohol,
        allergens_known=bool(is_food and allergens is not None),
        allergens=list(allergens or ()),
        traces=list(traces),
        withdrawal_exception=withdrawal_exception,
        price_per_kilo=price_per_kilo,
        **usual_facts((category or trade).slug, is_food) | dict(facts or {}),
    )
    StockRecord.objects.create(
        product=product,
        partner=storefront.partner,
        partner_sku=f"P{product.pk}",
        price=price,
        num_in_stock=stock,
    )
    if category is not None:
        product.categories.add(*CatalogueCategory.objects.filter(slug=category.slug))
    if image:
        ProductImage.objects.create(product=product, original=image)
    return product
