"""Applications in Wagtail's admin, those to be decided first."""

from typing import ClassVar

import django_filters
from django.contrib.auth.models import Permission
from django.db.models import F, QuerySet
from django.urls import URLPattern, path, reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import register_permission_policy

from directory.vetting.desk import batch, sanctions, views
from directory.vetting.desk.lists import DecidedElsewhere, ListView, ListViewSet, written
from directory.vetting.documents import views as documents
from directory.vetting.kinds import Step
from directory.vetting.models import Application
from directory.vetting.signals import Signal, labels

register_permission_policy(Application, DecidedElsewhere(Application))


class ApplicationFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="État", choices=Step.choices, empty_label="Tous")
    plain = django_filters.BooleanFilter(label="Sans signal", method="filter_plain")
    signal = django_filters.ChoiceFilter(
        label="Signal", choices=Signal.choices, method="filter_signal", empty_label="Tous"
    )

    class Meta:
        model = Application
        fields: ClassVar = ["state", "plain", "signal"]

    def filter_plain(self, applications: QuerySet, name: str, is_plain: bool) -> QuerySet:
        return applications.filter(signals=[]) if is_plain else applications.exclude(signals=[])

    def filter_signal(self, applications: QuerySet, name: str, signal: str) -> QuerySet:
        return applications.filter(signals__contains=[signal])


class ApplicationListView(ListView):
    @property
    def header_buttons(self) -> list[HeaderButton]:
        several = HeaderButton("Décider de plusieurs", url=reverse("vetting:together"), icon_name="list-ul")
        return [*super().header_buttons, several]

    def get_base_queryset(self) -> QuerySet:
        """Those to be decided first, by their term; drafts are nobody's business yet."""
        found = Application.objects.exclude(state=Step.DRAFT).annotate(signal_count=F("signals__len"))
        if "state" not in self.request.GET:
            found = found.filter(state__in=(Step.SUBMITTED, Step.INCOMPLETE))
        return found.order_by("due_on", "pk")


class ApplicationViewSet(ListViewSet):
    """Applications by their term."""

    model = Application
    index_view_class = ApplicationListView
    filterset_class = ApplicationFilterSet
    icon = "clipboard-list"
    menu_label = "Candidatures"
    list_display: ClassVar = [
        TitleColumn(
            "number",
            label="Dossier",
            get_url=lambda one: reverse("vetting:application", args=[one.number]),
            accessor=lambda one: f"{one.declared.get('title') or one.siret} ({one.number})",
        ),
        Column("town", label="Commune", accessor=lambda one: one.declared.get("town_name", "")),
        Column("state", label="État", accessor="get_state_display"),
        Column("submitted_at", label="Reçu le", accessor=lambda one: written(one.submitted_at)),
        Column("due_on", label="À décider avant le", accessor=lambda one: written(one.due_on), sort_key="due_on"),
        Column(
            "signals",
            label="Signaux",
            accessor=lambda one: " ; ".join(labels(one.signals)) or "aucun",
            sort_key="signal_count",
        ),
    ]
    search_fields: ClassVar = ["number", "siret", "merchant__title", "applicant__email"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("ensemble/", batch.together, name="together"),
            path("dossier/<str:number>/", views.application, name="application"),
            path("fiche/<int:pk>/", views.merchant, name="merchant"),
            path("fiche/<int:pk>/procedure/", sanctions.new, name="sanction_new"),
            path("piece/<str:number>/", documents.read, name="document"),
            path("procedure/<str:number>/", sanctions.one, name="sanction"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return super().get_permissions_to_register().filter(codename="change_application")
