"""Plain data for lists of merchants and links in templates, read in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from directory.accent_colors import accent
from directory.category_pictures import category_pictures
from directory.geography import distance
from directory.hours import NOT_KNOWN, OpenState, Place, state
from portal import picture_sizes
from portal.addresses import path_of
from portal.memory import memoized
from portal.pictures import rendition_urls

if TYPE_CHECKING:
    from directory.models import MerchantPage

# What a card prints of a merchant, as MerchantQuerySet.card_rows() yields it; picture: the id of the first, or None.
CARD_COLUMNS = (
    "pk", "title", "url_path", "opening_hours", "category__slug", "category__name", "category__position", "town__name",
    "latitude", "longitude", "town__latitude", "town__longitude", "town__department_code", "picture",
)  # fmt: skip
CardRow = Any  # Django names these tuples' fields as LISTED does


@dataclass(frozen=True)
class MerchantCard:
    """A merchant in a list.

    state: None when nobody knows the hours. accent: see Category.accent. goods: addresses of pictures of what the
    merchant sells, else of the category. image: the address of the merchant's first picture, or None. point: (latitude,
    longitude). distance: kilometres, or None.
    """

    pk: int
    title: str
    url: str
    category: str
    town: str
    state: OpenState | None
    accent: str
    goods: tuple[str, ...] = ()
    image: str | None = None
    point: tuple[float, float] | None = None
    distance: float | None = None


class PagePicture(NamedTuple):
    url: str
    alt: str


@dataclass(frozen=True)
class Link:
    """A link among others. count: how many things it leads to, None when that means nothing. active: chosen."""

    name: str
    url: str
    count: int | None = None
    active: bool = False


def town_path(slug: str) -> str:
    return f"/commerces/{slug}/"


def merchant_cards(
    merchants: Iterable[CardRow], now: datetime, around: tuple[float, float] | None = None
) -> list[MerchantCard]:
    """Return a card for each merchant, in order; one query if some have pictures, else none.

    merchants: as MerchantQuerySet.card_rows() yields them. now: an aware time, for the opening state. around: the point
    that distances are counted from, or None.
    """
    merchants = list(merchants)
    images = _images(frozenset(merchant.picture for merchant in merchants if merchant.picture))
    return [
        MerchantCard(
            pk=merchant.pk,
            title=merchant.title,
            url=path_of(merchant.url_path),
            category=merchant.category__name,
            town=merchant.town__name,
            state=known(state(merchant.opening_hours, now, Place(merchant.town__department_code, *point))),
            accent=accent(merchant.category__position),
            goods=category_pictures(merchant.category__slug),
            image=images.get(merchant.picture),
            point=point,
            distance=distance(around, point) if around else None,
        )
        for merchant, point in ((merchant, _point(merchant)) for merchant in merchants)
    ]


def known_state(merchant: MerchantPage, now: datetime) -> OpenState | None:
    """Return whether the merchant is open, or None when nobody knows."""
    return known(state(merchant.opening_hours, now, merchant.place))


def known(found: OpenState) -> OpenState | None:
    """Return a state that is worth showing: « sur rendez-vous » is, hours that nobody knows are not."""
    return None if found == NOT_KNOWN else found


@memoized
def page_pictures(merchant: MerchantPage) -> tuple[PagePicture, ...]:
    """Return the pictures of a merchant's own page."""
    rows = list(merchant.pictures.select_related("image"))
    urls = rendition_urls([row.image_id for row in rows], picture_sizes.MERCHANT_PAGE)
    return tuple(
        PagePicture(urls[row.image_id], row.alt or row.image.default_alt_text) for row in rows if row.image_id in urls
    )


def _point(merchant: CardRow) -> tuple[float, float]:
    if merchant.latitude is None or merchant.longitude is None:
        return merchant.town__latitude, merchant.town__longitude
    return merchant.latitude, merchant.longitude


@memoized
def _images(pictures: frozenset[int]) -> Mapping[int, str]:
    return MappingProxyType(rendition_urls(pictures, picture_sizes.MERCHANT_CARD))
