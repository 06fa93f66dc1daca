from typing import Any

from oscar.apps.basket.abstract_models import AbstractBasket


class Basket(AbstractBasket):
    _lines: Any

    def all_lines(self) -> Any:
        """Return the lines with all that a basket page prints, in two queries however many they are."""
        if self.id is None:
            return self.lines.model.objects.none()
        if self._lines is None:
            self._lines = (
                self.lines.select_related(
                    "product__details",
                    "product__product_class",
                    "stockrecord__partner__storefront__merchant__category",
                    "stockrecord__partner__storefront__merchant__town",
                )
                .prefetch_related("product__images", "attributes")
                .order_by("pk")
            )
        return self._lines


from oscar.apps.basket.models import *  # noqa: E402, F403
