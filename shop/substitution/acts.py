"""A merchant proposes another article for one that is missing; its buyer accepts, declines, or keeps silent.

Whoever acts locks the order's row first, then stock in everybody's order. Nothing is replaced in silence: a proposal
that is not accepted in time is what is missing, refused.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from oscar.core.loading import get_class, get_model

from portal import database_clock
from portal.oscar_settings import ORDER_RECEIVED
from shop import emails, order_history, refusals, vat
from shop.models import MerchantOrder, ProductDetails, Substitution, WeighedLine
from shop.order_creation import new_line, price_of
from shop.order_history import OrderEvent, Reason, Refusal
from shop.substitution.open import close, lock_stock, sell_no_more
from shop.substitution.terms import Accepted, Terms, answer_by, terms
from shop.substitution.wording import as_told, told
from shop.weighing import acts as weighing

Line = get_model("order", "Line")
Order = get_model("order", "Order")
StockRecord = get_model("partner", "StockRecord")
Selector = get_class("partner.strategy", "Selector")
Kind, Actor, State = OrderEvent.Kind, OrderEvent.Actor, Substitution.State


class ChangedMeanwhile(Exception):
    """The order, the article or the proposal is no longer what the page showed: nothing was done."""


class TooLate(Exception):
    """Too little time is left to ask the buyer, or what was asked is over."""


class DearerNotAccepted(Exception):
    """It costs more than what is missing, and its buyer has not said that they accept that."""


@dataclass(frozen=True)
class Wanted:
    """What a merchant proposes: ``missing`` units of a line that holds ``shown``, by ``quantity`` of an article.

    dearer: at the article's price, though that is more than was accepted. none_left: nobody can order the line's any
    more.
    """

    line: int
    shown: int
    missing: int
    product: int
    quantity: int
    dearer: bool
    none_left: bool


def accepted_of(line: Any) -> Accepted:
    """Return what its buyer accepted of one unit of a line, loaded with ``weighed``."""
    weighed = weighing.of_line(line)
    return Accepted(line.unit_price_incl_tax, weighed.ceiling if weighed else line.unit_price_incl_tax)


def terms_of(line: Any, missing: int, product: Any, quantity: int, dearer: bool) -> Terms:
    """Return what units of a product, loaded with stock and details, cost in the place of units of a line."""
    price = product.stockrecords.all()[0].price
    return terms(accepted_of(line), missing, price, quantity, product.details.price_per_kilo is not None, dearer)


def deadline(merchant_order: MerchantOrder, now: datetime) -> datetime | None:
    """Return until when its buyer could answer what is proposed now; None where it is too late to ask."""
    slot = merchant_order.slot
    return answer_by(now, slot.start if slot else None, merchant_order.prepare_by)


@transaction.atomic
def propose(merchant_order: MerchantOrder, wanted: Wanted, by: Any, reason: Reason) -> Substitution:
    """Ask the buyer of an order in preparation; the article is promised to them until they answer.

    Raises ChangedMeanwhile, TooLate; shop.stock.OutOfStock. What the law forbids the database refuses.
    """
    order = Order.objects.select_for_update().get(pk=merchant_order.order_id)
    stored = MerchantOrder.objects.select_related("storefront").get(pk=merchant_order.pk)
    line = order.lines.select_related("weighed").filter(pk=wanted.line).first()
    if order.status != ORDER_RECEIVED or line is None or line.quantity != wanted.shown:
        raise ChangedMeanwhile
    if Substitution.objects.filter(line=line, state__in=(State.ASKED, State.ACCEPTED)).exists():
        raise ChangedMeanwhile
    now = database_clock.now()
    until = deadline(stored, now)
    if until is None:
        raise TooLate
    record = StockRecord.objects.select_related("product__details").get(product=wanted.product)
    lock_stock([line.stockrecord_id, record.pk])
    record.allocate(wanted.quantity)
    substitution = _ask(stored, line, record, wanted, reason, now, until)
    if wanted.none_left and line.stockrecord_id:
        sell_no_more([line.stockrecord_id])
    actor = order_history.actor_of(stored, by)
    _record(substitution, Kind.ASKED, actor, by, told(substitution))
    emails.ask_to_replace(stored, as_told(substitution))
    return substitution


def _ask(
    merchant_order: MerchantOrder,
    line: Any,
    record: Any,
    wanted: Wanted,
    reason: Reason,
    now: datetime,
    until: datetime,
) -> Substitution:
    product, accepted = record.product, accepted_of(line)
    agreed = terms_of(line, wanted.missing, product, wanted.quantity, wanted.dearer)
    by_weight, most = product.details.price_per_kilo, accepted.ceiling * wanted.missing
    strategy = Selector().strategy()
    return Substitution.objects.create(
        merchant_order=merchant_order,
        line=line,
        missing=wanted.missing,
        stockrecord=record,
        title=product.get_title(),
        quantity=wanted.quantity,
        unit_price=agreed.price,
        price_per_kilo=by_weight,
        ceiling=None if by_weight is None else agreed.ceiling,
        tax_code=strategy.pricing_policy(product, record).tax_code,
        most=most,
        is_dearer=agreed.ceiling * wanted.quantity > most,
        none_left=wanted.none_left,
        reason=reason.choice,
        words=reason.words,
        asked_at=now,
        answer_by=until,
    )


@transaction.atomic
def accept(substitution: Substitution, shown: str, dearer: bool = False, by: Any = None) -> bool:
    """Put the article into the order in the place of what is missing; return whether that was done now, not before.

    shown: its allergens, as the page told them. dearer: whether the buyer has said that they accept to pay more. by:
    the User, None for a guest. Raises TooLate, ChangedMeanwhile, DearerNotAccepted.
    """
    order, stored = _locked(substitution)
    now = database_clock.now()
    if stored.state == State.ACCEPTED:
        return False
    if stored.state != State.ASKED or now > stored.answer_by:
        raise TooLate
    if not may_still_be_had(stored) or allergens_of(stored) != shown:
        raise ChangedMeanwhile
    if stored.is_dearer and not dearer:
        raise DearerNotAccepted
    lost = _line(stored)
    lock_stock([lost.stockrecord_id, stored.stockrecord_id])
    refusals.take_out(lost, stored.missing, order.status)
    replacement = _add(stored, order)
    Substitution.objects.filter(pk=stored.pk).update(
        state=State.ACCEPTED,
        answered_at=now,
        dearer_accepted=stored.is_dearer,
        replacement=replacement,
    )
    _leave_none(stored)
    refusals.add_up(order)
    _record(stored, Kind.REPLACED, Actor.BUYER, by, told(stored))
    emails.tell_replaced(stored.merchant_order, as_told(stored))
    return True


@transaction.atomic
def decline(substitution: Substitution, by: Any = None) -> bool:
    """Refuse the article: what is missing leaves the order; return whether that was done now. Raises TooLate."""
    order, stored = _locked(substitution)
    if stored.state == State.DECLINED:
        return False
    if stored.state != State.ASKED:
        raise TooLate
    _refuse(order, stored, State.DECLINED, Kind.DECLINED, Actor.BUYER, by)
    return True


@transaction.atomic
def end_in_silence(substitution: Substitution) -> bool:
    """Refuse what is missing, nobody having answered in time; return whether that was done now."""
    if (
        Order.objects.select_for_update(skip_locked=True).filter(pk=substitution.merchant_order.order_id).first()
        is None
    ):
        return False  # the next minute
    order, stored = _locked(substitution)
    if stored.state != State.ASKED or stored.answer_by > database_clock.now():
        return False
    _refuse(order, stored, State.SILENT, Kind.SILENT, Actor.CLOCK, None)
    return True


def allergens_of(substitution: Substitution) -> str:
    """Return what a buyer reads today of the article's allergens, "" of no food."""
    details = details_of(substitution)
    return details.allergens_told if details else ""


def details_of(substitution: Substitution) -> ProductDetails | None:
    """Return the details of the article, None of one that is gone; one query."""
    return (
        ProductDetails.objects.filter(product__stockrecords=substitution.stockrecord_id)
        .select_related("product")
        .first()
    )


def may_still_be_had(substitution: Substitution) -> bool:
    """Return whether the article is still on sale: its merchant or the Region's staff may have taken it off."""
    details = details_of(substitution)
    return details is not None and details.may_be_sold and details.product.is_public


def _locked(substitution: Substitution) -> tuple[Any, Substitution]:
    order = Order.objects.select_for_update().get(pk=substitution.merchant_order.order_id)
    stored = Substitution.objects.select_related("merchant_order__storefront", "merchant_order__purchase")
    return order, stored.get(pk=substitution.pk)


def _line(substitution: Substitution) -> Any:
    return Line.objects.select_related("weighed", "stockrecord").get(pk=substitution.line_id)


def _add(substitution: Substitution, order: Any) -> Any:
    """Return the order's new line, stored, for which the stock was promised when it was asked."""
    record: Any = substitution.stockrecord  # there is one: it may still be had
    incl_tax = substitution.unit_price
    excl_tax = vat.excl_tax(incl_tax, substitution.tax_code)
    line = new_line(
        order,
        record,
        record.product,
        title=substitution.title,
        quantity=substitution.quantity,
        line_price_incl_tax=incl_tax * substitution.quantity,
        line_price_excl_tax=excl_tax * substitution.quantity,
        unit_price_incl_tax=incl_tax,
        unit_price_excl_tax=excl_tax,
        tax_code=substitution.tax_code,
    )
    line.save()
    price_of(line).save()
    if substitution.price_per_kilo is not None:
        WeighedLine.objects.create(
            line=line, price_per_kilo=substitution.price_per_kilo, ceiling=substitution.ceiling or Decimal(0)
        )
    return line


def _refuse(order: Any, substitution: Substitution, state: str, kind: str, actor: str, by: Any) -> None:
    """End a proposal without its article: what is missing leaves the order, which is cancelled if nothing is left."""
    merchant_order, lost = substitution.merchant_order, _line(substitution)
    of_lines = order.lines.values_list("stockrecord", flat=True)
    lock_stock([*of_lines, substitution.stockrecord_id])
    close(substitution, state)
    _record(substitution, kind, actor, by, told(substitution))
    reason = Reason(Refusal(substitution.reason), substitution.words)
    refusals.refuse_units(merchant_order, order, [(lost, substitution.missing)], None, reason)
    _leave_none(substitution)
    emails.tell_answer(merchant_order, as_told(substitution), is_silent=state == State.SILENT)


def _leave_none(substitution: Substitution) -> None:
    """What the line no longer holds is not on sale again, where its merchant said that none is left."""
    if substitution.none_left and (record := substitution.line.stockrecord_id):
        sell_no_more([record])


def _record(substitution: Substitution, kind: str, actor: str, by: Any, words: str) -> None:
    order_history.record(
        substitution.merchant_order,
        kind,
        actor,
        by,
        words=words[: order_history.LONGEST_WORDS],
        line=substitution.line,
        quantity=substitution.missing,
    )
