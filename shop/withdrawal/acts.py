"""A buyer gives up what was bought; its merchant takes it back and refunds it. All or nothing, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from oscar.core.loading import get_model

from portal import database_clock
from portal.oscar_settings import ORDER_COLLECTED
from portal.templatetags.portal import euros
from shop import order_history, orders, refusals
from shop.models import MerchantOrder, Purchase
from shop.order_history import OrderEvent
from shop.receipts.issuing import credit
from shop.substitution.open import void
from shop.weighing import acts as weighing
from shop.withdrawal import emails, offer, period
from shop.withdrawal.models import OPEN, Withdrawal, WithdrawnLine

Order = get_model("order", "Order")
StockRecord = get_model("partner", "StockRecord")
Kind, Actor, State = OrderEvent.Kind, OrderEvent.Actor, Withdrawal.State


class ChangedMeanwhile(Exception):
    """It is no longer what the page showed: nothing was done."""


@dataclass(frozen=True)
class Declaration:
    """What a buyer declares. units: {order line: how many}. name, email: for the acknowledgement."""

    units: Mapping[int, int]
    name: str
    email: str


@transaction.atomic
def declare(purchase: Purchase, declaration: Declaration, shown: Mapping[int, int]) -> list[Withdrawal]:
    """Give up these units; return one withdrawal for each merchant's order they are of.

    shown: {order line: units that could be given up} as the page showed it: a second press of the button, or a
    merchant's « prête » meanwhile, makes it another. Purchase and orders are locked as by whoever cancels them.
    Raises ChangedMeanwhile; ValueError where nothing, or more than can be, is given up.
    """
    Purchase.objects.select_for_update(no_key=True).get(pk=purchase.pk)
    list(Order.objects.select_for_update().filter(merchant_order__purchase=purchase).order_by("pk"))
    loaded = offer.load(purchase.number)
    parts = offer.parts(loaded, database_clock.now()) if loaded else []
    offered = {line.pk: line.units for part in parts for line in part.lines if line.units}
    if offered != dict(shown):
        raise ChangedMeanwhile
    wanted = {pk: units for pk, units in declaration.units.items() if units}
    if not wanted or any(not 0 < units <= offered.get(pk, 0) for pk, units in wanted.items()):
        raise ValueError(wanted)
    made = []
    for part in parts:
        units = {line.pk: wanted[line.pk] for line in part.lines if line.pk in wanted}
        if units:
            made.append(_give_up(part.merchant_order, units, declaration))
    emails.acknowledge(purchase, made)
    return made


def _give_up(merchant_order: MerchantOrder, units: dict[int, int], declaration: Declaration) -> Withdrawal:
    order, now = merchant_order.order, database_clock.now()
    own = order.lines.select_related("stockrecord", "weighed").order_by("stockrecord_id", "pk")
    lines = {line.pk: line for line in own}
    handed_over = order.status == ORDER_COLLECTED
    gone = offer.withdrawn_units(merchant_order) if handed_over else {}
    amounts = {
        pk: weighing.refund(lines[pk], gone.get(pk, 0), count) if handed_over else Decimal(0)
        for pk, count in units.items()
    }
    nothing_left = all(line.quantity == gone.get(pk, 0) + units.get(pk, 0) for pk, line in lines.items())
    delivery = order.shipping_incl_tax if handed_over and nothing_left else Decimal(0)
    withdrawal = Withdrawal.objects.create(
        merchant_order=merchant_order,
        at=now,
        name=declaration.name,
        email=declaration.email,
        handed_over=handed_over,
        delivery=delivery,
        refund=sum(amounts.values(), delivery),
        refund_by=period.refund_by(localdate(now)) if handed_over else None,
        state=State.REQUESTED if handed_over else State.NOTHING_DUE,
    )
    for pk, count in units.items():
        WithdrawnLine.objects.create(withdrawal=withdrawal, line_id=pk, quantity=count, amount=amounts[pk])
        order_history.record(merchant_order, Kind.WITHDRAWN, Actor.BUYER, line=lines[pk], quantity=count)
    if not handed_over:
        _take_out(merchant_order, [(line, units[pk]) for pk, line in lines.items() if pk in units], nothing_left)
    emails.tell_merchant(withdrawal, nothing_left=nothing_left and not handed_over)
    return withdrawal


def _take_out(merchant_order: MerchantOrder, given_up: list[tuple[Any, int]], nothing_left: bool) -> None:
    """Take what nobody collected yet out of its order; its goods are on sale again."""
    if nothing_left:
        orders.cancel(merchant_order, None, MerchantOrder.Cancelled.WITHDRAWN)
        return
    void(merchant_order, [line.pk for line, _ in given_up])
    for line, units in given_up:
        refusals.take_out(line, units, merchant_order.order.status)
    refusals.add_up(merchant_order.order)


@transaction.atomic
def mark_returned(withdrawal: Withdrawal, shown: str, by: Any, on_sale_again: bool = False) -> None:
    """The merchant has got the goods back. shown: the state that the page showed. Raises ChangedMeanwhile."""
    locked = _locked(withdrawal, shown, (State.REQUESTED,))
    locked.state, locked.returned_at = State.RETURNED, database_clock.now()
    locked.save(update_fields=["state", "returned_at"])
    if on_sale_again:
        for row in locked.lines.select_related("line").order_by("line__stockrecord_id"):
            StockRecord.objects.filter(pk=row.line.stockrecord_id).update(num_in_stock=F("num_in_stock") + row.quantity)
    _note(locked, Kind.RETURNED, by, "remis en vente" if on_sale_again else "")
    emails.tell_buyer(locked)


@transaction.atomic
def mark_refunded(withdrawal: Withdrawal, shown: str, by: Any) -> None:
    """The merchant has paid the buyer back. shown: the state that the page showed. Raises ChangedMeanwhile."""
    locked = _locked(withdrawal, shown, OPEN)
    locked.state, locked.refunded_at = State.REFUNDED, database_clock.now()
    locked.save(update_fields=["state", "refunded_at"])
    _note(locked, Kind.REFUNDED, by, euros(locked.refund))
    credit(locked)
    emails.tell_buyer(locked)


def _locked(withdrawal: Withdrawal, shown: str, states: Any) -> Withdrawal:
    locked = Withdrawal.objects.select_for_update().get(pk=withdrawal.pk)
    if locked.state != shown or locked.state not in states:
        raise ChangedMeanwhile
    return locked


def _note(withdrawal: Withdrawal, kind: str, by: Any, words: str) -> None:
    told = f"{withdrawal.number}, {words}" if words else withdrawal.number
    actor = order_history.actor_of(withdrawal.merchant_order, by)
    order_history.record(withdrawal.merchant_order, kind, actor, by, words=told)
