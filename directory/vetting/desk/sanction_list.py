"""Procedures against merchants in Wagtail's admin."""

from typing import ClassVar

import django_filters
from django.contrib.auth.models import Permission
from django.db.models import Case, IntegerField, QuerySet, When
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from directory.vetting.desk.lists import DecidedElsewhere, ListView, ListViewSet, written
from directory.vetting.sanctions.kinds import Stage
from directory.vetting.sanctions.models import Sanction

register_permission_policy(Sanction, DecidedElsewhere(Sanction))


class SanctionFilterSet(WagtailFilterSet):
    stage = django_filters.ChoiceFilter(label="Étape", choices=Stage.choices, empty_label="Toutes")

    class Meta:
        model = Sanction
        fields: ClassVar = ["stage", "measure"]


class SanctionListView(ListView):
    def get_base_queryset(self) -> QuerySet:
        """Those that wait for somebody first: an appeal, then the end of a hearing."""
        waits = Case(
            When(appeal__outcome="", then=0), When(stage=Stage.HEARING, then=1), default=2, output_field=IntegerField()
        )
        return Sanction.objects.select_related("appeal").order_by(waits, "hearing_until", "-pk")


class SanctionViewSet(ListViewSet):
    """Procedures against merchants, those that wait first."""

    model = Sanction
    index_view_class = SanctionListView
    filterset_class = SanctionFilterSet
    icon = "warning"
    menu_label = "Procédures et sanctions"
    list_display: ClassVar = [
        TitleColumn(
            "number",
            label="Procédure",
            get_url=lambda one: reverse("vetting:sanction", args=[one.number]),
            accessor=lambda one: f"{one.merchant_title} ({one.number})",
        ),
        Column("measure", label="Mesure", accessor="get_measure_display"),
        Column("stage", label="Étape", accessor="get_stage_display"),
        Column("hearing_until", label="Observations jusqu’au", accessor=lambda one: written(one.hearing_until)),
        Column("ends_on", label="En effet jusqu’au", accessor=lambda one: written(one.ends_on)),
        Column("appeal", label="Réclamation", accessor=lambda one: appeal_of(one)),
    ]
    search_fields: ClassVar = ["number", "merchant_title", "notice"]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return super().get_permissions_to_register().filter(codename="view_sanction")


def appeal_of(sanction: Sanction) -> str:
    appeal = getattr(sanction, "appeal", None)
    if appeal is None:
        return ""
    return appeal.get_outcome_display() or "à examiner"
