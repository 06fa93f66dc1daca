"""Sitemaps, one file per type of page, with the date of each page's last real change.

A constant number of queries a file, whatever the number of pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.db.models.functions import Greatest
from wagtail.models import Page

from directory.area_listings import counts_by_area
from directory.areas import areas
from directory.departments import DEPARTMENTS
from directory.indexable import counts_by_category, merchant_counts
from directory.markets import day_url, market_days
from directory.models import Category, MerchantPage, Town
from portal.addresses import path_of
from portal.jsonld import absolute
from shop.changes import merchants_with_list, newest_change_of_merchant, newest_product_change, products_by_change
from shop.product_lists import list_path
from shop.recalls.views import published as published_recalls


@dataclass(frozen=True)
class Entry:
    """One page of the sitemap. changed: None when nobody knows."""

    path: str
    changed: datetime | None = None


LEGAL = (
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/cgu/",
    "/infos-plateforme/",
    "/contact-autorites/",
    "/rappels/",
    "/conditions-commercants/",
    "/algorithmes/",
    "/transparence/",
    "/accessibilite/schema/",
)


class PortalSitemap(Sitemap):
    """Entries at the portal's public address."""

    limit = 50_000  # the protocol's maximum

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def location(self, item: Any) -> str:
        return item.path

    def lastmod(self, item: Any) -> datetime | None:
        return item.changed

    def get_latest_lastmod(self) -> datetime | None:
        return max((entry.changed for entry in self.items() if entry.changed), default=None)


class Pages(PortalSitemap):
    """The front page, the lists, those of merchants who sell more than their page shows, the departments, the stories,
    and what explains the portal."""

    def items(self) -> Any:
        pages = Page.objects.live().public().not_type(MerchantPage).filter(depth__gt=1).order_by("path")
        departments = [department.get_absolute_url() for department in DEPARTMENTS]
        others = [
            "/commerces/",
            *departments,
            "/metiers/",
            *map(day_url, market_days()),
            "/espace/",
            "/recherche/",
            "/classement/",
            "/fraicheur/",
            "/accessibilite/",
            *(["/agenda/"] if market_days() else []),  # without markets it is not indexed
            "/resultats/",
            "/donnees/",
            "/api/",
            *LEGAL,
        ]
        return [
            *(Entry(path_of(page.url_path), page.last_published_at) for page in pages),
            *map(Entry, others),
            *(Entry(list_path(merchant), merchant.changed) for merchant in merchants_with_list()),
        ]


class Recalls(PortalSitemap):
    """The notices of recalled articles."""

    def items(self) -> Any:
        return [Entry(recall.get_absolute_url(), recall.decided_at) for recall in published_recalls()]


class Merchants(PortalSitemap):
    """Every live merchant; a page changes with its products."""

    def items(self) -> Any:
        changed = Greatest("last_published_at", newest_change_of_merchant())
        return MerchantPage.objects.live().only("url_path").annotate(changed=changed).order_by("pk")

    def location(self, item: Any) -> str:
        return item.public_path

    def get_latest_lastmod(self) -> datetime | None:
        published = MerchantPage.objects.live().aggregate(newest=Max("last_published_at"))["newest"]
        return max(filter(None, (published, newest_product_change())), default=None)


class Products(PortalSitemap):
    """Every product on sale."""

    def items(self) -> Any:
        return products_by_change()

    def location(self, item: Any) -> str:
        return item.get_absolute_url()

    def get_latest_lastmod(self) -> datetime | None:
        return newest_product_change()


class Towns(PortalSitemap):
    """The towns with enough merchants."""

    def items(self) -> Any:
        found = {town: count for (town, category), count in merchant_counts().items() if category is None}
        return [
            Entry(town.get_absolute_url(), found[town.pk].newest)
            for town in Town.objects.filter(pk__in=found)
            if found[town.pk].is_indexable
        ]


class Areas(PortalSitemap):
    """The valleys, massifs and quarters with enough merchants."""

    def items(self) -> Any:
        counts = counts_by_area()
        found = [(area, counts[area.slug]) for area in areas() if counts[area.slug].is_indexable]
        return [Entry(area.get_absolute_url(), count.newest) for area, count in found]


class TownCategories(PortalSitemap):
    """The categories of a town, where there are enough of them to choose from."""

    def items(self) -> Any:
        found = {key: count for key, count in merchant_counts().items() if key[1] and count.is_indexable}
        towns = Town.objects.in_bulk({town for town, _ in found})
        categories = Category.objects.in_bulk({category for _, category in found})
        return [
            Entry(f"{towns[town].get_absolute_url()}{categories[category].slug}/", count.newest)
            for (town, category), count in sorted(found.items())
        ]


class Categories(PortalSitemap):
    """The categories with enough merchants in the region, top categories included."""

    def items(self) -> Any:
        found = counts_by_category()
        return [
            Entry(category.get_absolute_url(), found[category.pk].newest)
            for category in Category.objects.filter(pk__in=found)
            if found[category.pk].is_indexable
        ]


SITEMAPS: dict[str, type[PortalSitemap]] = {
    "pages": Pages,
    "rappels": Recalls,
    "commercants": Merchants,
    "produits": Products,
    "communes": Towns,
    "pays": Areas,
    "metiers": TownCategories,
    "categories": Categories,
}


def listed_paths() -> Iterator[str]:
    """Yield the path of every page that the sitemap lists."""
    for sitemap_class in SITEMAPS.values():
        sitemap = sitemap_class()
        yield from map(sitemap.location, sitemap.items())


def files() -> list[dict]:
    """Return every file of the sitemap as {location, last_mod}, for the index that lists them."""
    listed = []
    for section, sitemap_class in SITEMAPS.items():
        sitemap = sitemap_class()
        changed = sitemap.get_latest_lastmod()
        for number in range(1, sitemap.paginator.num_pages + 1):
            address = absolute(f"/sitemap-{section}.xml" + (f"?p={number}" if number > 1 else ""))
            listed.append({"location": address, "last_mod": changed})
    return listed
