from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from oscar.apps.order import processing
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.core.loading import get_model

from portal import database_clock
from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY
from shop import emails, order_history
from shop.delivery.models import Kind
from shop.order_history import OrderEvent, Reason
from shop.payments import provider_of
from shop.substitution.open import asked_of, void
from shop.weighing.acts import unweighed

Actor = OrderEvent.Actor


class NotWeighed(InvalidOrderStatus):
    """Something that is sold by weight has not been weighed: its price is not known."""


class AwaitsAnswer(InvalidOrderStatus):
    """The buyer was asked whether another article suits them, and can still answer."""


class EventHandler(processing.EventHandler):
    def __init__(self, user: Any = None, reason: Reason | None = None, **kwargs: Any) -> None:
        """user: who does it, None for a guest and for the clock. reason: a merchant's, who cancels."""
        super().__init__(user, **kwargs)
        self.reason = reason

    def handle_order_status_change(self, order: Any, new_status: str, note_msg: Any = None) -> None:
        """Change the status, and with it stock, payment, history and what people know.

        Oscar's own changes the word alone: a cancelled order would keep its goods for ever.
        Raises oscar's InvalidOrderStatus when the order has gone too far for that, or its buyer has not confirmed it.
        """
        with transaction.atomic():
            locked = get_model("order", "Order").objects.select_for_update().get(pk=order.pk)
            if locked.status != new_status:
                merchant_order = locked.merchant_order
                if new_status != ORDER_CANCELLED and merchant_order.purchase.confirmed_at is None:
                    raise InvalidOrderStatus(f"{locked.number} : l’acheteur n’a pas encore confirmé.")
                if new_status in (ORDER_READY, ORDER_COLLECTED) and unweighed(merchant_order):
                    raise NotWeighed(f"{locked.number} : il reste un article à peser.")
                if new_status in (ORDER_READY, ORDER_COLLECTED) and asked_of(merchant_order).exists():
                    raise AwaitsAnswer(f"{locked.number} : le client n’a pas encore répondu.")
                super().handle_order_status_change(locked, new_status, note_msg)
                # Of a line whose units were all refused, Oscar would refuse to take nothing out of stock.
                lines = locked.lines.filter(quantity__gt=0).order_by("stockrecord_id")
                if new_status == ORDER_READY:
                    slot, today = merchant_order.slot, database_clock.today()
                    since = max(today, slot.start.date()) if slot else today
                    merchant_order.collect_by = since + timedelta(days=settings.DAYS_TO_COLLECT)
                    merchant_order.save(update_fields=["collect_by"])
                elif new_status == ORDER_CANCELLED:
                    void(merchant_order)
                    self.cancel_stock_allocations(locked, lines)
                    provider_of(locked).cancelled(locked)
                elif new_status == ORDER_COLLECTED:
                    self.consume_stock_allocations(locked, lines)
                    provider_of(locked).collected(locked)
                if kind := order_history.KINDS.get(new_status):
                    order_history.record(
                        merchant_order, kind, self._actor(merchant_order, new_status), self.user, self.reason
                    )
                emails.notify(merchant_order, new_status)
        order.refresh_from_db()

    def _actor(self, merchant_order: Any, new_status: str) -> str:
        """Return who of those concerned changes an order: what nobody of the shop does, the Region's staff does."""
        causes = merchant_order.Cancelled
        if new_status == ORDER_CANCELLED and merchant_order.cancelled_because:
            actors = {
                causes.MERCHANT: Actor.MERCHANT,
                causes.BUYER: Actor.BUYER,
                causes.GIVEN_UP: Actor.BUYER,
                causes.WITHDRAWN: Actor.BUYER,
                causes.STAFF: Actor.STAFF,
            }
            return actors.get(merchant_order.cancelled_because, Actor.CLOCK)
        if new_status == ORDER_CANCELLED:
            return Actor.STAFF
        if new_status == ORDER_COLLECTED and self.user is None and merchant_order.delivery == Kind.PARCEL:
            return Actor.CLOCK
        return order_history.actor_of(merchant_order, self.user)
