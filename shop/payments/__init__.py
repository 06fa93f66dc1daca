"""How an order is paid. One module a provider; PROVIDERS lists those a shopper may choose from, in order."""

from functools import cache
from typing import Any, Protocol

from django.utils.module_loading import import_string

PROVIDERS = ("shop.payments.on_collection.OnCollection",)


class Provider(Protocol):
    """A way to pay one merchant's order.

    Its methods run inside the transaction that changes the order, on orders whose rows are locked. So a provider must
    never:
    - call another machine from them (a slow bank would hold every other buyer of the same cheese): it writes what it
      means to do, and does it after the commit;
    - change an order's status, its lines or its stock;
    - store or log a card number, or anything that could pay a second time;
    - trust an amount that comes from a browser: it is ``order.total_incl_tax``;
    - act twice when called twice.

    code: unique, for ever: it is stored with each order. label, hint: what the shopper reads.
    """

    code: str
    label: str
    hint: str

    def promise(self, order: Any) -> None:
        """The order was just placed: record how it will be paid."""

    def changed(self, order: Any) -> None:
        """Goods are missing, or were weighed: record that ``order.total_incl_tax``, which changed, is what is owed."""

    def collected(self, order: Any) -> None:
        """The goods were handed over: record that the order is paid."""

    def cancelled(self, order: Any) -> None:
        """The order will not be served: record that nothing is owed any more."""


@cache
def providers() -> dict[str, Provider]:
    """Return the providers by code."""
    made: list[Provider] = [import_string(name)() for name in PROVIDERS]
    return {provider.code: provider for provider in made}


def provider_of(order: Any) -> Provider:
    """Return the provider that a placed order is paid by."""
    return providers()[order.sources.select_related("source_type").get().source_type.code]
