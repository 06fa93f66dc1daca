"""Complaints against decisions on reports, and trusted flaggers, in Wagtail's admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from home.reports import complaints as acts
from home.reports.models import Complaint, TrustedFlagger


class AnswerForm(WagtailAdminModelForm):
    """The answer to one complaint, by somebody who did not decide."""

    def clean(self) -> dict:
        data = super().clean()
        if self.instance.outcome:
            raise ValidationError(acts.ANSWERED)
        if not acts.may_answer(self.instance, self.for_user):
            raise ValidationError(acts.ANOTHER)
        if not data.get("outcome"):
            self.add_error("outcome", "Choisissez l’issue.")
        if not (data.get("answer") or "").strip():
            self.add_error("answer", "Écrivez les motifs : la personne les reçoit.")
        return data

    def _post_clean(self) -> None:
        """Leave the instance as it is stored: ``acts.answer`` writes it."""


class AnswerView(EditView):
    def get_success_message(self) -> str:
        return f"{self.object}\u00a0: {self.object.get_outcome_display()}. La réponse est envoyée."

    def save_instance(self) -> Complaint:
        told = self.form.cleaned_data
        outcome = Complaint.Outcome(told["outcome"])
        return acts.answer(self.object, outcome, told["answer"], self.request.user)


class ListView(IndexView):
    def get_base_queryset(self) -> QuerySet:
        """Those without an answer first."""
        return super().get_base_queryset().select_related("notice").order_by("outcome", "filed_at")


class KeptComplaints(ModelPermissionPolicy):
    """Nobody adds or deletes one here."""

    def user_has_permission(self, user: Any, action: Any) -> bool:
        return action not in ("add", "delete") and super().user_has_permission(user, action)


register_permission_policy(Complaint, KeptComplaints(Complaint))


class ComplaintViewSet(ModelViewSet):
    model = Complaint
    icon = "warning"
    menu_label = "Réclamations"
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = ListView
    edit_view_class = AnswerView
    list_display = ["notice", "side", "filed_at", "outcome"]
    list_filter = ["outcome", "side"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel(name, read_only=True) for name in ("notice", "side", "text")], heading="Ce qu’on nous écrit"
            ),
            HelpPanel(template="home/reports/contested.html", heading="La décision contestée"),
            MultiFieldPanel(["outcome", "answer"], heading="Ce que nous répondons"),
        ],
        base_form_class=AnswerForm,
    )

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return super().get_permissions_to_register().filter(codename__in=["view_complaint", "change_complaint"])


class TrustedFlaggerViewSet(ModelViewSet):
    """Bodies whose reports are read first."""

    model = TrustedFlagger
    form_fields = ["name", "email", "until"]
    list_display = ["name", "email", "until"]
    icon = "user"
    menu_label = "Signaleurs de confiance"
    add_to_settings_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False


complaints = ComplaintViewSet("complaints")
trusted_flaggers = TrustedFlaggerViewSet("trusted_flaggers")
