"""One result of the search, as it is stored, indexed and answered."""

from dataclasses import dataclass, field, fields
from typing import Any

SEARCHED_ONLY = ("headline", "text", "openings", "openings_from")  # what finds an entry but is never drawn


@dataclass(frozen=True, slots=True)
class Entry:
    """One result of a search, with all it takes to find it and to draw it. Only what is public has an entry.

    headline: what describes it beside its name: category, synonyms, town, seller. text: its presentation, both
    without markup. category, top: slugs of its category and of that one's top category. town: an INSEE code; commune:
    that of the commune an arrondissement belongs to, else the same. district: the arrondissement it stands in, where
    the town has some. latitude, longitude: WGS 84. merchant: the id of the merchant's page, for merchants and their
    products. price: cents, VAT included; struck: the price that stands struck beside it while a promotion runs,
    None for none. hours: OSM opening_hours; openings: the same as intervals of open_hours.py, from the day
    ``openings_from`` (ISO), "" where they are not known. hours_known_since: the day (ISO) on which a merchant's
    hours were confirmed, else first published, "" where there are none. labels: keys of LABELS. collect: it
    can be ordered and collected, so it is not sold out, or the merchant sells what can; delivers, step_free: what the
    merchant, or its seller, offers.
    """

    kind: str
    id: int
    title: str
    url: str
    headline: str = ""
    text: str = ""
    excerpt: str = ""
    category: str = ""
    category_name: str = ""
    top: str = ""
    town: str = ""
    town_name: str = ""
    commune: str = ""
    district: str = ""
    department: str = ""
    latitude: float | None = None
    longitude: float | None = None
    merchant: int | None = None
    seller: str = ""
    price: int | None = None
    struck: int | None = None
    unit: str = ""
    is_available: bool = True
    labels: list[str] = field(default_factory=list)
    image: str = ""
    accent: str = ""
    hours: str = ""
    openings: list[list[int]] = field(default_factory=list)
    openings_from: str = ""
    hours_known_since: str = ""
    collect: bool = False
    delivers: bool = False
    step_free: bool = False

    @property
    def point(self) -> tuple[float, float] | None:
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    @property
    def categories(self) -> list[str]:
        return sorted({self.category, self.top} - {""})

    @property
    def places(self) -> list[str]:
        return sorted({self.town, self.commune, self.district} - {""})

    @property
    def document(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS}


_FIELDS = dict.fromkeys(column.name for column in fields(Entry))  # in order, and found at once


def from_document(document: dict[str, Any]) -> Entry:
    """Return the entry of a stored document, which may lack what is only searched."""
    return Entry(**{name: value for name, value in document.items() if name in _FIELDS})
