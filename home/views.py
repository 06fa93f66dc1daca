"""The front page and the stories, where a person's account begins, what the portal declares of itself."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from directory.models import MerchantPage
from home import accessibility
from home.models import CampaignPage, HomePage, StoryIndexPage, StoryPage
from home.site_settings import site_settings
from portal.calendar_files import CalendarEvent, calendar_file
from portal.dependencies import depends_on, depends_on_tags
from portal.memory import memoized_rows
from portal.page_cache import cached_page
from portal.pages import PortalPage
from shop import terms as published_terms
from shop.views.terms import shown as shown_terms


# Wagtail's own way to a page asks for the site, then walks down the tree: five queries more.
@cached_page
def front_page(request: HttpRequest) -> HttpResponseBase:
    page = _only(HomePage)
    # What its blocks show is not all told of when it changes: they ask for it again, as of a page just read.
    page.body = page.body.stream_block.to_python(list(page.body.raw_data))
    return page.serve(request)


@cached_page
def stories(request: HttpRequest) -> HttpResponseBase:
    """All stories, newest first."""
    return _only(StoryIndexPage).serve(request)


@memoized_rows
def _only(model: type[PortalPage]) -> PortalPage:
    """Return the page of a model that has but one."""
    return get_object_or_404(model.objects.live())


@cached_page
def story(request: HttpRequest, slug: str) -> HttpResponseBase:
    page = _story(slug)
    # Nothing tells of a film that changed: such a story is read again.
    return (_read_story(slug) if page.holds("video") else page).serve(request)


@memoized_rows
def _story(slug: str) -> StoryPage:
    return _read_story(slug)


def _read_story(slug: str) -> StoryPage:
    page = get_object_or_404(StoryPage.objects.live().select_related("picture", "town__parent"), slug=slug)
    depends_on("picture", *page.picture_ids)
    return page


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Lead editors to the admin, merchants to their space, and everybody else to their orders."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    if MerchantPage.objects.managed_by(request.user).exists():
        return redirect("space:home")
    return redirect("customer:order-list")


@require_safe
@cached_page
def accessibility_statement(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the law asks for, computed from the recorded audit."""
    audit = accessibility.recorded()
    return render(
        request,
        "home/accessibility.html",
        {
            "audit": audit,
            "state": accessibility.state(audit, timezone.localdate()),
            "valid_years": accessibility.VALID_YEARS,
            "rgaa": accessibility.RGAA,
            "checks": [promise for _, promise in accessibility.DECIDED.values()],
            "contact": site_settings().email,
        },
    )


@require_safe
@cached_page
def accessibility_scheme(request: HttpRequest) -> HttpResponse:
    """The several years' scheme and this year's plan of action."""
    today = timezone.localdate()
    context = {
        "site_settings": site_settings(),
        "state": accessibility.state(accessibility.recorded(), today),
        "year": today.year,
        "last_year": today.year + accessibility.VALID_YEARS - 1,
    }
    return render(request, "home/legal/accessibility_scheme.html", context)


@dataclass(frozen=True)
class Terms:
    """One version of the terms of use. template: its text, kept as it was when the next one is written."""

    in_force_on: date
    template: str


TERMS = {1: Terms(date(2026, 11, 24), "home/legal/terms.html")}  # newest first


@method_decorator(cached_page, name="dispatch")
class LegalPage(TemplateView):
    """A legal text. It stands in a template, not in the admin: it says what the code does, and changes with it."""

    extra_context = {"site_settings": site_settings, "versions": TERMS}


@require_safe
@cached_page
def visitor_terms(request: HttpRequest) -> HttpResponse:
    """The terms in force: the last version published in the admin, else the first one, which is a template."""
    depends_on_tags("terms")
    if published_terms.in_force(published_terms.Audience.VISITORS) is not None:
        return shown_terms(request, published_terms.Audience.VISITORS, "", "/cgu/versions/")
    return render(request, "home/legal/terms.html", {"site_settings": site_settings(), "versions": TERMS})


@require_safe
@cached_page
def terms_version(request: HttpRequest, number: int) -> HttpResponse:
    """The terms as they stood in one version; each stays readable once another is in force."""
    if number not in TERMS:
        raise Http404("Cette version n’existe pas.")
    context = {
        "site_settings": site_settings(),
        "versions": {number: TERMS[number]},
        "canonical_url": f"{settings.SITE_URL}/cgu/",
    }
    return render(request, TERMS[number].template, context)


@require_safe
def event_calendar(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """One date of a campaign, for the visitor's calendar."""
    page = get_object_or_404(CampaignPage.objects.live(), pk=pk)
    event = page.events().get(str(key))
    if event is None:
        raise Http404
    entry = CalendarEvent(
        uid=f"{key}@{urlsplit(settings.SITE_URL).hostname}",
        title=event["title"],
        start=event["start"],
        end=event["end"],
        place=event["place"],
        url=f"{settings.SITE_URL}{page.public_path}",
    )
    return HttpResponse(calendar_file([entry], page.last_published_at), "text/calendar; charset=utf-8")
