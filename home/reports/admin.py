"""Reports in Wagtail's admin: read, decide one or many, undo. Nothing is added or deleted here."""

from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn, Column
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from directory.vetting.desk.lists import written
from home.reports import decisions
from home.reports.models import Notice

State = Notice.State
WHY = "Écrivez les raisons : la personne qui a signalé les reçoit avec la décision."
SEARCHED = ["page", "where", "details", "email"]


class DecisionForm(WagtailAdminModelForm):
    """A decision on one report. seen: the state that the page showed, so that of two editors one decides."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = f"{self.instance.state} {self.instance.decided_at or ''}".strip()
        self.initial["seen"] = self.shown

    def clean(self) -> dict:
        data = super().clean()
        if data.get("seen") and data["seen"] != self.shown:
            who = self.instance.decided_by or "un collègue"
            raise forms.ValidationError(
                f"{who} a traité ce signalement pendant ce temps. Rouvrez la page, lisez cette décision, puis "
                "corrigez-la si besoin."
            )
        if data.get("state") != State.NEW and not (data.get("answer") or "").strip():
            self.add_error("answer", WHY)
        return data


class DecideView(EditView):
    """Decides instead of merely storing: whoever it concerns is told."""

    def get_success_message(self) -> str:
        told = " La personne qui l’a envoyé est prévenue." if self.object.email and self.object.decided_at else ""
        return f"{self.object}\u00a0: {self.object.get_state_display()}.{told}"

    def save_instance(self) -> Notice:
        notice, chosen = Notice.objects.get(pk=self.form.instance.pk), self.form.cleaned_data
        if chosen["state"] == State.NEW:
            decisions.reopen([notice])
        else:
            decisions.decide([notice], State(chosen["state"]), chosen["answer"].strip(), self.request.user)
        notice.refresh_from_db()
        log(notice, "wagtail.edit", user=self.request.user)
        return notice


class ListView(IndexView):
    """The reports, each with a box to tick."""

    template_name = "home/reports/index.html"

    def get_base_queryset(self) -> QuerySet:
        """What waits first: trusted flaggers', then by the day by which it is to be decided."""
        waits = Case(When(state=State.NEW, then=0), default=1, output_field=IntegerField())
        return super().get_base_queryset().order_by(waits, "-is_trusted", "due_on", "-made_at", "-pk")

    @cached_property
    def columns(self) -> Any:
        return [BulkActionsCheckboxColumn("bulk_actions", obj_type="notice"), *super().columns]

    def _get_title_column(self, *args: Any, **kwargs: Any) -> Any:
        return super()._get_title_column(*args, **kwargs, get_title_id=lambda notice: f"notice_{notice.pk}_title")


class KeptNotices(ModelPermissionPolicy):
    """Nobody, not even a superuser, adds a report here or deletes one: the law has them kept until the purge."""

    def user_has_permission(self, user: Any, action: Any) -> bool:
        return action not in ("add", "delete") and super().user_has_permission(user, action)


register_permission_policy(Notice, KeptNotices(Notice))


class NoticeViewSet(ModelViewSet):
    """What people report: read, decide, keep."""

    model = Notice
    name = "notices"
    icon = "warning"
    menu_label = "Signalements"
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = ListView
    edit_view_class = DecideView
    index_template_name = "home/reports/index.html"
    list_display = [
        "number",
        "page",
        "reason",
        "made_at",
        Column("due_on", label="À décider avant le", accessor=lambda one: written(one.due_on)),
        BooleanColumn("is_trusted", label="De confiance"),
        "state",
    ]
    list_filter = ["state", "reason", "is_trusted"]
    search_fields = SEARCHED
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel(name, read_only=True) for name in ("page", "where", "reason", "details", "name", "email")],
                heading="Ce qu’on nous signale",
            ),
            HelpPanel(template="home/reports/procedure.html", heading="Si le commerçant doit être sanctionné"),
            MultiFieldPanel(["state", "answer"], heading="Ce que nous décidons"),
        ],
        base_form_class=DecisionForm,
    )

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return super().get_permissions_to_register().filter(codename__in=["view_notice", "change_notice"])


class NoticeAction(BulkAction):
    """What is done to all reports that are ticked."""

    models = [Notice]
    template_name = "home/reports/bulk.html"
    untouched = ""  # why some of those ticked are left as they are
    button = ""
    button_class = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("home.change_notice"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> QuerySet:
        """Return what the list holds that was looked at, not what its filters left out."""
        asked, listed = self.request.GET, Notice.objects.all()
        for name in ("state", "reason"):
            if values := asked.getlist(name):
                listed = listed.filter(**{f"{name}__in": values})
        listed = listed.filter(*[_holds(word) for word in asked.get("q", "").split()])
        return listed.values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict:
        told = {"title": self.display_name, "untouched": self.untouched, "button": self.button}
        return super().get_context_data(**kwargs) | told | {"button_class": self.button_class}

    def get_execution_context(self) -> dict:
        return {"action": self}


def _holds(word: str) -> Q:
    found = Q()
    for name in SEARCHED:
        found |= Q(**{f"{name}__icontains": word})
    return found


class SetAsideForm(forms.Form):
    answer = forms.CharField(
        label="Les raisons",
        max_length=3000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Envoyées une fois à chaque adresse qui a signalé. Ne nommez personne.",
        error_messages={"required": WHY},
    )


class SetAside(NoticeAction):
    """Close reports that lead nowhere: empty, abusive, sent twice."""

    display_name = "Classer sans suite"
    aria_label = "Classer sans suite les signalements choisis"
    action_type = "set_aside"
    action_priority = 10
    form_class = SetAsideForm
    untouched = "Déjà décidés, laissés tels quels"
    button = "Classer sans suite"
    button_class = "serious"

    def check_perm(self, notice: Any) -> bool:
        return notice.state == State.NEW

    @classmethod
    def execute_action(cls, objects: Any, action: Any, **kwargs: Any) -> Any:
        answer = action.cleaned_form.cleaned_data["answer"]
        return decisions.decide(objects, State.SET_ASIDE, answer, action.request.user), 0

    def get_success_message(self, num_parent_objects: Any, num_child_objects: Any) -> str:
        return f"{_counted(num_parent_objects)} sans suite. « Remettre à traiter » annule."


class Reopen(NoticeAction):
    """Undo decisions."""

    display_name = "Remettre à traiter"
    aria_label = "Remettre à traiter les signalements choisis"
    action_type = "reopen"
    action_priority = 20
    untouched = "Déjà à traiter"
    button = "Remettre à traiter"

    def check_perm(self, notice: Any) -> bool:
        return notice.state != State.NEW

    @classmethod
    def execute_action(cls, objects: Any, action: Any, **kwargs: Any) -> Any:
        return decisions.reopen(objects), 0

    def get_success_message(self, num_parent_objects: Any, num_child_objects: Any) -> str:
        return f"{num_parent_objects} à traiter de nouveau."


def _counted(count: int) -> str:
    return "1 signalement classé" if count == 1 else f"{count} signalements classés"


notices = NoticeViewSet("notices")
