"""Receipts as PDF, for who bought and for who sold; their list and table in the merchant's space; the mandate."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory.models import MerchantPage
from directory.space.navigation import links
from portal.spreadsheets import table
from shop import vat
from shop.models import Receipt, ReceiptMandate, Storefront
from shop.products import create_storefront
from shop.receipts.drawing import draw
from shop.receipts.issuing import end_mandate, give_mandate
from shop.views.purchases import may_see

PAGE_SIZE = 50
COLUMNS = ("Numéro", "Nature", "Date", "Commande", "Taux", "HT", "TVA", "TTC")


@never_cache
@require_safe
def of_buyer(request: HttpRequest, number: str, receipt_pk: int) -> HttpResponse:
    """A receipt of one merchant's order, for whoever may see the purchase."""
    receipt = get_object_or_404(_receipts(), pk=receipt_pk, merchant_order__order__number=number)
    purchase = receipt.merchant_order.purchase
    if not (purchase.is_opened_by(request.GET.get("cle", "")) or may_see(request, purchase)):
        raise Http404
    return _file(receipt)


@never_cache
@login_required
@require_safe
def of_merchant(request: HttpRequest, pk: int, receipt_pk: int) -> HttpResponse:
    merchant = _merchant(request, pk)
    return _file(get_object_or_404(_receipts(), pk=receipt_pk, storefront__merchant=merchant))


@never_cache
@login_required
@require_safe
def listed(request: HttpRequest, pk: int) -> HttpResponse:
    """A merchant's receipts, the latest first, and a table of each year."""
    merchant = _merchant(request, pk)
    own = Receipt.objects.filter(storefront__merchant=merchant)
    page = Paginator(own.select_related("merchant_order__order").order_by("-pk"), PAGE_SIZE)
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "orders"),
        "mandate": ReceiptMandate.objects.filter(storefront__merchant=merchant, ended_at=None).first(),
        "years": own.order_by("-year").values_list("year", flat=True).distinct(),
        "page": page.get_page(request.GET.get("page")),
    }
    return render(request, "shop/receipts/space.html", context)


@never_cache
@login_required
@require_safe
def year_table(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """All numbers of a year, a row for each rate of VAT; a credit note's amounts are negative."""
    merchant = _merchant(request, pk)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # by which Excel knows UTF-8
    response.headers["Content-Disposition"] = f'attachment; filename="recus-{merchant.slug}-{year}.csv"'
    rows = table(response)
    rows.writerow(COLUMNS)
    own = Receipt.objects.filter(storefront__merchant=merchant, year=year).select_related("merchant_order__order")
    for receipt in own.order_by("-kind", "sequence"):
        rows.writerows(_rows(receipt))
    return response


@login_required
@require_POST
@transaction.atomic
def mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the mandate, or end it."""
    storefront = create_storefront(_merchant(request, pk))
    storefront = Storefront.objects.select_for_update().get(pk=storefront.pk)
    if "finir" in request.POST:
        end_mandate(storefront)
        messages.success(request, "Le portail ne fait plus de reçus à votre nom. Ceux qui existent restent.")
    elif "mandat" in request.POST:
        give_mandate(storefront, request.user)
        messages.success(request, "C’est noté : chaque commande remise aura son reçu, à votre nom.")
    else:
        messages.error(request, "Cochez la case pour donner ce mandat.")
    return redirect("merchant_receipts", pk)


def _rows(receipt: Receipt) -> list[list[Any]]:
    sign = -1 if receipt.kind == Receipt.Kind.CREDIT_NOTE else 1
    start = [
        receipt.number,
        receipt.get_kind_display(),
        f"{localtime(receipt.issued_at):%d/%m/%Y}",
        receipt.merchant_order.order.number,
    ]
    return [
        [*start, share.rate.replace(".", ","), *(_amount(sign * each) for each in _amounts(share))]
        for share in vat.shares(receipt.vat_lines())
    ]


def _amounts(share: vat.Share) -> tuple[Any, Any, Any]:
    return share.excl_tax, share.tax, share.incl_tax


def _amount(euros: Any) -> str:
    return f"{euros:.2f}".replace(".", ",")


def _receipts() -> Any:
    return Receipt.objects.select_related("merchant_order__order", "merchant_order__purchase", "withdrawal")


def _merchant(request: HttpRequest, pk: int) -> MerchantPage:
    found: MerchantPage = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    return found


def _file(receipt: Receipt) -> HttpResponse:
    response = HttpResponse(draw(receipt), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{receipt.number}.pdf"'
    return response
