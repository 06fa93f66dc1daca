"""Public pages: a merchant, and the places: the region, a department, a town, a trade in a town."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from directory.cards import Link, merchant_cards
from directory.departments import BY_SLUG, DEPARTMENTS
from directory.indexable import is_indexable
from directory.models import PAGE_SIZE, Category, MerchantPage, Town
from portal.page_cache import kept, shows
from portal.pagination import canonical_url, page_of

TOWNS_SHOWN = 12  # of each department, on the page of the region
NEIGHBOURS_SHOWN = 8
OPEN_SHOWN = 4


@kept
def merchant(request: HttpRequest, slug: str) -> HttpResponse:
    """A merchant's page, found in one query: Wagtail's own way walks down the tree in six."""
    page = get_object_or_404(MerchantPage.objects.live().with_place(), slug=slug)
    shows("department", page.town.department_code)  # her neighbours
    return page.serve(request)


@kept
def towns(request: HttpRequest) -> HttpResponse:
    """The region: its departments, and in each the towns with most merchants."""
    shows("merchants")
    counts = MerchantPage.objects.live().count_by_town()
    by_department: dict[str, list[Town]] = {department.code: [] for department in DEPARTMENTS}
    for town in sorted(Town.objects.filter(pk__in=counts), key=lambda town: (-counts[town.pk], town.name)):
        by_department[town.department_code].append(town)
    departments = [
        {
            "name": department.name,
            "url": department.get_absolute_url(),
            "towns": _links(by_department[department.code][:TOWNS_SHOWN], counts),
        }
        for department in DEPARTMENTS
    ]
    return render(request, "directory/towns.html", {"departments": departments})


@kept
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """A department and all its towns, by the first letter of their names."""
    department = BY_SLUG[slug]
    shows("department", department.code)
    counts = MerchantPage.objects.live().filter(town__department_code=department.code).count_by_town()
    letters: dict[str, list[Town]] = {}
    for town in Town.objects.filter(department_code=department.code).order_by("slug"):
        letters.setdefault(town.slug[0].upper(), []).append(town)
    best = Town.objects.in_bulk([pk for pk, _ in counts.most_common(TOWNS_SHOWN)])
    context = {
        "department": department,
        "letters": [{"name": letter, "url": "", "towns": _links(found, counts)} for letter, found in letters.items()],
        "best": _links(sorted(best.values(), key=lambda town: -counts[town.pk]), counts),
    }
    return render(request, "directory/department.html", context)


@kept
def town(request: HttpRequest, slug: str) -> HttpResponse:
    """A town, or a district of Lyon: who is open, all its merchants, its trades, its neighbours."""
    town = get_object_or_404(Town, slug=slug)
    shows("town", town.pk)
    now = timezone.localtime()
    live = MerchantPage.objects.live().in_town(town)
    page = page_of(request, live.listed().order_by("title", "pk"), PAGE_SIZE)
    is_first = page.number == 1
    open_now = live.open_now(now, OPEN_SHOWN) if is_first else []
    cards = merchant_cards([*page, *open_now], now)
    context = {
        "town": town,
        "merchants": cards[: len(page)],
        "open_now": cards[len(page) :],
        "page_obj": page,
        "categories": live.category_links(f"{town.get_absolute_url()}{{}}/"),
        "neighbours": _neighbours(town) if is_first else [],
        "robots": robots(page.paginator.count),
        "canonical_url": canonical_url(request, page),
    }
    return render(request, "directory/town.html", context)


@kept
def town_category(request: HttpRequest, slug: str, category_slug: str) -> HttpResponse:
    """The merchants of one trade, or of a whole top category, in a town."""
    town = get_object_or_404(Town, slug=slug)
    category = get_object_or_404(Category.objects.select_related("parent"), slug=category_slug)
    shows("town", town.pk)
    live = MerchantPage.objects.live().in_town(town)
    page = page_of(request, live.in_category(category).listed().order_by("title", "pk"), PAGE_SIZE)
    address = f"{town.get_absolute_url()}{{}}/"
    context = {
        "town": town,
        "category": category,
        "merchants": merchant_cards(page, timezone.localtime()),
        "page_obj": page,
        "other_categories": live.exclude(category=category).category_links(address),
        "robots": robots(page.paginator.count),
        "canonical_url": canonical_url(request, page),
    }
    return render(request, "directory/town_category.html", context)


def robots(count: int) -> str:
    """Return what search engines are told of a page that lists ``count`` merchants."""
    return "index, follow" if is_indexable(count) else "noindex, follow"


def _neighbours(town: Town) -> list[Link]:
    """Return links to the nearest towns where at least one merchant is live."""
    live = MerchantPage.objects.live()
    somebody = Exists(live.filter(town=OuterRef("pk"))) | Exists(live.filter(town__parent=OuterRef("pk")))
    nearest = list(Town.objects.exclude(pk=town.pk).filter(somebody).nearest(town.point)[:NEIGHBOURS_SHOWN])
    shows("department", town.department_code, *(neighbour.department_code for neighbour in nearest))
    counts = live.filter(Q(town__in=nearest) | Q(town__parent__in=nearest)).count_by_town()
    return _links(nearest, counts)


def _links(towns: Iterable[Town], counts: Counter[int]) -> list[Link]:
    return [Link(town.name, town.get_absolute_url(), counts[town.pk]) for town in towns]
