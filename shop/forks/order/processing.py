from functools import partial

from django.db import transaction
from oscar.apps.order import processing
from oscar.core.loading import get_model

from portal.oscar_settings import ORDER_CANCELLED, ORDER_COLLECTED
from shop import emails
from shop.payments import provider_of


class EventHandler(processing.EventHandler):
    def handle_order_status_change(self, order, new_status, note_msg=None):
        """Change the status, and with it stock, payment and what the buyer knows; the dashboard passes here too.

        Oscar's own changes the word alone: a cancelled order would keep its goods for ever.
        Raises oscar's InvalidOrderStatus when the order has gone too far for that.
        """
        with transaction.atomic():
            locked = get_model("order", "Order").objects.select_for_update().get(pk=order.pk)
            if locked.status != new_status:
                super().handle_order_status_change(locked, new_status, note_msg)
                lines = locked.lines.order_by("stockrecord_id")
                if new_status == ORDER_CANCELLED:
                    self.cancel_stock_allocations(locked, lines)
                    provider_of(locked).cancelled(locked)
                elif new_status == ORDER_COLLECTED:
                    self.consume_stock_allocations(locked, lines)
                    provider_of(locked).collected(locked)
                transaction.on_commit(partial(emails.tell_buyer, locked.merchant_order), robust=True)
        order.refresh_from_db()
