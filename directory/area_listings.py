"""What pages of areas read from the database: who stands in the Vercors, from one town or another, memoized."""

from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import Q
from django.http import HttpRequest

from directory.areas import Area, areas, by_slug
from directory.cards import CardRow, Link
from directory.geography import DEGREE, distance
from directory.indexable import MerchantCount
from directory.models import PAGE_SIZE, MerchantPage, Town
from directory.querysets import MerchantQuerySet
from portal.memory import memoized
from portal.pagination import page_of

TOWNS_SHOWN = 24


def page_of_area(request: HttpRequest, slug: str) -> tuple[Page, tuple[CardRow, ...]]:
    """Return the page of the list that ?page= asks for, and its merchants by title; raise Http404 beyond the last."""
    page = page_of(request, range(_count_of(slug)), PAGE_SIZE)
    return page, _by_title(slug, page.number)


@memoized
def links_of_areas() -> tuple[Link, ...]:
    """Return links to the areas, quarters left out, where enough merchants stand, with how many; by name."""
    counts = counts_by_area()
    named = sorted((area for area in areas() if not area.is_quarter), key=lambda area: area.slug)
    return tuple(
        Link(area.name, area.get_absolute_url(), counts[area.slug].count)
        for area in named
        if counts[area.slug].is_indexable
    )


def counts_by_area() -> dict[str, MerchantCount]:
    """Return how many live merchants stand in each area by its slug, and when the newest was published; one query."""
    of_town, circles = _members()
    counts = {area.slug: MerchantCount() for area in areas()}
    columns = ["last_published_at", "latitude", "longitude"]
    columns += ["town__insee_code", "town__parent__insee_code", "town__epci_name", "town__department_code"]
    columns += ["town__latitude", "town__longitude"]
    for row in MerchantPage.objects.live().order_by().values_list(*columns):
        published, latitude, longitude, code, commune, community, department, *town = row
        keys = (commune or code, community, f"dept:{department}")
        point = tuple(town) if latitude is None or longitude is None else (latitude, longitude)
        inside = {slug for key in keys for slug in of_town.get(key, ())}
        inside |= {slug for slug, circle in circles if _is_in(point, circle)}
        for slug in inside:
            counts[slug].add(1, published)
    return counts


def live(area: Area) -> MerchantQuerySet:
    """Return the live merchants of an area."""
    return MerchantPage.objects.live().in_area(area, _departments_of(area.slug))


@memoized
def towns_of(slug: str) -> tuple[str, ...]:
    """Return the INSEE codes of the communes an area is made of; () for a circle."""
    area = by_slug()[slug]
    if area.circle:
        return ()
    members = Q(insee_code__in=area.communes) | Q(epci_name__in=area.intercommunalities)
    members |= Q(department_code__in=area.department_codes)
    return tuple(Town.objects.filter(members, parent=None).order_by("insee_code").values_list("insee_code", flat=True))


@memoized
def _departments_of(slug: str) -> tuple[str, ...]:
    """Return the codes of the departments an area may touch."""
    area = by_slug()[slug]
    if codes := towns_of(slug):
        return tuple(sorted({code[:2] for code in codes}))
    assert area.circle
    rows = Town.objects.order_by().values_list("department_code", "latitude", "longitude")
    latitude, longitude, kilometres = area.circle
    wide = (latitude, longitude, kilometres + 15)  # the reach of a commune around its middle, and more
    return tuple(sorted({code for code, *point in rows if _is_in((point[0], point[1]), wide)}))


@memoized
def _count_of(slug: str) -> int:
    return live(by_slug()[slug]).count()


@memoized
def _by_title(slug: str, number: int) -> tuple[CardRow, ...]:
    start = (number - 1) * PAGE_SIZE
    return tuple(live(by_slug()[slug]).order_by("title", "pk")[start : start + PAGE_SIZE].card_rows())


@memoized
def categories_of(slug: str) -> tuple[Link, ...]:
    """Return a link to the search of each category within the area."""
    address = f"/recherche/?{urlencode({'ou': by_slug()[slug].name})}&categorie=" + "{}"
    return tuple(live(by_slug()[slug]).category_links(address))


@memoized
def fullest_towns_of(slug: str) -> tuple[Link, ...]:
    return live(by_slug()[slug]).count_by_town().links(TOWNS_SHOWN)


def _members() -> tuple[dict[str, list[str]], list[tuple[str, tuple[float, float, float]]]]:
    """Return {member: slugs of the areas it is of}, and the circles by slug."""
    of_town: dict[str, list[str]] = {}
    for area in areas():
        for member in () if area.circle else area.members:
            of_town.setdefault(member, []).append(area.slug)
    return of_town, [(area.slug, area.circle) for area in areas() if area.circle]


def _is_in(point: tuple, circle: tuple[float, float, float]) -> bool:
    return abs(point[0] - circle[0]) * DEGREE <= circle[2] and distance(point, circle[:2]) <= circle[2]
