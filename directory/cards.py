"""What lists of merchants and links show: plain data for templates, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from directory.counters import wares
from directory.hours import OpenState, state
from portal import picture_sizes
from portal.page_cache import shows
from portal.pictures import rendition_urls

if TYPE_CHECKING:
    from directory.models import MerchantPage


@dataclass(frozen=True)
class MerchantCard:
    """A merchant in a list.

    state: None when nobody knows her hours. tint: a stall colour, see Category.tint. goods: addresses of pictures of
    what she sells, else of her trade. image: the address of her own first picture, or None. distance: kilometres, or
    None.
    """

    pk: int
    title: str
    url: str
    category: str
    town: str
    state: OpenState | None
    tint: str
    goods: tuple[str, ...] = ()
    image: str | None = None
    distance: float | None = None


@dataclass(frozen=True)
class Link:
    """A link among others. count: how many things it leads to, None when that means nothing. active: chosen."""

    name: str
    url: str
    count: int | None = None
    active: bool = False


def merchant_cards(
    merchants: Iterable[MerchantPage],
    now: datetime,
    goods: Mapping[int, Collection[str]] | None = None,
    distances: Mapping[int, float] | None = None,
) -> list[MerchantCard]:
    """Return a card for each merchant, in order.

    now: an aware time, for the opening state. goods: addresses of pictures by merchant's id. distances: kilometres by
    merchant's id.
    """
    merchants = list(merchants)
    shows("page", *(merchant.pk for merchant in merchants))
    goods, distances = goods or {}, distances or {}
    prefetch_related_objects(merchants, "town", "category")
    images = _first_pictures(merchants)
    return [
        MerchantCard(
            pk=merchant.pk,
            title=merchant.title,
            url=merchant.public_path,
            category=merchant.category.name,
            town=merchant.town.name,
            state=known_state(merchant, now),
            tint=merchant.category.tint,
            goods=tuple(goods.get(merchant.pk, ())) or wares(merchant.category.slug),
            image=images.get(merchant.pk),
            distance=distances.get(merchant.pk),
        )
        for merchant in merchants
    ]


def known_state(merchant: MerchantPage, now: datetime) -> OpenState | None:
    """Return whether the merchant is open, or None when nobody knows."""
    found = state(merchant.opening_hours, now)
    return None if found.kind == "unknown" else found


def is_open(merchant: MerchantPage, now: datetime) -> bool:
    return state(merchant.opening_hours, now).kind in ("open", "soon")


def page_pictures(merchant: MerchantPage) -> list[dict[str, str]]:
    """Return the pictures of a merchant's own page, each with its ``url`` and its ``alt``."""
    rows = list(merchant.pictures.select_related("image"))
    urls = rendition_urls([row.image_id for row in rows], picture_sizes.MERCHANT_PAGE)
    return [{"url": urls[row.image_id], "alt": row.image.default_alt_text} for row in rows if row.image_id in urls]


def _first_pictures(merchants: list[MerchantPage]) -> dict[int, str]:
    """Return the address of each merchant's first picture, by her id."""
    prefetch_related_objects(merchants, "pictures")
    first = {merchant.pk: picture.image_id for merchant in merchants for picture in merchant.pictures.all()[:1]}
    urls = rendition_urls(first.values(), picture_sizes.MERCHANT_CARD)
    return {merchant: urls[image] for merchant, image in first.items() if image in urls}
