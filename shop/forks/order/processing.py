from datetime import timedelta

from django.conf import settings
from django.db import transaction
from oscar.apps.order import processing
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.core.loading import get_model

from portal import database_clock
from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED, ORDER_READY
from shop import emails
from shop.payments import provider_of


class EventHandler(processing.EventHandler):
    def handle_order_status_change(self, order, new_status, note_msg=None):
        """Change the status, and with it stock, payment and what the buyer knows; the dashboard passes here too.

        Oscar's own changes the word alone: a cancelled order would keep its goods for ever.
        Raises oscar's InvalidOrderStatus when the order has gone too far for that, or its buyer has not confirmed it.
        """
        with transaction.atomic():
            locked = get_model("order", "Order").objects.select_for_update().get(pk=order.pk)
            if locked.status != new_status:
                part = locked.merchant_order
                if new_status != ORDER_CANCELLED and part.purchase.confirmed_at is None:
                    raise InvalidOrderStatus(f"{locked.number} : l’acheteur n’a pas encore confirmé.")
                super().handle_order_status_change(locked, new_status, note_msg)
                lines = locked.lines.order_by("stockrecord_id")
                if new_status == ORDER_READY:
                    part.collect_by = database_clock.today() + timedelta(days=settings.DAYS_TO_COLLECT)
                    part.save(update_fields=["collect_by"])
                elif new_status == ORDER_CANCELLED:
                    self.cancel_stock_allocations(locked, lines)
                    provider_of(locked).cancelled(locked)
                elif new_status == ORDER_COLLECTED:
                    self.consume_stock_allocations(locked, lines)
                    provider_of(locked).collected(locked)
                emails.tell(part, new_status)
        order.refresh_from_db()
