"""Paying at the shop, when the order is collected. No money passes through the portal."""

from typing import Any

from oscar.core.loading import get_model

Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")


class OnCollection:
    """A shop.payments.Provider. The merchant cashes in; we note that it is owed, then that it was paid."""

    code = "retrait"
    label = "Au retrait"
    hint = "Carte ou espèces, à chaque commerçant"

    @classmethod
    def source_type(cls) -> Any:
        """Return Oscar's name for this provider, stored once."""
        return SourceType.objects.get_or_create(code=cls.code, defaults={"name": cls.label})[0]

    def promise(self, order: Any) -> None:
        Source.objects.create(
            order=order,
            source_type=self.source_type(),
            currency=order.currency,
            amount_allocated=order.total_incl_tax,
            label=self.label,
        )

    def changed(self, order: Any) -> None:
        order.sources.update(amount_allocated=order.total_incl_tax)

    def collected(self, order: Any) -> None:
        source = order.sources.get()
        if source.balance:
            source.debit(reference=order.number)

    def cancelled(self, order: Any) -> None:
        source = order.sources.get()
        source.amount_allocated = source.amount_debited
        source.save()
