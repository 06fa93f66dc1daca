"""Which places' pages are worth a search engine's time: one rule for the pages, the sitemap and the audit."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max

from directory.models import MerchantPage


@dataclass
class Gathering:
    """The live merchants of a town or a trade, or of one trade in a town: how many, and when the newest page was
    published."""

    count: int = 0
    newest: datetime | None = None

    def add(self, count: int, newest: datetime | None) -> None:
        self.count += count
        self.newest = max(filter(None, (self.newest, newest)), default=None)

    @property
    def is_indexable(self) -> bool:
        return is_indexable(self.count)


def is_indexable(count: int) -> bool:
    """Tell whether a page that lists ``count`` live merchants says enough to be found by search engines."""
    return count >= settings.INDEXABLE_FROM


def gatherings() -> dict[tuple[int, int | None], Gathering]:
    """Return the gathering of each (town's id, category's id), and of (town's id, None) for all its trades.

    A district's merchants also count for its commune, and a trade's for its top category. One query.
    """
    found: dict[tuple[int, int | None], Gathering] = defaultdict(Gathering)
    rows = (
        MerchantPage.objects.live()
        .order_by()
        .values_list("town_id", "town__parent_id", "category_id", "category__parent_id")
        .annotate(Count("pk"), Max("last_published_at"))
    )
    for town, commune, category, top, count, newest in rows:
        for place in filter(None, (town, commune)):
            for trade in {None, category, top}:
                found[place, trade].add(count, newest)
    return dict(found)


def gatherings_by_category() -> dict[int, Gathering]:
    """Return the gathering of each category in the whole region; a trade's counts for its top category. One query."""
    found: dict[int, Gathering] = defaultdict(Gathering)
    rows = (
        MerchantPage.objects.live()
        .order_by()
        .values_list("category_id", "category__parent_id")
        .annotate(Count("pk"), Max("last_published_at"))
    )
    for trade, top, count, newest in rows:
        for category in filter(None, (trade, top)):
            found[category].add(count, newest)
    return dict(found)
