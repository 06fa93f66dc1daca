"""Decides which place pages search engines may index; pages, sitemap and audit use this one rule."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max

from directory.models import MerchantPage


@dataclass
class MerchantCount:
    """The live merchants of a town or a category, or of one category in a town: how many, and when the newest page was
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
    """Return whether a page that lists ``count`` live merchants says enough to be found by search engines."""
    return count >= settings.INDEXABLE_FROM


def merchant_counts() -> dict[tuple[int, int | None], MerchantCount]:
    """Return the count of each (town's id, category's id), and of (town's id, None) for all its categories.

    A district's merchants also count for its commune, and a category's for its top category. One query.
    """
    found: dict[tuple[int, int | None], MerchantCount] = defaultdict(MerchantCount)
    rows = (
        MerchantPage.objects.live()
        .order_by()
        .values_list("town_id", "town__parent_id", "category_id", "category__parent_id")
        .annotate(Count("pk"), Max("last_published_at"))
    )
    for town, commune, category, top, count, newest in rows:
        for place in filter(None, (town, commune)):
            for slot in {None, category, top}:
                found[place, slot].add(count, newest)
    return dict(found)


def counts_by_category() -> dict[int, MerchantCount]:
    """Return the count of each category in the whole region; it also counts for its top category. One query."""
    found: dict[int, MerchantCount] = defaultdict(MerchantCount)
    rows = (
        MerchantPage.objects.live()
        .order_by()
        .values_list("category_id", "category__parent_id")
        .annotate(Count("pk"), Max("last_published_at"))
    )
    for category, top, count, newest in rows:
        for slot in filter(None, (category, top)):
            found[slot].add(count, newest)
    return dict(found)
