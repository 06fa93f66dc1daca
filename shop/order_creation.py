"""Writes the orders of a purchase, one a merchant, in a number of queries that does not grow with the lines.

Oscar's own OrderCreator writes line by line, a dozen queries each, and wants a basket for each order. What it stores is
stored here too: the order, its lines, their prices, the stock promised, `order_placed` sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.sites.models import Site
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Coalesce
from oscar.apps.order.signals import order_placed
from oscar.core.loading import get_model

from portal.oscar_settings import ORDER_RECEIVED, ORDER_TO_CONFIRM
from shop import orders, vat
from shop.collection.slots import Slot
from shop.delivery.ways import Way, fee_by_rate
from shop.models import MerchantOrder, Purchase, Storefront, WeighedLine
from shop.payments import Provider
from shop.pickup import Brought, Pickup, new_code
from shop.stock import OutOfStock, locked
from shop.weighing import amounts

Line = get_model("order", "Line")
LinePrice = get_model("order", "LinePrice")
Order = get_model("order", "Order")
StockRecord = get_model("partner", "StockRecord")


@dataclass(frozen=True)
class Part:
    """What is bought of one merchant. lines: of the basket, not empty. slot: when the buyer comes, or the
    round passes, if agreed. way: how it is brought, None where its buyer comes.
    """

    storefront: Storefront
    lines: Sequence[Any]
    slot: Slot | None
    way: Way | None = None


def create(purchase: Purchase, basket: Any, parts: Sequence[Part], provider: Provider) -> list[MerchantOrder]:
    """Write one order for each part and promise its goods, inside the caller's transaction.

    parts: by merchant, each one's lines by article, in the order in which everybody locks stock. Slots are taken last:
    their locks are held until all is stored. Raises shop.stock.OutOfStock.
    """
    status = ORDER_RECEIVED if purchase.confirmed_at else ORDER_TO_CONFIRM
    placed = Order.objects.bulk_create(
        _order(purchase, basket, position, part, status) for position, part in enumerate(parts, start=1)
    )
    lines = Line.objects.bulk_create(
        _line(order, line) for order, part in zip(placed, parts, strict=True) for line in part.lines
    )
    LinePrice.objects.bulk_create(price_of(line) for line in lines)
    WeighedLine.objects.bulk_create(_weighed(line) for line in lines if line.product.details.price_per_kilo)
    promise([line for part in parts for line in part.lines])
    for order in placed:
        provider.promise(order)
        order_placed.send(sender=create, order=order, user=purchase.user)
    return MerchantOrder.objects.bulk_create(
        MerchantOrder(
            order=order,
            purchase=purchase,
            storefront=part.storefront,
            collection_code=new_code(part.storefront),
            delivery=part.way.kind if part.way else "",
            **({"collect_from": part.slot.start, "collect_until": part.slot.end} if part.slot else {}),
            **(orders.deadlines(part.storefront.merchant, part.slot) if purchase.confirmed_at else {}),
        )
        for order, part in zip(placed, parts, strict=True)
    )


def promise(lines: Iterable[Any]) -> None:
    """Promise the stock of lines of a basket, or raise OutOfStock and promise nothing; two queries.

    The rows are locked in the order that everybody takes, then read: what another buyer was promised meanwhile counts.
    """
    wanted = {line.stockrecord_id: line for line in lines if line.product.get_product_class().track_stock}
    for pk, in_stock, allocated in locked(wanted).values_list("pk", "num_in_stock", "num_allocated"):
        line = wanted[pk]
        if (in_stock or 0) < (allocated or 0) + line.quantity:
            raise OutOfStock(f"{line.quantity} × {line.product.get_title()}")
    more = Case(*(When(pk=pk, then=Value(line.quantity)) for pk, line in wanted.items()), output_field=IntegerField())
    StockRecord.objects.filter(pk__in=wanted).update(num_allocated=Coalesce(F("num_allocated"), 0) + more)


def _order(purchase: Purchase, basket: Any, position: int, part: Part, status: str) -> Any:
    taxed = [(line.purchase_info.price.tax_code, line.line_price_incl_tax) for line in part.lines]
    fee = fee_by_rate(taxed, part.way.fee) if part.way else []
    shares = vat.shares(taxed + fee)
    collection = Brought(part.way.kind) if part.way else Pickup()
    return Order(
        basket=basket,
        number=f"{purchase.number}-{position}",
        site=Site.objects.get_current(),
        user=purchase.user,
        guest_email="" if purchase.user else purchase.email,
        currency=basket.currency,
        total_incl_tax=sum(share.incl_tax for share in shares),
        total_excl_tax=sum(share.excl_tax for share in shares),
        shipping_incl_tax=sum((share.incl_tax for share in vat.shares(fee)), Decimal(0)),
        shipping_excl_tax=sum((share.excl_tax for share in vat.shares(fee)), Decimal(0)),
        shipping_method=collection.name,
        shipping_code=collection.code,
        status=status,
        date_placed=purchase.placed_at,
    )


def _line(order: Any, line: Any) -> Any:
    """Return an order's line, not stored, of a basket's line."""
    return new_line(
        order,
        line.stockrecord,
        line.product,
        title=line.product.get_title(),
        quantity=line.quantity,
        line_price_incl_tax=line.line_price_incl_tax,
        line_price_excl_tax=line.line_price_excl_tax,
        unit_price_incl_tax=line.unit_price_incl_tax,
        unit_price_excl_tax=line.unit_price_excl_tax,
        tax_code=line.tax_code,
    )


def new_line(order: Any, record: Any, product: Any, **told: Any) -> Any:
    """Return a line of an order, not stored, whose stock was promised; record: the product's.

    told: its title, quantity and tax_code, and its prices as Oscar names them, of a unit and of all.
    """
    return Line(
        order=order,
        partner=record.partner,
        partner_name=record.partner.name,
        partner_sku=record.partner_sku,
        stockrecord=record,
        product=product,
        upc=product.upc,
        line_price_before_discounts_incl_tax=told["line_price_incl_tax"],
        line_price_before_discounts_excl_tax=told["line_price_excl_tax"],
        num_allocated=told["quantity"],
        status=ORDER_RECEIVED,
        **told,
    )


def price_of(line: Any) -> Any:
    """Return Oscar's record of the price of a line, not stored."""
    return LinePrice(
        order=line.order,
        line=line,
        quantity=line.quantity,
        price_incl_tax=line.unit_price_incl_tax,
        price_excl_tax=line.unit_price_excl_tax,
        tax_code=line.tax_code,
    )


def _weighed(line: Any) -> WeighedLine:
    price_per_kilo = line.product.details.price_per_kilo
    return WeighedLine(line=line, price_per_kilo=price_per_kilo, ceiling=amounts.ceiling(line.unit_price_incl_tax))
