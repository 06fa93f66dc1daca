"""Makes a receipt as an order is handed over, and a credit note as it is refunded, in the transaction that does so."""

from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime

from portal import database_clock
from shop import vat
from shop.models import MerchantOrder, Receipt, ReceiptMandate, Storefront, Withdrawal
from shop.pickup import address

Kind = Receipt.Kind
DELIVERY = "Livraison"


def has_mandate(storefront: Storefront) -> bool:
    return ReceiptMandate.objects.filter(storefront=storefront.pk, ended_at=None).exists()


def give_mandate(storefront: Storefront, by: Any) -> None:
    """Make receipts from now on; pressed twice, it is one mandate. The shop's row is locked."""
    if not has_mandate(storefront):
        ReceiptMandate.objects.create(storefront=storefront, given_at=database_clock.now(), given_by=by)


def end_mandate(storefront: Storefront) -> None:
    ReceiptMandate.objects.filter(storefront=storefront, ended_at=None).update(ended_at=database_clock.now())


def issue(merchant_order: MerchantOrder) -> Receipt | None:
    """Make the receipt of an order that is handed over; None without a mandate, or where nothing was sold."""
    part = MerchantOrder.objects.with_details().get(pk=merchant_order.pk)
    if not has_mandate(part.storefront) or part.order.total_incl_tax <= 0:
        return None
    if found := part.receipts.filter(kind=Kind.RECEIPT).first():
        return found
    order = part.order
    lines = [
        _line(line.title, line.quantity, line.unit_price_incl_tax, line.line_price_incl_tax, line.tax_code)
        for line in order.lines.all()
        if line.quantity
    ]
    if order.shipping_incl_tax:
        lines.append(_delivery(order.shipping_incl_tax, order.shipping_tax_code, lines))
    return _issue(part, Kind.RECEIPT, lines, order.total_incl_tax)


def credit(withdrawal: Withdrawal) -> Receipt | None:
    """Make the credit note of what is refunded; None where its order has no receipt, or the mandate has ended."""
    part = MerchantOrder.objects.with_details().get(pk=withdrawal.merchant_order_id)
    receipt = part.receipts.filter(kind=Kind.RECEIPT).first()
    if receipt is None or not has_mandate(part.storefront):
        return None
    lines = [
        _line(row.line.title, row.quantity, row.line.unit_price_incl_tax, row.amount, row.line.tax_code)
        for row in withdrawal.lines.select_related("line")
    ]
    if withdrawal.delivery:
        lines.append(_delivery(withdrawal.delivery, part.order.shipping_tax_code, receipt.lines))
    return _issue(part, Kind.CREDIT_NOTE, lines, withdrawal.refund, withdrawal=withdrawal)


def _issue(part: MerchantOrder, kind: str, lines: list[dict], total: Decimal, **more: Any) -> Receipt:
    now, merchant = database_clock.now(), part.storefront.merchant
    made = Receipt.objects.create(
        storefront=part.storefront,
        merchant_order=part,
        kind=kind,
        year=localtime(now).year,
        issued_at=now,
        seller={"name": merchant.title, "address": address(merchant), "siret": merchant.siret},
        lines=lines,
        total=total,
        **more,
    )
    made.refresh_from_db(fields=["sequence"])  # the database gave it
    return made


def _line(title: str, quantity: Any, unit_price: Decimal, total: Decimal, rate: str) -> dict[str, Any]:
    return {
        "title": title,
        "quantity": str(quantity),
        "unit_price": f"{unit_price:.2f}",
        "total": f"{total:.2f}",
        "rate": rate or vat.EXEMPT,
    }


def _delivery(amount: Decimal, rate: str | None, lines: list[dict]) -> dict[str, Any]:
    """Return the line of the delivery: at its own rate, or, where the order tells none, the highest of the goods."""
    highest = max((line["rate"] for line in lines), key=Decimal, default=vat.EXEMPT)
    return _line(DELIVERY, 1, amount, amount, rate or highest)
