"""« Fraîcheur des horaires »: merchants to call, those whose hours are oldest first, as a page and a spreadsheet."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import PageReportView

from directory.departments import BY_CODE
from directory.freshness.reminders import in_stage, with_age
from directory.freshness.stages import Stage, stage_at
from directory.hours import written_date
from directory.models import MerchantPage
from portal import database_clock


class FreshnessFilterSet(WagtailFilterSet):
    stage = django_filters.ChoiceFilter(
        label="Étape", choices=Stage.choices, method="filter_stage", empty_label="Toutes"
    )
    department = django_filters.ChoiceFilter(
        label="Département",
        field_name="town__department_code",
        choices=sorted((code, department.name) for code, department in BY_CODE.items()),
        empty_label="Tous",
    )

    class Meta:
        model = MerchantPage
        fields: ClassVar = ["stage", "department"]

    def filter_stage(self, merchants: Any, name: str, stage: str) -> Any:
        return in_stage(merchants, Stage(stage), database_clock.today())


class FreshnessView(PageReportView):
    page_title = "Fraîcheur des horaires"
    header_icon = "time"
    results_template_name = "wagtailadmin/reports/base_report_results.html"
    filterset_class = FreshnessFilterSet
    index_url_name = "freshness_report"
    index_results_url_name = "freshness_report_results"
    any_permission_required: ClassVar = ["add", "change", "publish"]
    columns: ClassVar = [
        TitleColumn(
            "title", label="Commerce", get_url=lambda page: reverse("wagtailadmin_pages:edit", args=(page.pk,))
        ),
        Column("town", label="Commune", width="15%"),
        Column("phone", label="Téléphone", width="15%"),
        Column("since", label="Horaires connus du", width="15%"),
        Column("stage", label="Étape", width="12%"),
        Column("reminded", label="Dernier rappel", width="15%"),
    ]
    list_export: ClassVar = ["title", "town", "phone", "since", "stage", "reminded", "full_url"]
    export_headings: ClassVar = {
        "title": "Commerce",
        "town": "Commune",
        "phone": "Téléphone",
        "since": "Horaires connus du",
        "stage": "Étape",
        "reminded": "Dernier rappel",
        "full_url": "Adresse",
    }

    def get_queryset(self) -> Any:
        merchants = with_age(MerchantPage.objects.with_place()).annotate(last_reminder=Max("hours_reminders__sent_at"))
        self.queryset = merchants.order_by("known_since", "pk")
        return super().get_queryset()

    def decorate_paginated_queryset(self, merchants: Any) -> list[Any]:
        """Give each what its columns print, in words."""
        today, decorated = database_clock.today(), []
        for merchant in merchants:
            merchant.since = written_date(merchant.known_since) if merchant.known_since else ""
            merchant.stage = stage_at(merchant.known_since, today).label if merchant.known_since else ""
            sent_at = merchant.last_reminder
            merchant.reminded = written_date(timezone.localdate(sent_at)) if sent_at else ""
            decorated.append(merchant)
        return decorated
