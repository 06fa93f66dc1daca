"""Deadlines of orders: each function is a job that runs every minute (docs/orders.md).

Each takes a bounded number of rows, one transaction a row. A row that another worker or its buyer holds is left for
the next minute, and one that fails holds up none of the others. The goods of an order come back once: the change of
status itself is done under the order's lock.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db import OperationalError, transaction
from oscar.core.loading import get_model

from portal import database_clock
from portal.oscar_settings import ORDER_READY, ORDER_RECEIVED, ORDER_TO_CONFIRM
from shop import emails, orders, purchases
from shop.delivery.models import Kind
from shop.models import MerchantOrder, MerchantOrderQuerySet, Purchase, Substitution
from shop.substitution import acts as substituting

Order = get_model("order", "Order")
Cancelled = MerchantOrder.Cancelled

BATCH = 200  # rows each duty takes a minute
DAY = timedelta(days=1)

log = structlog.get_logger(__name__)


def end_holds() -> int:
    """Give back what nobody confirmed in time; return how many purchases that ended."""
    due = Purchase.objects.filter(
        confirmed_at=None, confirm_by__lte=database_clock.now(), merchant_orders__order__status=ORDER_TO_CONFIRM
    )
    ended = due.distinct().order_by("confirm_by")[:BATCH]
    return each(ended, partial(purchases.release, because=Cancelled.UNCONFIRMED, only_due=True))


def end_substitutions() -> int:
    """Refuse what is missing of which nobody has accepted a substitute in time; return how many."""
    due = Substitution.objects.filter(state=Substitution.State.ASKED, answer_by__lte=database_clock.now())
    return each(due.select_related("merchant_order").order_by("answer_by")[:BATCH], substituting.end_in_silence)


def remind_to_answer() -> int:
    """Remind merchants, once, of what waits for their answer; return how many orders."""
    soon = MerchantOrder.objects.unanswered().filter(
        answer_reminded_at=None, remind_from__lte=database_clock.now(), answer_by__gt=database_clock.now()
    )
    return each(soon.order_by("pk")[:BATCH], partial(_remind_to_answer, soon))


def cancel_unanswered() -> int:
    """Cancel what merchants did not answer in time; return how many orders."""
    late = MerchantOrder.objects.unanswered().filter(answer_by__lte=database_clock.now())
    return _cancel(late, Cancelled.UNANSWERED)


def cancel_unprepared() -> int:
    """Cancel what merchants did not prepare in time; return how many orders."""
    late = MerchantOrder.objects.filter(order__status=ORDER_RECEIVED, prepare_by__lt=database_clock.today())
    return _cancel(late, Cancelled.UNPREPARED)


def cancel_uncollected() -> int:
    """Cancel what nobody collected in time; return how many orders."""
    late = MerchantOrder.objects.filter(order__status=ORDER_READY, collect_by__lt=database_clock.today())
    return _cancel(late.exclude(delivery=Kind.PARCEL), Cancelled.UNCOLLECTED)


def finish_parcels() -> int:
    """Count as delivered the parcels of which nothing was heard by their day; return how many orders."""
    sent = MerchantOrder.objects.filter(
        order__status=ORDER_READY, collect_by__lt=database_clock.today(), delivery=Kind.PARCEL
    )
    return each(sent.order_by("pk")[:BATCH], partial(_finish, sent))


def remind_buyers() -> int:
    """Tell buyers, once, that what is ready waits for few days more; return how many orders."""
    today = database_clock.today()
    soon = MerchantOrder.objects.filter(
        order__status=ORDER_READY,
        reminded_at=None,
        delivery="",
        collect_by__range=(today, today + timedelta(days=settings.REMINDER_DAYS)),
    )
    return each(soon.order_by("pk")[:BATCH], partial(_remind, soon))


def remind_merchants() -> int:
    """Tell merchants, once, what they have until tomorrow to prepare; return how many orders."""
    today = database_clock.today()
    soon = MerchantOrder.objects.filter(
        order__status=ORDER_RECEIVED, merchant_reminded_at=None, prepare_by__range=(today, today + DAY)
    )
    return each(soon.order_by("pk")[:BATCH], partial(_remind_merchant, soon))


def _cancel(late: MerchantOrderQuerySet, because: str) -> int:
    return each(late.order_by("pk")[:BATCH], partial(_cancel_one, late, because=because))


@transaction.atomic
def _cancel_one(late: MerchantOrderQuerySet, merchant_order: MerchantOrder, because: str) -> bool:
    """Cancel an order unless somebody is at it, or has been meanwhile."""
    if not _is_locked(merchant_order) or not late.filter(pk=merchant_order.pk).exists():
        return False
    orders.cancel(merchant_order, by=None, because=because)
    return True


@transaction.atomic
def _finish(sent: MerchantOrderQuerySet, merchant_order: MerchantOrder) -> bool:
    if not _is_locked(merchant_order) or not sent.filter(pk=merchant_order.pk).exists():
        return False
    orders.mark_collected(merchant_order, by=None)
    return True


@transaction.atomic
def _remind(soon: MerchantOrderQuerySet, merchant_order: MerchantOrder) -> bool:
    if not _is_locked(merchant_order) or not soon.filter(pk=merchant_order.pk).update(reminded_at=database_clock.now()):
        return False
    emails.remind(merchant_order)
    return True


@transaction.atomic
def _remind_merchant(soon: MerchantOrderQuerySet, merchant_order: MerchantOrder) -> bool:
    if not _is_locked(merchant_order) or not soon.filter(pk=merchant_order.pk).update(
        merchant_reminded_at=database_clock.now()
    ):
        return False
    emails.remind_merchant(merchant_order)
    return True


@transaction.atomic
def _remind_to_answer(soon: MerchantOrderQuerySet, merchant_order: MerchantOrder) -> bool:
    if not _is_locked(merchant_order) or not soon.filter(pk=merchant_order.pk).update(
        answer_reminded_at=database_clock.now()
    ):
        return False
    emails.remind_to_answer(merchant_order)
    return True


def _is_locked(merchant_order: MerchantOrder) -> bool:
    """Lock the order as whoever changes its status does; return False if somebody has it."""
    return Order.objects.select_for_update(skip_locked=True).filter(pk=merchant_order.order_id).first() is not None


def each(rows: Any, act: Callable[..., bool]) -> int:
    """Do ``act`` to each row; return how many it did something to."""
    done = 0
    for row in list(rows):
        try:
            done += bool(act(row))
        except OperationalError:
            raise  # the database is away, or this took too long: the worker knows what to do
        except Exception:
            log.exception("order_deadline_failed", row=row.pk, act=getattr(act, "func", act).__name__)
    if done:
        log.info("order_deadlines", act=getattr(act, "func", act).__name__, done=done)
    return done
