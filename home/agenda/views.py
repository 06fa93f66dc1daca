"""The agenda of the region, of a department, of a town: a page of each week, and a calendar of all."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.cards import Link
from directory.departments import BY_SLUG, DEPARTMENTS
from directory.markets import DAY_SLUGS, day_url, sources
from directory.views import town_at
from home.agenda.feeds import market_events, occasion_events
from home.agenda.weeks import MOST_WEEKS, SHOWN_A_DAY, days, markets_in, occasions
from portal.calendar_files import calendar_file
from portal.dates import date_format, monday_of
from portal.page_cache import cached_page
from portal.pagination import canonical_url, page_of


@dataclass(frozen=True)
class Around:
    """What an agenda is of. name: "" for the region. department: its code, or ""; town: its id, or None."""

    name: str
    path: str
    department: str = ""
    town: int | None = None

    @property
    def is_region(self) -> bool:
        return not self.name

    @property
    def feed(self) -> str:
        return f"{self.path.rstrip('/')}.ics" if self.name else "/agenda/region.ics"


REGION = Around("", "/agenda/")


@require_safe
@cached_page
def region(request: HttpRequest) -> HttpResponse:
    return _page(request, REGION)


@require_safe
@cached_page
def department(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _department(slug))


@require_safe
@cached_page
def town(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _town(slug))


@require_safe
@cached_page
def region_feed(request: HttpRequest) -> HttpResponse:
    return _feed(REGION)


@require_safe
@cached_page
def department_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return _feed(_department(slug))


@require_safe
@cached_page
def town_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return _feed(_town(slug))


def _department(slug: str) -> Around:
    if slug not in BY_SLUG:
        raise Http404("Ce département n’est pas de la région.")
    found = BY_SLUG[slug]
    return Around(found.name, f"/agenda/{slug}/", department=found.code)


def _town(slug: str) -> Around:
    found = town_at(slug)
    return Around(found.name, f"/agenda/commune/{slug}/", town=found.pk)


def _page(request: HttpRequest, around: Around) -> HttpResponse:
    now = timezone.localtime()
    weeks = page_of(request, range(MOST_WEEKS), 1)
    monday = monday_of(now.date()) + timedelta(weeks=weeks.number - 1)
    markets = markets_in(around.department, around.town)
    shown = days(monday, markets, now, SHOWN_A_DAY if around.is_region else None)
    context = {
        "around": around,
        "week": _told(monday),
        "days": [
            {"day": day, "title": date_format(day.day, "l j F"), "all": day_url(day.day.weekday())}
            for day in shown
            if day.occasions or day.markets
        ],
        "market_sources": sources(markets) if not around.is_region else "",
        "departments": [Link(one.name, f"/agenda/{one.slug}/", active=one.code == around.department)
                        for one in DEPARTMENTS],
        "weekdays": [Link(name.capitalize(), day_url(number)) for number, name in enumerate(DAY_SLUGS)],
        "page_obj": weeks,
        "canonical_url": canonical_url(request, weeks),
    }  # fmt: skip
    return render(request, "home/agenda/page.html", context)


def _told(monday: date) -> str:
    """Return "du 30 novembre au 6 décembre 2026"."""
    return f"du {date_format(monday, 'j F')} au {date_format(monday + timedelta(days=6), 'j F Y')}"


def _feed(around: Around) -> HttpResponse:
    events = market_events(markets_in(around.department, around.town))
    if around.is_region:  # a campaign names a place in words, not a town
        events += occasion_events(occasions())
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)  # a day gives one same file
    response = HttpResponse(calendar_file(events, midnight), "text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{around.feed.rpartition("/")[2]}"'
    return response
