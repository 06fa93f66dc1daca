"""Compares the structured data of a page with the database."""

from collections.abc import Iterator

from django.utils import timezone

from directory.jsonld import hours
from directory.models import MerchantPage
from home.seo.parsed_page import ParsedPage
from portal.phone import international
from shop.jsonld import availability_of
from shop.products import displayed, stock_of

# What each kind of page must carry: one of these types, beside its breadcrumb.
EXPECTED = {
    "accueil": ("WebSite",),
    "produits": ("Product",),
    "communes": ("ItemList",),
    "métiers": ("ItemList",),
    "catégories": ("ItemList",),
    "histoires": ("Article",),
}


def missing(kind: str, reading: ParsedPage) -> str:
    """Return what a page of this kind should tell machines and does not, or ""."""
    if reading.broken_data:
        return "illisibles"
    if kind == "commerçants" and not _business(reading):
        return "LocalBusiness"
    if kind in EXPECTED and not reading.node(*EXPECTED[kind]):
        return EXPECTED[kind][0]
    if kind not in ("accueil", "autres") and not reading.node("BreadcrumbList"):
        return "BreadcrumbList"
    return ""


def differences(kind: str, path: str, reading: ParsedPage) -> Iterator[str]:
    """Yield "name: told ≠ stored" for each fact told otherwise than it is stored."""
    if kind == "commerçants" and (node := _business(reading)):
        yield from _of_merchant(path, node)
    if kind == "produits" and (node := reading.node("Product")):
        yield from _of_product(path, node)


def _business(reading: ParsedPage) -> dict | None:
    return next((node for node in reading.nodes if node.get("@id", "").endswith("#commerce")), None)


def _of_merchant(path: str, node: dict) -> Iterator[str]:
    merchant = MerchantPage.objects.live().with_place().get(slug=path.strip("/").split("/")[-1])
    address, geo = node.get("address", {}), node.get("geo", {})
    weekly = hours(merchant.opening_hours, timezone.localdate(), merchant.place)
    yield from _compared(
        name=(node.get("name"), merchant.title),
        telephone=(node.get("telephone", ""), international(merchant.phone)),
        postalCode=(address.get("postalCode"), merchant.postal_code),
        addressLocality=(address.get("addressLocality"), merchant.town.name),
        geo=((geo.get("latitude"), geo.get("longitude")), merchant.point),
        **{
            name: (node.get(name), weekly.get(name))
            for name in ("openingHoursSpecification", "specialOpeningHoursSpecification")
        },
    )


def _of_product(path: str, node: dict) -> Iterator[str]:
    product = displayed().get(pk=path.strip("/").rpartition("_")[2])
    stockrecord = stock_of(product)
    offer = node.get("offers", {})
    yield from _compared(
        name=(node.get("name"), product.title),
        price=(offer.get("price"), f"{stockrecord.price:.2f}"),
        availability=(offer.get("availability"), availability_of(stockrecord)),
    )


def _compared(**facts: tuple) -> Iterator[str]:
    for name, (told, stored) in facts.items():
        if told != stored:
            yield f"{name} : {told} ≠ {stored}"
