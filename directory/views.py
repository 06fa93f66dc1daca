"""Public pages: a merchant, and the places: the region, departments, towns, categories, markets."""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from directory import area_listings
from directory.area_maps import area_map
from directory.areas import by_slug
from directory.cards import Link, merchant_cards
from directory.departments import BY_CODE, BY_SLUG, DEPARTMENTS
from directory.indexable import is_indexable
from directory.listings import (
    categories_of,
    count_by_town,
    count_in_department,
    count_of,
    fullest_towns,
    neighbours_of,
    newest,
    open_now,
    page_of_merchants,
    towns_by_letter,
)
from directory.maps import town_map
from directory.markets import (
    DAY_SLUGS,
    board_of_day,
    board_of_town,
    day_url,
    market_days,
    markets_by_town,
    markets_of,
    sources,
)
from directory.models import Category, DirectoryPage, MerchantPage, Town
from directory.vetting.trail import of_page, trail
from portal.memory import memoized_rows
from portal.page_cache import cached_page
from portal.pagination import canonical_url, page_of
from portal.region import Department

TOWNS_SHOWN = 12  # of each department, on the page of the region
OPEN_SHOWN = 4
NEW_SHOWN = 4
NEW_FOR = timedelta(days=90)
TRADE_TOWNS_SHOWN = 24
MARKETS_SHOWN = 60


@cached_page
def merchants(request: HttpRequest) -> HttpResponseBase:
    """All merchants: the root of their pages, found without Wagtail's way down the tree."""
    return _root().serve(request)


@cached_page
def merchant(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A merchant's page, found in one query: Wagtail's own way walks down the tree in six."""
    return merchant_at(slug).serve(request)


@cached_page
def trail_of_merchant(request: HttpRequest, slug: str) -> HttpResponse:
    """What was checked of a merchant, when and how."""
    page = merchant_at(slug)
    context = {"page": page, "trail": trail(page, timezone.localdate()), "of_page": of_page(page)}
    return render(request, "directory/trail.html", context)


@cached_page
def towns(request: HttpRequest) -> HttpResponse:
    """The region: its departments, and in each the towns with most merchants."""
    fullest = fullest_towns(TOWNS_SHOWN)
    departments = [
        {
            "code": department.code,
            "name": department.name,
            "url": department.get_absolute_url(),
            "towns": fullest[department.code],
        }
        for department in DEPARTMENTS
    ]
    days = [Link(DAY_SLUGS[day].capitalize(), day_url(day)) for day in market_days()]
    context = {"departments": departments, "market_days": days, "areas": area_listings.links_of_areas()}
    return render(request, "directory/towns.html", context)


@cached_page
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """A department and all its towns, by the first letter of their names."""
    department = BY_SLUG[slug]
    letters = [{"name": letter, "url": "", "towns": towns} for letter, towns in towns_by_letter(department)]
    context = {
        "department": department,
        "letters": letters,
        "best": count_in_department(department.code).links(TOWNS_SHOWN),
    }
    return render(request, "directory/department.html", context)


@cached_page
def area(request: HttpRequest, slug: str) -> HttpResponse:
    """A valley, a massif, a quarter: its map, its merchants, its trades and its towns."""
    area = by_slug()[slug]
    page, listed = area_listings.page_of_area(request, slug)
    cards = merchant_cards(listed, timezone.localtime())
    points = [card.point for card in cards if card.point]
    context = {
        "area": area,
        "merchants": cards,
        "page_obj": page,
        "map": area_map(frozenset(area_listings.towns_of(slug)), area.circle, points),
        "categories": area_listings.categories_of(slug),
        "towns": area_listings.fullest_towns_of(slug) if page.number == 1 else (),
        "canonical_url": canonical_or(reverse("towns"), request, page),
    }
    return render(request, "directory/area.html", context)


@cached_page
def town(request: HttpRequest, slug: str) -> HttpResponse:
    """A town, or a district of Lyon: an editor's words, who is open, who is new, markets, categories, neighbours."""
    town = town_at(slug)
    now = timezone.localtime()
    page, listed = page_of_merchants(request, town)
    is_first = page.number == 1
    is_full = page.paginator.num_pages > 1  # else the list shows the new ones anyway
    opened = open_now(now, OPEN_SHOWN, town) if is_first else ()
    new = newest(town, now.date() - NEW_FOR, NEW_SHOWN) if is_first and is_full else ()
    cards = merchant_cards([*listed, *opened, *new], now)
    markets = markets_of(town) if is_first else ()
    context = {
        "town": town,
        "guide": getattr(town, "guide", None) if is_first else None,
        "merchants": cards[: len(listed)],
        "open_now": cards[len(listed) : len(listed) + len(opened)],
        "newest": cards[len(listed) + len(opened) :],
        "markets": board_of_town(markets, now),
        "market_sources": sources(markets),
        "map": town_map(town.insee_code, [card.point for card in cards[: len(listed)] if card.point]),
        "page_obj": page,
        "categories": categories_of(town),
        "neighbours": neighbours_of(town) if is_first else (),
        "canonical_url": canonical_or(department_of(town).get_absolute_url(), request, page),
    }
    return render(request, "directory/town.html", context)


@cached_page
def town_category(request: HttpRequest, slug: str, category_slug: str) -> HttpResponse:
    """The merchants of one category, top or below, in a town."""
    town = town_at(slug)
    category = category_at(category_slug)
    page, listed = page_of_merchants(request, town, category)
    others = categories_of(town, category)
    above = town if is_indexable(count_of(town)) else department_of(town)
    cards = merchant_cards(listed, timezone.localtime())
    context = {
        "town": town,
        "category": category,
        "merchants": cards,
        "map": town_map(town.insee_code, [card.point for card in cards if card.point]) if cards else None,
        "page_obj": page,
        "other_categories": others,
        "neighbours": neighbours_of(town, category, f"{category.slug}/") if page.number == 1 else (),
        "canonical_url": canonical_or(above.get_absolute_url(), request, page),
    }
    return render(request, "directory/town_category.html", context)


@cached_page
def categories(request: HttpRequest) -> HttpResponse:
    """All categories of the region, by top category."""
    counted = MerchantPage.objects.live().order_by().values_list("category").annotate(count=Count("pk"))
    counts = Counter(dict(counted))
    tops: dict[Category, list[Category]] = {}
    for category in Category.objects.select_related("parent"):
        tops.setdefault(category.parent or category, []).extend([category] if category.parent else [])
    groups = [
        {
            "name": top.name,
            "url": top.get_absolute_url(),
            "towns": [Link(one.name, one.get_absolute_url(), counts[one.pk]) for one in below],
        }
        for top, below in tops.items()
    ]
    return render(request, "directory/categories.html", {"groups": groups})


@cached_page
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """One category, top or below, in the region: where it is found, who is open, all its merchants."""
    category = category_at(slug)
    now = timezone.localtime()
    page, listed = page_of_merchants(request, None, category)
    is_first = page.number == 1
    opened = open_now(now, OPEN_SHOWN, None, category) if is_first and page.paginator.num_pages > 1 else ()
    cards = merchant_cards([*listed, *opened], now)
    counts = count_by_town(category)
    relatives = Category.objects.filter(parent=category.parent or category).exclude(pk=category.pk)
    context = {
        "category": category,
        "merchants": cards[: len(listed)],
        "open_now": cards[len(listed) :],
        "page_obj": page,
        "towns": counts.links(TRADE_TOWNS_SHOWN, f"{category.slug}/") if is_first else (),
        "town_count": len(counts),
        "relatives": [Link(relative.name, relative.get_absolute_url()) for relative in relatives] if is_first else [],
        "canonical_url": canonical_or(reverse("categories"), request, page),
    }
    return render(request, "directory/category.html", context)


@cached_page
def markets(request: HttpRequest, day: str) -> HttpResponse:
    """The markets of one weekday in the whole region."""
    if day not in DAY_SLUGS:
        raise Http404("Ce jour n’existe pas.")
    now = timezone.localtime()
    weekday = DAY_SLUGS.index(day)
    page = page_of(request, markets_by_town(weekday), MARKETS_SHOWN)
    context = {
        "day": day,
        "days": [Link(name.capitalize(), day_url(number), active=name == day) for number, name in enumerate(DAY_SLUGS)],
        "markets": board_of_day(page, now),
        "market_sources": sources(page),
        "page_obj": page,
        "canonical_url": canonical_url(request, page),
    }
    return render(request, "directory/markets.html", context)


@memoized_rows
def _root() -> DirectoryPage:
    return get_object_or_404(DirectoryPage.objects.live())


@memoized_rows
def merchant_at(slug: str) -> MerchantPage:
    return get_object_or_404(MerchantPage.objects.live().with_place(), slug=slug)


@memoized_rows
def town_at(slug: str) -> Town:
    return get_object_or_404(Town.objects.select_related("guide"), slug=slug)


@memoized_rows
def category_at(slug: str) -> Category:
    return get_object_or_404(Category.objects.select_related("parent"), slug=slug)


def canonical_or(above: str, request: HttpRequest, page: Page) -> str:
    """Return a list's own address, or that of the page above when it is too thin to be found by itself.

    A thin page says so by its canonical address alone. It is not closed to search engines: « noindex » beside another
    canonical address would contradict it, and its links must be followed for the third merchant to be found.
    """
    return canonical_url(request, page) if is_indexable(page.paginator.count) else f"{settings.SITE_URL}{above}"


def department_of(town: Town) -> Department:
    return BY_CODE[town.department_code]
