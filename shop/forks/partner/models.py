from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Coalesce
from oscar.apps.partner.abstract_models import AbstractStockRecord

from shop.stock import OutOfStock


class StockRecord(AbstractStockRecord):
    def allocate(self, quantity: Any) -> None:
        """Promise ``quantity`` to an order, or raise OutOfStock.

        The condition stands in the UPDATE itself: PostgreSQL makes a second buyer wait for the first one's row and
        then look again. Oscar checks first and writes later, so two buyers can have the last one.
        """
        if not self.can_track_allocations:
            return
        self.pre_save_signal()
        allocated = Coalesce(F("num_allocated"), 0) + quantity
        if not type(self).objects.filter(pk=self.pk, num_in_stock__gte=allocated).update(num_allocated=allocated):
            raise OutOfStock(f"{quantity} × {self.product.get_title()}")
        self.refresh_from_db(fields=["num_allocated"])
        self.post_save_signal()

    def clean(self) -> None:
        """Refuse a stock below what shoppers were promised; the database would refuse it too."""
        super().clean()
        if self.num_in_stock is not None and self.num_in_stock < (self.num_allocated or 0):
            raise ValidationError(
                {
                    "num_in_stock": f"{self.num_allocated} sont déjà commandés et attendent d’être remis : "
                    "indiquez au moins ce nombre, ou annulez d’abord une commande."
                }
            )


from oscar.apps.partner.models import *  # noqa: E402, F403
