"""Merchants in Wagtail's admin, with what was decided of them, and the journal of every act."""

from typing import ClassVar

import django_filters
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.permissions import register_permission_policy

from directory.vetting.desk.lists import DecidedElsewhere, ListView, ListViewSet, written
from directory.vetting.kinds import State
from directory.vetting.models import JournalEntry, Vetting

for model in (Vetting, JournalEntry):
    register_permission_policy(model, DecidedElsewhere(model))


class VettingFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="État", choices=State.choices, empty_label="Tous")
    hides_soon = django_filters.BooleanFilter(
        label="Bientôt masqués", field_name="visible_until", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Vetting
        fields: ClassVar = ["state", "hides_soon"]


class VettingListView(ListView):
    def get_base_queryset(self) -> QuerySet:
        return Vetting.objects.select_related("merchant__town").order_by("visible_until", "merchant__title")


class VettingViewSet(ListViewSet):
    """Merchants and what was decided of them; first those who will be hidden soonest."""

    model = Vetting
    index_view_class = VettingListView
    filterset_class = VettingFilterSet
    icon = "check"
    menu_label = "Commerçants à vérifier"
    list_display: ClassVar = [
        TitleColumn(
            "merchant",
            label="Commerce",
            get_url=lambda one: reverse("vetting:merchant", args=[one.merchant_id]),
            accessor=lambda one: f"{one.merchant.title}, {one.merchant.town.name}",
        ),
        Column("siret", label="SIRET", accessor=lambda one: one.merchant.siret or "aucun"),
        Column("live", label="En ligne", accessor=lambda one: "oui" if one.merchant.live else "non"),
        Column("state", label="État", accessor="get_state_display"),
        Column("visible_until", label="Masqué après le", accessor=lambda one: written(one.visible_until)),
    ]
    search_fields: ClassVar = ["merchant__title", "merchant__siret", "merchant__town__name"]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return super().get_permissions_to_register().filter(codename="view_vetting")


class JournalFilterSet(WagtailFilterSet):
    class Meta:
        model = JournalEntry
        fields: ClassVar = ["act"]


class JournalListView(ListView):
    def get_base_queryset(self) -> QuerySet:
        return JournalEntry.objects.select_related("actor")


class JournalViewSet(ListViewSet):
    """Every act on merchants and applications, the latest first; read only."""

    model = JournalEntry
    index_view_class = JournalListView
    filterset_class = JournalFilterSet
    icon = "history"
    menu_label = "Journal"
    list_display: ClassVar = [
        DateColumn("moment", label="Quand"),
        Column("act", label="Acte", accessor="get_act_display"),
        Column("who", label="Par"),
        Column("merchant_number", label="Fiche"),
        Column("application_number", label="Dossier"),
        Column("reasons", label="Motifs"),
    ]
    list_export: ClassVar = ["moment", "act", "actor_id", "merchant_number", "application_number", "reasons", "facts"]
    search_fields: ClassVar = ["application_number", "reasons"]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return super().get_permissions_to_register().filter(codename="view_journalentry")
