"""The form of prices and stock of many articles at once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from wagtail.log_actions import log

from directory.models import MerchantPage
from directory.space.changes import name_of
from portal.concurrent_edits import LastChange, Part
from portal.concurrent_form import ConcurrentEditsMixin
from portal.numbers import FrenchDecimalField, FrenchIntegerField
from shop.importing.plan import Kind, Planned
from shop.importing.storing import change
from shop.products import Product
from shop.space.product_form import last_entry

PER_KILO = "prix du kilo"
COLUMNS = {"price": "prix", "stock": "stock", "is_public": "en vente"}


class PriceTableForm(ConcurrentEditsMixin, forms.Form):
    """One row an article. Bind it to rows that are locked; the stock is the number for sale, as in ProductForm."""

    def __init__(
        self, data: Any = None, *, merchant: MerchantPage, known: Mapping[int, Mapping[str, Any]], sender: Any
    ) -> None:
        """known: values of the articles of this page by id, as shop.importing.values.stored gives them."""
        self.merchant, self.known, self.sender = merchant, known, sender
        self.edits = f"prices:{merchant.pk}"
        super().__init__(data)
        for pk, values in known.items():
            self.fields |= {
                f"price_{pk}": FrenchDecimalField(
                    label="Prix TTC", min_value=Decimal("0.01"), max_digits=8, decimal_places=2, fixed=True
                ),
                f"stock_{pk}": FrenchIntegerField(label="Stock", min_value=0, max_value=100_000),
                f"is_public_{pk}": forms.BooleanField(label="En vente", required=False),
            }
            for name in COLUMNS:
                field, column = self.fields[f"{name}_{pk}"], self._column(name, pk)
                field.label = f"{values['title']}, {PER_KILO if column == 'price_per_kilo' else COLUMNS[name]}"
                field.widget.attrs["aria-label"] = field.label
                self.initial[f"{name}_{pk}"] = values[column]

    def _column(self, name: str, pk: int) -> str:
        """Return which column a field writes: of what is sold by weight, the price of its kilo."""
        return "price_per_kilo" if name == "price" and self.known[pk]["price_per_kilo"] is not None else name

    def parts(self) -> dict[str, Part]:
        return {name: Part(str(field.label), (name,)) for name, field in self.fields.items() if "_" in name}

    def rows(self) -> list[dict[str, Any]]:
        """Return for each article its name, its fields by column, and those of them with a fault or a conflict."""
        return [
            {
                "pk": pk,
                "title": values["title"],
                "unit": values["unit"] if values["price_per_kilo"] is None else f"{PER_KILO}, pesé à la préparation",
                "price": self[f"price_{pk}"],
                "stock": self[f"stock_{pk}"],
                "is_public": self[f"is_public_{pk}"],
                "faulty": [self[f"{name}_{pk}"] for name in COLUMNS if self[f"{name}_{pk}"].errors],
                "conflicts": [self.conflicts[f"{name}_{pk}"] for name in COLUMNS if f"{name}_{pk}" in self.conflicts],
            }
            for pk, values in self.known.items()
        ]

    def last_change(self, name: str) -> LastChange:
        column, _, pk = name.rpartition("_")
        entry = last_entry(Product(pk=int(pk)), self._column(column, int(pk)))
        return LastChange(entry.timestamp, name_of(entry.user, self.merchant, self.sender)) if entry else LastChange()

    @transaction.atomic
    def save(self) -> int:
        """Write what was touched; return how many articles changed."""
        wanted: dict[int, dict[str, Any]] = {}
        for name in self.touched:
            field, _, pk = name.rpartition("_")
            column = self._column(field, int(pk))
            if self.cleaned_data[name] != self.known[int(pk)][column]:
                wanted.setdefault(int(pk), {})[column] = self.cleaned_data[name]
        change([Planned(0, Kind.CHANGED, "", pk, values=values) for pk, values in wanted.items()], self.known)
        for product in Product.objects.filter(pk__in=wanted):
            log(product, "wagtail.edit", user=self.sender, data={"fields": sorted(wanted[product.pk])})
        return len(wanted)
