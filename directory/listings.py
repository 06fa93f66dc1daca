"""What pages of places read from the database: live merchants by town and category, memoized.

Everywhere, None stands for all towns or all categories.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from itertools import groupby, islice
from types import MappingProxyType

from django.core.paginator import Page
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.timezone import make_aware

from directory.cards import CardRow, Link
from directory.departments import DEPARTMENTS, Department
from directory.hours import Place, state
from directory.models import PAGE_SIZE, Category, MerchantPage, Town
from directory.querysets import MerchantQuerySet, TownCounts
from portal.memory import memoized
from portal.pagination import page_of

CANDIDATES = 200  # merchants whose hours are read to find those open now
NEIGHBOURS_SHOWN = 8
_POSITION = ("latitude", "longitude", "town__latitude", "town__longitude")


def live(town: Town | None = None, category: Category | None = None) -> MerchantQuerySet:
    """Return the live merchants of a town and of a category."""
    merchants = MerchantPage.objects.live()
    if town:
        merchants = merchants.in_town(town)
    return merchants.in_category(category) if category else merchants


def page_of_merchants(
    request: HttpRequest, town: Town | None = None, category: Category | None = None
) -> tuple[Page, tuple[CardRow, ...]]:
    """Return the page of the list that ?page= asks for, and its merchants by title; raise Http404 beyond the last."""
    page = page_of(request, range(count_of(town, category)), PAGE_SIZE)
    return page, _by_title(town, category, page.number)


@memoized
def count_of(town: Town | None, category: Category | None = None) -> int:
    """Return how many live merchants of a category a town has."""
    if town and not category:
        return sum(link.count or 0 for link in categories_of(town))  # which a town's page shows anyway
    return live(town, category).count()


@memoized
def _by_title(town: Town | None, category: Category | None, number: int) -> tuple[CardRow, ...]:
    start = (number - 1) * PAGE_SIZE
    return _rows(live(town, category).order_by("title", "pk")[start : start + PAGE_SIZE])


def open_now(
    now: datetime, count: int, town: Town | None = None, category: Category | None = None
) -> tuple[CardRow, ...]:
    """Return at most ``count`` merchants open at ``now``; drawn again each hour, so that all get their turn."""
    drawn = _hours(town, category, f"{now:%Y-%m-%d %H}")
    opened = (pk for pk, hours, place in drawn if state(hours, now, place).kind in ("open", "soon"))
    return _chosen(tuple(islice(opened, count)))


def of_the_hour(now: datetime, count: int) -> tuple[CardRow, ...]:
    """Return at most ``count`` merchants of the region, open or not; drawn again each hour, each in turn."""
    return _chosen(tuple(pk for pk, _, _ in _hours(None, None, f"{now:%Y-%m-%d %H}")[:count]))


@memoized
def _hours(town: Town | None, category: Category | None, seed: str) -> tuple[tuple[int, str, Place], ...]:
    """Return the id, the hours and the place of merchants in the order in which a seed draws them."""
    columns = ("pk", "opening_hours", "town__department_code", *_POSITION)
    rows = live(town, category).sampled(seed, CANDIDATES, *columns)
    return tuple(
        (pk, hours, Place(department, *(towns if None in own else own)))
        for pk, hours, department, *position in rows
        for own, towns in [(position[:2], position[2:])]
    )


@memoized
def _chosen(merchants: tuple[int, ...]) -> tuple[CardRow, ...]:
    return _rows(MerchantPage.objects.live().picked(merchants).order_by("translation_key"))


@memoized
def newest(town: Town, since: date, count: int) -> tuple[CardRow, ...]:
    """Return at most ``count`` merchants of a town first published since a day, newest first."""
    midnight = make_aware(datetime.combine(since, time(0)))
    return _rows(live(town).newest(since=midnight)[:count])


@memoized
def categories_of(town: Town, but: Category | None = None) -> tuple[Link, ...]:
    """Return a link to each category of a town but one, with the count of its merchants there."""
    merchants = live(town).exclude(category=but) if but else live(town)
    return tuple(merchants.category_links(f"{town.get_absolute_url()}{{}}/"))


@memoized
def categories_of_region() -> tuple[Link, ...]:
    """Return a link to the search of each category, with the count of its merchants."""
    return tuple(live().category_links("/recherche/?categorie={}"))


@memoized
def count_by_town(category: Category | None = None) -> TownCounts:
    """Return how many merchants of a category there are by town's id; those of a district count for its commune too."""
    return live(None, category).count_by_town()


@memoized
def count_in_department(code: str) -> TownCounts:
    return MerchantPage.objects.live().in_department(code).count_by_town()


@memoized
def fullest_towns(most: int) -> Mapping[str, tuple[Link, ...]]:
    """Return links to at most ``most`` towns of each department, those with most merchants first, by its code."""
    counts = count_by_town()
    found: dict[str, list[Town]] = {department.code: [] for department in DEPARTMENTS}
    for town in sorted(Town.objects.filter(pk__in=counts), key=lambda town: (-counts[town.pk], town.name)):
        found[town.department_code].append(town)
    return MappingProxyType({code: links(towns[:most], counts) for code, towns in found.items()})


@memoized
def towns_by_letter(department: Department) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """Return each first letter of a department's towns with links to them."""
    counts = count_in_department(department.code)
    towns = Town.objects.filter(department_code=department.code).order_by("slug")
    return tuple(
        (letter, links(found, counts)) for letter, found in groupby(towns, key=lambda town: town.slug[0].upper())
    )


@memoized
def neighbours_of(town: Town, category: Category | None = None, beyond: str = "") -> tuple[Link, ...]:
    """Return links to the nearest towns with merchants of that category. beyond: what follows the town's address."""
    merchants = MerchantPage.objects.live()
    merchants = merchants.in_category(category) if category else merchants
    somebody = Exists(merchants.filter(town=OuterRef("pk"))) | Exists(merchants.filter(town__parent=OuterRef("pk")))
    nearest = list(Town.objects.exclude(pk=town.pk).filter(somebody).nearest(town.point)[:NEIGHBOURS_SHOWN])
    there = merchants.filter(Q(town__in=nearest) | Q(town__parent__in=nearest))
    counts = there.told_by_departments(*{each.department_code for each in (town, *nearest)}).count_by_town()
    return links(nearest, counts, beyond)


def links(towns: Iterable[Town], counts: Mapping[int, int], beyond: str = "") -> tuple[Link, ...]:
    return tuple(Link(town.name, f"{town.get_absolute_url()}{beyond}", counts[town.pk]) for town in towns)


def _rows(merchants: MerchantQuerySet) -> tuple[CardRow, ...]:
    return tuple(merchants.card_rows())
