"""The report « À revoir »: content that is getting old, with the reason, as a page and as a spreadsheet."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

import django_filters
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.filters import ContentTypeFilter, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Page, get_page_content_types

from directory.hours import CONFIRMED_FOR, is_confirmed, last_outworn
from directory.models import MerchantPage
from home.checks.publishing import missing_references
from home.models import CampaignPage, HomePage, StoryPage
from portal.addresses import is_reserved
from portal.dates import date_format

OLD_AFTER = timedelta(days=365)  # since a page was last published
EXPIRES_WITHIN = timedelta(days=14)

REASONS = (
    ("ancienne", "Pas republiée depuis un an"),
    ("horaires", f"Horaires non confirmés depuis {CONFIRMED_FOR} mois"),
    ("retrait", "Retirée d’ici deux semaines"),
    ("disparu", "Montre des contenus disparus"),
    ("adresse", "Jamais montrée : son adresse est prise"),
)


def of_reason(reason: str) -> Q:
    """Return the condition on live pages that a reason stands for."""
    now = timezone.now()
    outworn = last_outworn(timezone.localdate())
    hours = Q(merchantpage__isnull=False) & (
        Q(merchantpage__confirmed_on__lte=outworn)
        | Q(merchantpage__confirmed_on=None, last_published_at__date__lte=outworn)
    )
    return {
        "ancienne": Q(merchantpage__isnull=True, last_published_at__lt=now - OLD_AFTER),
        "horaires": hours & ~Q(merchantpage__opening_hours=""),
        "retrait": Q(expire_at__gt=now, expire_at__lt=now + EXPIRES_WITHIN),
        "disparu": Q(pk__in=_with_vanished()),
        "adresse": Q(pk__in=_unreachable()),
    }[reason]


def _with_vanished() -> list[int]:
    return [
        page.pk
        for model in (HomePage, StoryPage, CampaignPage)
        for page in model.objects.live().iterator(chunk_size=50)
        if missing_references(page.body)
    ]


def _unreachable() -> list[int]:
    return [
        page.pk
        for model in (StoryPage, CampaignPage)
        for page in model.objects.live().only("pk", "url_path", "slug")
        if is_taken(page)
    ]


def is_taken(page: Page) -> bool:
    """Return whether something else answers the address of a page."""
    return is_reserved(page.url_path.removesuffix(f"{page.slug}/"), page.slug)


class ReviewFilterSet(WagtailFilterSet):
    reason = django_filters.ChoiceFilter(
        label="Raison", choices=REASONS, method="filter_reason", empty_label="Toutes les raisons"
    )
    content_type = ContentTypeFilter(
        label="Type", queryset=lambda request: get_page_content_types(include_base_page_type=False)
    )

    class Meta:
        model = Page
        fields: ClassVar = ["reason", "content_type"]

    def filter_reason(self, pages: Any, name: str, reason: Any) -> Any:
        return pages.filter(of_reason(reason))


class ToReviewView(PageReportView):
    """Live pages that want an editor's look, those published longest ago first."""

    page_title = "À revoir"
    header_icon = "time"
    results_template_name = "wagtailadmin/reports/base_report_results.html"
    filterset_class = ReviewFilterSet
    index_url_name = "to_review"
    index_results_url_name = "to_review_results"
    any_permission_required: ClassVar = ["add", "change", "publish"]
    columns: ClassVar = [
        TitleColumn("title", label="Page", get_url=lambda page: reverse("wagtailadmin_pages:edit", args=(page.pk,))),
        Column("reason", label="Pourquoi"),
        DateColumn("last_published_at", label="Publiée le", width="15%"),
        Column("kind", label="Type", width="15%"),
    ]
    export_headings: ClassVar = {
        "title": "Page",
        "reason": "Pourquoi",
        "last_published_at": "Publiée le",
        "kind": "Type",
        "full_url": "Adresse",
    }
    list_export: ClassVar = ["title", "reason", "last_published_at", "kind", "full_url"]

    def get_queryset(self) -> Any:
        mine = self.permission_policy.instances_user_has_permission_for(self.request.user, "change")
        wanted = Q()
        for reason, _ in REASONS:
            wanted |= of_reason(reason)
        self.queryset = mine.live().filter(wanted).select_related("content_type").order_by("last_published_at", "pk")
        return super().get_queryset()

    def decorate_paginated_queryset(self, pages: Any) -> list[Any]:
        """Give each page its ``kind`` and its ``reason``, in words."""
        confirmed = dict(
            MerchantPage.objects.filter(pk__in=[page.pk for page in pages]).values_list("pk", "confirmed_on")
        )
        bodies = {
            page.pk: page.body
            for model in (HomePage, StoryPage, CampaignPage)
            for page in model.objects.filter(pk__in=[page.pk for page in pages])
        }
        decorated = []
        for page in pages:
            page.kind = page.specific_class._meta.verbose_name
            page.reason = " ; ".join(self._reasons(page, confirmed, bodies))
            decorated.append(page)
        return decorated

    def _reasons(self, page: Any, confirmed: Any, bodies: Any) -> Iterator[Any]:
        now = timezone.now()
        if page.expire_at and page.expire_at < now + EXPIRES_WITHIN:
            yield f"retirée le {date_format(timezone.localtime(page.expire_at), 'j F')}"
        if page.pk in confirmed:
            day = confirmed[page.pk]
            if not is_confirmed(day, timezone.localdate()):
                yield f"horaires confirmés le {date_format(day, 'j F Y')}" if day else "horaires jamais confirmés"
        elif page.last_published_at < now - OLD_AFTER:
            yield "pas republiée depuis un an"
        if page.pk in bodies and is_taken(page):
            yield "jamais montrée : une page du portail a la même adresse"
        if page.pk in bodies:
            yield from (fault.rstrip(".") for fault in missing_references(bodies[page.pk]))
