"""What a merchant takes along: page, products and orders in one machine-readable file; what waits, as a table."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.models import MerchantPage
from portal.oscar_settings import ORDER_READY
from portal.spreadsheets import table
from shop import facts, order_history
from shop.models import TO_PREPARE, Enquiry, MerchantOrder, ProductDetails
from shop.products import MERCHANT

PAGE = (
    "title", "siret", "street", "postal_code", "latitude", "longitude", "phone", "email", "website", "opening_hours",
    "confirmed_on", "delivers", "delivery_note", "step_free", "labels", "story", "first_published_at",
    "last_published_at",
)  # fmt: skip
DETAILS = (
    "unit", "measure", "quantity", "vat_rate", "label", "withdrawal_exception", "is_food", "is_alcohol",
    "allergens_known", "allergens", "traces", "lead_hours", "only_on", *facts.NAMES,
)  # fmt: skip


COLUMNS = ("Jour", "De", "À", "Code", "Commande", "État", "Client", "Téléphone", "Articles", "À encaisser", "Son mot",
           "Mode", "Adresse de livraison", "Prix de la livraison")  # fmt: skip


@require_safe
@never_cache
@login_required
def orders_table(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits at one merchant's, in the order in which it is collected: a table for spreadsheets."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    waiting = MerchantOrder.objects.filter(storefront__merchant=merchant, order__status__in=(*TO_PREPARE, ORDER_READY))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # by which Excel knows UTF-8
    response.headers["Content-Disposition"] = f'attachment; filename="commandes-{merchant.slug}.csv"'
    rows = table(response)
    rows.writerow(COLUMNS)
    for one in waiting.confirmed().with_details().order_by(F("collect_from").asc(nulls_last=True), "pk"):
        rows.writerow(_row(one))
    return response


def _row(merchant_order: MerchantOrder) -> list[Any]:
    order, buyer, slot = merchant_order.order, merchant_order.purchase, merchant_order.slot
    lines = [f"{line.quantity} × {line.title}" for line in order.lines.all() if line.quantity]
    return [
        *((f"{slot.start:%d/%m/%Y}", f"{slot.start:%H:%M}", f"{slot.end:%H:%M}") if slot else ("", "", "")),
        merchant_order.collection_code,
        order.number,
        order.status,
        buyer.name,
        buyer.phone,
        ", ".join(lines),
        f"{order.total_incl_tax:.2f}".replace(".", ","),
        buyer.note,
        merchant_order.get_delivery_display() or "Retrait",
        buyer.delivery_address if merchant_order.delivery else "",
        f"{order.shipping_incl_tax:.2f}".replace(".", ","),
    ]


@require_safe
@never_cache
@login_required
def merchant_data(request: HttpRequest, pk: int) -> JsonResponse:
    """One merchant's data, always open to them, even when the portal is closed (règlement (UE) 2019/1150, art. 9)."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user).with_place(), pk=pk)
    response = JsonResponse(data_of(merchant), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = f'attachment; filename="{merchant.slug}.json"'
    return response


def data_of(merchant: MerchantPage) -> dict[str, Any]:
    """Return the page, articles and orders of a merchant."""
    return {
        "fiche": {name: getattr(merchant, name) for name in PAGE}
        | {"category": merchant.category.name, "town": merchant.town.name, "insee_code": merchant.town.insee_code},
        "produits": [_article(details) for details in _details_of(merchant)],
        "commandes": [_order(merchant_order) for merchant_order in _orders_of(merchant)],
        "demandes": list(
            Enquiry.objects.told()
            .filter(merchant=merchant)
            .order_by("pk")
            .values(
                "kind", "state", "name", "phone", "wanted", "when", "confirmed_at", "answered_at", "kept_until", "reply"
            )
        ),
    }


def _details_of(merchant: MerchantPage) -> Any:
    own = ProductDetails.objects.filter(**{f"product__{MERCHANT}": merchant})
    return own.select_related("product").prefetch_related("product__stockrecords").order_by("pk")


def _orders_of(merchant: MerchantPage) -> Any:
    return MerchantOrder.objects.filter(storefront__merchant=merchant).confirmed().with_tickets().order_by("pk")


def _article(details: Any) -> dict[str, Any]:
    product = details.product
    stockrecord = product.stockrecords.all()[0]
    return {
        "title": product.title,
        "description": product.description,
        "is_public": product.is_public,
        "price": stockrecord.price,
        "stock": stockrecord.net_stock_level,
    } | {name: getattr(details, name) for name in DETAILS}


def _order(merchant_order: MerchantOrder) -> dict[str, Any]:
    buyer, order = merchant_order.purchase, merchant_order.order
    address = buyer.delivery_address if merchant_order.delivery else ""
    reach = {"email": buyer.email, "phone": buyer.phone, "delivery_address": address}
    if not order_history.may_contact(merchant_order, timezone.now()):
        reach = dict.fromkeys(reach, "")
    return {
        "number": order.number,
        "placed_at": buyer.placed_at,
        "status": order.status,
        "collection_code": merchant_order.collection_code,
        "delivery": merchant_order.delivery,
        "delivery_fee": order.shipping_incl_tax,
        "collect_from": merchant_order.collect_from,
        "collect_until": merchant_order.collect_until,
        "buyer": {"name": buyer.name, **reach, "note": buyer.note},
        "total": order.total_incl_tax,
        "lines": [
            {"title": line.title, "quantity": line.quantity, "total": line.line_price_incl_tax, "vat": line.tax_code}
            for line in order.lines.all()
        ],
        "history": [
            _event(event, {line.pk: line.title for line in order.lines.all()}) for event in merchant_order.events.all()
        ],
    }


def _event(event: Any, titles: Any) -> Any:
    """titles: of the order's lines, by id."""
    said = {name: getattr(event, name) for name in ("at", "kind", "actor", "reason", "words", "quantity")}
    return said | {"article": titles.get(event.line_id, "")}
