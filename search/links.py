"""Addresses of searches: each filter is in the address, so that it can be shared and the back button is right."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from search.query import Kind

BLOCKS = {"commercants": Kind.MERCHANT, "produits": Kind.PRODUCT, "histoires": Kind.STORY}
NAMES = {kind: name for name, kind in BLOCKS.items()}


@dataclass(frozen=True, slots=True)
class Address:
    """A search as its address writes it. what, where: texts. kind: one block alone, or None for all."""

    what: str = ""
    where: str = ""
    category: str = ""
    kind: Kind | None = None

    @property
    def fields(self) -> dict[str, str]:
        """The parameters that are not empty, in a fixed order."""
        named = {
            "q": self.what,
            "ou": self.where,
            "categorie": self.category,
            "type": NAMES[self.kind] if self.kind else "",
        }
        return {name: value for name, value in named.items() if value}

    @property
    def url(self) -> str:
        query = urlencode(self.fields)
        return reverse("regional_search:search") + (f"?{query}" if query else "")

    @property
    def page_link(self) -> str:
        """The address up to the number of the page."""
        return f"{reverse('regional_search:search')}?{urlencode({**self.fields, 'page': ''})}"

    def but(self, **changes) -> "Address":
        return replace(self, **changes)
