from typing import Any

from oscar.apps.dashboard.catalogue import forms

from portal.concurrent_form import ConcurrentEditsMixin
from portal.numbers import FrenchDecimalField, FrenchIntegerField


class StockRecordForm(ConcurrentEditsMixin, forms.StockRecordForm):
    """Price and stock of a product, written only where they were touched: what is sold meanwhile is not undone."""

    class Meta(forms.StockRecordForm.Meta):
        field_classes = {
            "price": FrenchDecimalField,
            "num_in_stock": FrenchIntegerField,
            "low_stock_threshold": FrenchIntegerField,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"].fixed = True  # type: ignore[attr-defined]  # of our FrenchDecimalField
        self.edits = f"stockrecord:{self.instance.pk}" if self.instance.pk else ""

    def full_clean(self) -> None:
        super().full_clean()
        for conflict in self.conflicts.values():
            text = f"{conflict.text} Enregistré maintenant\u00a0: {conflict.stored or 'rien'}. Enregistrez de nouveau."
            self.add_error(conflict.name, text)

    def save(self, commit: bool = True) -> Any:
        """Write the touched columns alone: orders change the others."""
        if not (commit and self.edits):
            return super().save(commit)
        columns = self.touched & {field.name for field in self.instance._meta.concrete_fields}
        self.instance.save(update_fields=[*columns, "date_updated"])
        return self.instance
