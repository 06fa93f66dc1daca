"""Builds addresses of searches; every filter is in the address, so it can be shared."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from search.filters import NONE, Filters
from search.query import Kind

BLOCKS = {"commercants": Kind.MERCHANT, "produits": Kind.PRODUCT, "histoires": Kind.STORY}
NAMES = {kind: name for name, kind in BLOCKS.items()}


@cache
def _root() -> str:
    return reverse("regional_search:search")


@dataclass(frozen=True, slots=True)
class Address:
    """A search as its address writes it. what, where: texts. kind: one block alone, or None for all."""

    what: str = ""
    where: str = ""
    category: str = ""
    kind: Kind | None = None
    filters: Filters = NONE

    @property
    def fields(self) -> dict[str, str]:
        """The parameters that are not empty, in a fixed order."""
        named = {
            "q": self.what,
            "ou": self.where,
            "categorie": self.category,
            "type": NAMES[self.kind] if self.kind else "",
        }
        return {name: value for name, value in named.items() if value} | self.filters.fields

    @property
    def url(self) -> str:
        query = urlencode(self.fields)
        return _root() + (f"?{query}" if query else "")

    @property
    def page_link(self) -> str:
        """The address up to the number of the page. It keeps the day's order, so that pages stay as they are."""
        day = (self.filters.day or timezone.localdate()).isoformat()
        return f"{_root()}?{urlencode({**self.fields, 'jour': day, 'page': ''})}"

    def but(self, **changes: Any) -> "Address":
        return replace(self, **changes)

    def filtered(self, **changes: Any) -> "Address":
        """Return the address with other filters, those of Filters by name."""
        return replace(self, filters=replace(self.filters, **changes))
