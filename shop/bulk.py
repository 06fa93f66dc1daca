"""Thousands of shops and products at once, and a purchase without a browser, for the demo region and benches.

One insert a table and batch; Oscar's save() methods and signals don't run, so a picture's smaller sizes are the
caller's part (`thumbnails.make`).
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from oscar.core.loading import get_class, get_model

from directory.models import MerchantPage
from portal import database_clock
from portal.planner import count_anew
from portal.slugs import slug_of
from shop import baskets, purchases
from shop.alcohol import Licence, is_likely_alcohol
from shop.collection import choosing
from shop.delivery import choosing as delivering
from shop.delivery.choosing import Delivery
from shop.models import ProductDetails, Purchase, Storefront
from shop.payments.on_collection import OnCollection
from shop.products import product_class, usual_facts
from shop.storefronts import LegalForm

Basket = get_model("basket", "Basket")
Partner = get_model("partner", "Partner")
StockRecord = get_model("partner", "StockRecord")
Product = get_model("catalogue", "Product")
ProductCategory = get_model("catalogue", "ProductCategory")
ProductImage = get_model("catalogue", "ProductImage")
CatalogueCategory = get_model("catalogue", "Category")
Selector = get_class("partner.strategy", "Selector")

BATCH = 2_000  # products in one transaction


@dataclass(frozen=True)
class NewProduct:
    """A product to store.

    reference: unique in the whole shop, kept as Oscar's UPC. price: euros, VAT included. unit, measure, quantity,
    vat_rate, label: as in ProductDetails. category: a slug of the directory, mirrored by `open_shop`. image: a name in
    the media storage, or "". is_food: None when nobody said. allergens, traces: codes of shop.allergens, None when
    nobody said.
    """

    reference: str
    title: str
    description: str
    category: str
    price: Decimal
    vat_rate: str
    unit: str
    measure: str
    quantity: Decimal
    label: str
    image: str
    stock: int
    is_food: bool | None = None
    allergens: tuple[str, ...] | None = None
    traces: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)  # columns of shop.facts.SafetyFacts
    price_per_kilo: Decimal | None = None  # of what is sold by weight; its price follows

    def details(self, product: Any) -> ProductDetails:
        """Return its details, not stored, with what its name makes us ask."""
        details = ProductDetails(
            product=product,
            vat_rate=self.vat_rate,
            unit=self.unit,
            measure=self.measure,
            quantity=self.quantity,
            label=self.label,
            is_food=self.is_food,
            is_alcohol=is_likely_alcohol(self.category, self.title, self.is_food),
            allergens_known=bool(self.is_food and self.allergens is not None),
            allergens=list(self.allergens or ()),
            traces=list(self.traces),
            price_per_kilo=self.price_per_kilo,
            **usual_facts(self.category, self.is_food) | dict(self.facts),
        )
        details.question = details.asked(self.title, self.description)
        return details


@transaction.atomic
def open_storefronts(merchants: Iterable[MerchantPage]) -> dict[int, Storefront]:
    """Open the shops that are missing, without their steps, and return those of all ``merchants`` by page id."""
    merchants = list(merchants)
    known = set(Storefront.objects.filter(merchant__in=merchants).values_list("merchant_id", flat=True))
    missing = [merchant for merchant in merchants if merchant.pk not in known]
    now = database_clock.now()
    partners = Partner.objects.bulk_create(
        Partner(name=merchant.title, code=f"merchant-{merchant.pk}") for merchant in missing
    )
    Storefront.objects.bulk_create(
        Storefront(merchant=merchant, partner=partner, opened_at=now, skipped_steps=True)
        for merchant, partner in zip(missing, partners, strict=True)
    )
    return {shop.merchant_id: shop for shop in Storefront.objects.filter(merchant__in=merchants)}


def declare_licences(merchants: Any) -> int:
    """Declare a licence for those of these invented merchants, a queryset, who sell alcohol; return how many."""
    shops = Storefront.objects.filter(
        merchant__in=merchants, alcohol_licence="", partner__stockrecords__product__details__is_alcohol=True
    )
    return Storefront.objects.filter(pk__in=shops.values("pk")).update(
        alcohol_licence=Licence.FULL, alcohol_licence_number="Fictif", alcohol_licence_at=database_clock.now()
    )


def name_sellers(merchants: Any) -> int:
    """Give those of these invented merchants, a queryset, who have no legal name an invented one; return how many."""
    forms = (LegalForm.SARL, LegalForm.SOLE_TRADER, LegalForm.SAS, LegalForm.EURL)
    shops = list(Storefront.objects.filter(merchant__in=merchants, legal_name="").select_related("merchant"))
    for shop in shops:
        shop.legal_name, shop.legal_form = shop.merchant.title, forms[shop.merchant_id % len(forms)]
    return Storefront.objects.bulk_update(shops, ["legal_name", "legal_form"], batch_size=BATCH)


def add_products(
    products: Iterable[tuple[Storefront, NewProduct]],
    progress: Callable[[int], object] = lambda count: None,
) -> int:
    """Store new products, on sale as far as the law allows it, and return how many.

    Raises IntegrityError when a reference is taken.

    progress: called with the number of products stored since the last call.
    """
    categories = dict(CatalogueCategory.objects.values_list("slug", "pk"))
    added, remaining = 0, iter(products)
    while batch := list(itertools.islice(remaining, BATCH)):
        with transaction.atomic():
            _add_batch(batch, categories)
        added += len(batch)
        progress(len(batch))
    count_anew(added, Product, ProductDetails, StockRecord, ProductCategory, ProductImage)
    return added


def _add_batch(batch: list[tuple[Storefront, NewProduct]], categories: dict[str, int]) -> None:
    kind = product_class()
    rows = Product.objects.bulk_create(
        Product(
            upc=new.reference,
            title=new.title,
            slug=slug_of(new.title),
            description=new.description,
            product_class=kind,
        )
        for _, new in batch
    )
    stored = [(product, storefront, new) for product, (storefront, new) in zip(rows, batch, strict=True)]
    ProductDetails.objects.bulk_create(
        (new.details(product) for product, _, new in stored),
        batch_size=BATCH // 2,  # PostgreSQL takes 65,535 values at once
    )
    StockRecord.objects.bulk_create(
        StockRecord(
            product=product,
            partner_id=storefront.partner_id,
            partner_sku=f"P{product.pk}",
            price=new.price,
            num_in_stock=new.stock,
        )
        for product, storefront, new in stored
    )
    ProductCategory.objects.bulk_create(
        ProductCategory(product=product, category_id=categories[new.category]) for product, _, new in stored
    )
    ProductImage.objects.bulk_create(
        ProductImage(product=product, original=new.image) for product, _, new in stored if new.image
    )


def buy(
    quantities: Mapping, contact: purchases.Contact, user: Any = None, delivery: Delivery | None = None
) -> Purchase:
    """Buy products of ``on_sale()``, collected or brought as soon as can be and paid then, confirmed at once.

    quantities: {product: how many}. delivery: who brings it, if anybody.
    Raises as `purchases.place_purchase` does.
    """
    basket = Basket.objects.create(owner=user)
    basket.strategy = Selector().strategy()
    for product, quantity in quantities.items():
        baskets.add(basket, product, quantity)
    groups = delivering.apply(baskets.groups(basket), delivery)
    times = choosing.wanted_of(choosing.choices(groups, database_clock.now(), {}, binds=False))
    purchase = purchases.place_purchase(basket, contact, OnCollection(), user=user, times=times, delivery=delivery)
    purchases.confirm(purchase)
    return purchase
