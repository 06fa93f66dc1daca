"""Writes what a plan says, and takes it back."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model
from wagtail.log_actions import log

from portal import database_clock
from portal.planner import count_anew
from portal.slugs import slug_of
from shop.importing import plan as planning
from shop.importing.formats import Row
from shop.importing.plan import Kind, Plan, Planned
from shop.importing.values import OF_DETAILS, OF_PRODUCT, revived, stored
from shop.models import ProductDetails, Storefront
from shop.product_imports import ProductImport
from shop.products import Product, StockRecord, product_class

OrderLine = get_model("order", "Line")
BATCH = 500


class ChangedMeanwhile(Exception):
    """The articles are no longer those beside which the plan was shown."""


def plan_of(one: ProductImport) -> Plan:
    rows = (Row(**{**row, "remarks": tuple(row["remarks"])}) for row in one.rows)
    return planning.make(one.storefront, rows, stored(one.storefront))


@transaction.atomic
def apply(one: ProductImport, shown: str, author: Any, *, withdraws_absent: bool = False) -> Plan:
    """Write the plan that was shown. shown: its fingerprint; raise ChangedMeanwhile if it would be another now."""
    _lock(one)
    plan = plan_of(one)
    if one.applied_at is not None or plan.fingerprint != shown:
        raise ChangedMeanwhile
    known = stored(one.storefront)
    one.before = change(plan.of(Kind.CHANGED), known)
    if withdraws_absent:
        absent = [Planned(0, Kind.CHANGED, title, pk, values={"is_public": False}) for pk, title in plan.absent]
        one.before += change([row for row in absent if known[row.pk or 0]["is_public"]], known)
    one.before += [{"pk": pk} for pk in _add(one.storefront, plan.of(Kind.ADDED))]
    one.applied_at = database_clock.now()
    one.save(update_fields=["before", "applied_at"])
    log(one.storefront, "wagtail.edit", user=author, data={"import": one.pk, "rows": len(one.before)})
    count_anew(len(one.before), Product, ProductDetails, StockRecord)
    return plan


@transaction.atomic
def undo(one: ProductImport, author: Any) -> list[str]:
    """Take an import back; return the names of articles that others have changed or ordered since: those stay.

    What was added goes, or is withdrawn where somebody has ordered it; what was changed is as before, column by column.
    """
    _lock(one)
    known = stored(one.storefront)
    back, kept = [], []
    added = [entry["pk"] for entry in one.before if "old" not in entry and entry["pk"] in known]
    ordered = set(OrderLine.objects.filter(product__in=added).values_list("product", flat=True))
    for entry in one.before:
        values = known.get(entry["pk"])
        if values is None or "old" not in entry:
            continue
        old, new = revived(entry["old"]), revived(entry["new"])
        own = {name: value for name, value in old.items() if values[name] == new[name]}
        if len(own) < len(old):
            kept.append(values["title"])
        back.append(Planned(0, Kind.CHANGED, values["title"], entry["pk"], values=own))
    back += [Planned(0, Kind.CHANGED, "", pk, values={"is_public": False}) for pk in ordered]
    kept += [known[pk]["title"] for pk in ordered]
    change([row for row in back if row.values], known)
    Product.objects.filter(pk__in=set(added) - ordered).delete()
    one.undone_at = database_clock.now()
    one.save(update_fields=["undone_at"])
    log(one.storefront, "wagtail.edit", user=author, data={"import undone": one.pk})
    return kept


def _lock(one: ProductImport) -> None:
    ProductImport.objects.select_for_update().get(pk=one.pk)
    one.refresh_from_db()
    records = StockRecord.objects.filter(partner=one.storefront.partner_id)
    list(
        Product.objects.select_for_update(no_key=True).filter(stockrecords__in=records).order_by("pk").values_list("pk")
    )
    list(records.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def change(rows: Iterable[Planned], known: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Write the values of articles that exist; return what undoing needs."""
    wanted = {row.pk: row.values for row in rows if row.pk}
    found = Product.objects.filter(pk__in=wanted).select_related("details").prefetch_related("stockrecords")
    products, details, records = [], [], []
    for product in found:
        values = wanted[product.pk]
        for name in OF_PRODUCT:
            setattr(product, name, values.get(name, getattr(product, name)))
        product.slug = slug_of(product.title) if "title" in values else product.slug
        for name in OF_DETAILS:
            setattr(product.details, name, values.get(name, getattr(product.details, name)))
        product.details.question = product.details.asked(product.title, product.description)
        (record,) = product.stockrecords.all()
        record.price = values.get("price", record.price)
        if "stock" in values:
            record.num_in_stock = values["stock"] + (record.num_allocated or 0)
        if values.keys() & {*OF_PRODUCT}:
            products.append(product)
        if values.keys() - {"price", "stock", "is_public"}:
            details.append(product.details)
        if values.keys() & {"price", "stock"}:
            records.append(record)
    Product.objects.bulk_update(products, [*OF_PRODUCT, "slug"], batch_size=BATCH)
    ProductDetails.objects.bulk_update(details, [*OF_DETAILS, "question"], batch_size=BATCH)
    StockRecord.objects.bulk_update(records, ["price", "num_in_stock"], batch_size=BATCH)
    return [
        {"pk": pk, "old": {name: known[pk][name] for name in values}, "new": values} for pk, values in wanted.items()
    ]


def _add(storefront: Storefront, rows: list[Planned]) -> list[int]:
    kind = product_class()
    products = Product.objects.bulk_create(
        [
            Product(
                title=row.values["title"],
                slug=slug_of(row.values["title"]),
                description=row.values["description"],
                is_public=row.values["is_public"],
                product_class=kind,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    details, records = [], []
    for product, row in zip(products, rows, strict=True):
        one = ProductDetails(product=product, **{name: row.values[name] for name in OF_DETAILS})
        one.question = one.asked(product.title, product.description)
        details.append(one)
        records.append(
            StockRecord(
                product=product,
                partner_id=storefront.partner_id,
                partner_sku=row.reference or f"P{product.pk}",
                price=row.values["price"],
                num_in_stock=row.values["stock"],
            )
        )
    ProductDetails.objects.bulk_create(details, batch_size=BATCH)
    StockRecord.objects.bulk_create(records, batch_size=BATCH)
    return [product.pk for product in products]
