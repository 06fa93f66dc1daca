"""Makes a receipt as an order is handed over, and a credit note as it is refunded, in the transaction that does so."""

from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime

from portal import database_clock
from shop import vat
from shop.delivery.ways import fee_by_rate
from shop.models import MerchantOrder, Receipt, ReceiptMandate, Storefront, Withdrawal
from shop.pickup import address
from shop.weighing import acts as weighing

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
        _line(line, line.quantity, line.line_price_incl_tax, weighing.told(line))
        for line in order.lines.all()
        if line.quantity
    ]
    return _issue(part, Kind.RECEIPT, [*lines, *_delivery(order, order.shipping_incl_tax)], order.total_incl_tax)


def credit(withdrawal: Withdrawal) -> Receipt | None:
    """Make the credit note of what is refunded; None where its order has no receipt.

    It corrects a receipt that was made under the mandate, and is made though that has ended (docs/receipts.md).
    """
    part = MerchantOrder.objects.with_details().get(pk=withdrawal.merchant_order_id)
    receipt = part.receipts.filter(kind=Kind.RECEIPT).first()
    if receipt is None:
        return None
    lines = [
        _line(row.line, row.quantity, row.amount, _part_told(row))
        for row in withdrawal.lines.select_related("line__weighed")
    ]
    lines += _delivery(part.order, withdrawal.delivery)
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


def _line(line: Any, quantity: int, total: Decimal, weighed: str) -> dict[str, Any]:
    """Return a line of an order as it is printed. weighed: as ``weighing.told``; no piece of it has its own price."""
    return {
        "title": line.title,
        "quantity": str(quantity),
        "unit_price": "" if weighed else f"{line.unit_price_incl_tax:.2f}",
        "weighed": weighed,
        "total": f"{total:.2f}",
        "rate": line.tax_code or vat.EXEMPT,
    }


def _part_told(row: Any) -> str:
    """Return what is said of the pieces that come back of a weighed line: their share of it is refunded."""
    told = weighing.told(row.line)
    return f"{row.quantity} sur {row.line.quantity}, {told}" if told else ""


def _delivery(order: Any, amount: Decimal) -> list[dict[str, Any]]:
    """Return the lines of the delivery, one a rate of what was handed over, whose VAT it follows; none for nothing."""
    goods = [(line.tax_code or vat.EXEMPT, line.line_price_incl_tax) for line in order.lines.all()]
    return [
        {
            "title": DELIVERY,
            "quantity": "1",
            "unit_price": f"{part:.2f}",
            "weighed": "",
            "total": f"{part:.2f}",
            "rate": rate,
        }
        for rate, part in fee_by_rate(goods, amount)
    ]
