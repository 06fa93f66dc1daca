"""Vetting in Wagtail's admin: lists of applications, merchants, acts, and texts; access given and withdrawn."""

from datetime import date, datetime
from typing import Any, ClassVar

import django_filters
from django.contrib.auth.models import Permission
from django.db.models import Case, F, IntegerField, QuerySet, When
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, DeleteView, IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from directory.hours import written_date
from directory.models import MerchantManager
from directory.vetting import journal
from directory.vetting.desk import batch, sanctions, views
from directory.vetting.documents import views as documents
from directory.vetting.kinds import State, Step
from directory.vetting.models import Application, JournalEntry, ReasonTemplate, Vetting
from directory.vetting.sanctions.kinds import Stage
from directory.vetting.sanctions.models import Sanction
from directory.vetting.signals import Signal, labels


class DecidedElsewhere(ModelPermissionPolicy):
    """Nobody, not even a superuser, adds, edits or deletes these in the admin's own forms."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action in ("add", "change", "delete"):
            return False
        return any(super(DecidedElsewhere, self).user_has_permission(user, known) for known in ("view", "change"))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


def written(day: date | datetime | None) -> str:
    """Return a day in words, "" for none: Wagtail's columns say « il y a 0 minute » of one to come."""
    if day is None:
        return ""
    return written_date(timezone.localdate(day) if isinstance(day, datetime) else day)


for model in (Application, Vetting, JournalEntry, Sanction):
    register_permission_policy(model, DecidedElsewhere(model))


class ListViewSet(ModelViewSet):
    """A list alone: what it shows is changed elsewhere."""

    copy_view_enabled = False
    inspect_view_enabled = False
    exclude_form_fields: ClassVar[list[str]] = ["state"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]


class ListView(IndexView):
    """A list whose rows lead to a page of ours."""

    any_permission_required: ClassVar = ["view"]

    def get_edit_url(self, instance: Any) -> str | None:
        return None


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

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return super().get_permissions_to_register().filter(codename="view_vetting")


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

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return super().get_permissions_to_register().filter(codename="view_journalentry")


class ReasonTemplateViewSet(ModelViewSet):
    """Texts for asking and refusing."""

    model = ReasonTemplate
    form_fields: ClassVar = ["use", "title", "text"]
    list_display: ClassVar = ["title", "use"]
    icon = "doc-full"
    menu_label = "Motifs types"
    copy_view_enabled = False
    inspect_view_enabled = False


class GiveAccessView(CreateView):
    def save_instance(self) -> MerchantManager:
        access = super().save_instance()
        journal.note(journal.Act.ACCESS_GIVEN, self.request.user, merchant=access.merchant_id, account=access.user_id)
        return access


class WithdrawAccessView(DeleteView):
    def delete_action(self) -> None:
        access = self.object
        journal.note(
            journal.Act.ACCESS_WITHDRAWN, self.request.user, merchant=access.merchant_id, account=access.user_id
        )
        super().delete_action()


class AccessViewSet(ModelViewSet):
    """Who may keep which merchant's page: given and withdrawn, never altered."""

    model = MerchantManager
    add_view_class = GiveAccessView
    delete_view_class = WithdrawAccessView
    form_fields: ClassVar = ["merchant", "user", "role", "agency", "until"]
    list_display: ClassVar = ["merchant", "user", "role", "agency", "until", "since"]
    search_fields: ClassVar = ["merchant__title", "user__email", "user__last_name"]
    icon = "key"
    menu_label = "Accès des gérants"
    inspect_view_enabled = False
    copy_view_enabled = False


class Verifications(ViewSetGroup):
    """All of vetting, under one heading."""

    items = (
        ApplicationViewSet("vetting", url_prefix="verifications"),
        VettingViewSet("vettings", url_prefix="verifications/commercants"),
        SanctionViewSet("sanction_list", url_prefix="verifications/procedures"),
        AccessViewSet("merchant_accesses"),
        ReasonTemplateViewSet("reason_templates", url_prefix="verifications/motifs"),
        JournalViewSet("journal", url_prefix="verifications/journal"),
    )
    menu_label = "Vérifications"
    menu_icon = "clipboard-list"
