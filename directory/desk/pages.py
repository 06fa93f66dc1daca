"""Admin views of a merchant's page, where they differ from Wagtail's."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.models import Page, TaskState, WorkflowState

from directory.desk.drafts import keep_on_top, unsent_draft
from directory.models import MerchantPage
from directory.review_task import APPROVE, REASON_WANTED, REJECT, faults_of, faults_of_page, reads_latest
from portal.dates import date_format

HER_DRAFT = (
    "Le commerçant prépare un brouillon qu’il n’a pas envoyé. Vous voyez ici sa fiche telle qu’elle est "
    "en ligne\u00a0: ce que vous publiez la corrige, et son brouillon reste à lui."
)
TO_READ = "Le commerçant a envoyé des changements\u00a0: ils attendent votre relecture."
NOT_BESIDE_HER_DRAFT = (
    "Rien n’est enregistré\u00a0: le commerçant a lui-même un brouillon en cours, et le vôtre se mêlerait au sien. "
    "Publiez votre correction, ou attendez qu’il ait envoyé sa fiche."
)


def tell_review(request: HttpRequest, page_id: int, action: str, task_state: TaskState) -> None:
    """Tell an editor what became of a page that they approved or sent back.

    task_state: the one that they acted on.
    """
    page = MerchantPage.objects.get(pk=page_id)
    task_state = TaskState.objects.get(pk=task_state.pk)
    title = page.get_admin_display_title()
    state = WorkflowState.objects.get(pk=task_state.workflow_state_id)
    if action == REJECT and task_state.status == TaskState.STATUS_REJECTED:
        messages.success(request, f"« {title} » n’est pas publiée\u00a0: votre réponse part au commerçant.")
    elif action == REJECT:
        messages.error(request, f"« {title} » attend toujours. {REASON_WANTED}")
    elif action == APPROVE and task_state.status == TaskState.STATUS_IN_PROGRESS:
        faults = " ".join(faults_of(task_state))
        messages.error(request, f"« {title} » n’est pas publiée et attend toujours. À corriger\u00a0: {faults}")
    elif state.status == WorkflowState.STATUS_IN_PROGRESS:
        messages.warning(
            request,
            f"« {title} » n’est pas encore publiée\u00a0: quelqu’un l’a modifiée depuis, ou une autre personne doit la "
            "relire. Ouvrez-la pour lire la dernière version.",
        )
    elif (due := page.scheduled_revision) is not None:
        day = date_format(timezone.localtime(due.approved_go_live_at), "j F Y à G \\h i")
        messages.success(request, f"« {title} » est approuvée, en ligne le {day}. Le commerçant est prévenu.")
    else:
        messages.success(request, f"« {title} » est approuvée et publiée. Le commerçant est prévenu.")


class MerchantEditView(EditView):
    """Approving publishes what the editor sees; a draft that the merchant has not sent stays the merchant's."""

    def get_object(self) -> Page:
        self.merchant_draft = unsent_draft(self.real_page_record.specific)
        return self.real_page_record.specific if self.merchant_draft else super().get_object()

    def dispatch(self, request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponseBase:
        self.merchant_draft = None
        return super().dispatch(request, page_id, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.merchant_draft:
            self.autosave_enabled = False
            messages.warning(request, HER_DRAFT)
        elif self.page.live and self._waits_for(request.user):
            compare = reverse("wagtailadmin_pages:revisions_compare", args=[self.page.pk, "live", "latest"])
            messages.info(request, TO_READ, buttons=[messages.button(compare, "Voir ce qui change")])
        return super().get(request, *args, **kwargs)

    def _waits_for(self, user: Any) -> bool:
        state = self.page.current_workflow_task_state
        is_open = state is not None and state.status == TaskState.STATUS_IN_PROGRESS
        return is_open and bool(state.task.specific.get_actions(self.page, user))

    def save_action(self) -> HttpResponseBase | None:
        return self._refuse_beside_draft() if self.merchant_draft else super().save_action()

    def submit_action(self) -> HttpResponseBase | None:
        return self._refuse_beside_draft() if self.merchant_draft else super().submit_action()

    def restart_workflow_action(self) -> HttpResponseBase | None:
        return self._refuse_beside_draft() if self.merchant_draft else super().restart_workflow_action()

    def _refuse_beside_draft(self) -> HttpResponseBase | None:
        if self.expects_json_response:
            return self.json_error_response("blocked_by_hook", NOT_BESIDE_HER_DRAFT)
        messages.error(self.request, NOT_BESIDE_HER_DRAFT)
        self.has_unsaved_changes = True
        return self.render_to_response(self.get_context_data())

    def publish_action(self) -> HttpResponseBase | None:
        if not self.merchant_draft:
            return super().publish_action()
        before = MerchantPage.objects.get(pk=self.page.pk).serializable_data()
        response = super().publish_action()
        keep_on_top(self.merchant_draft, before, MerchantPage.objects.get(pk=self.page.pk))
        return response

    @cached_property
    def acted_on(self) -> TaskState:
        return self.page.current_workflow_task_state

    def perform_workflow_action(self) -> HttpResponseBase | None:
        reads_latest(self.request.user, self.page)
        _ = self.acted_on
        return super().perform_workflow_action()

    def add_save_confirmation_message(self) -> None:
        if self.action_name == "perform_workflow_action":
            tell_review(self.request, self.page.pk, self.workflow_action, self.acted_on)
        else:
            super().add_save_confirmation_message()


class MerchantWorkflowActionView(WorkflowActionView):
    """Approving or sending back from a list: what was sent, and a word on what came of it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().post(request, *args, **kwargs)
        if not (self.form_class and not self.form_class(request.POST).is_valid()):
            tell_review(request, self.object.pk, self.action_name, self.task_state)
        elif request.headers.get("x-requested-with") != "XMLHttpRequest":
            messages.error(request, f"Rien n’a été envoyé. {REASON_WANTED}")
        return response


def leave_out_unpublishable(request: HttpRequest, action_type: str, objects: list[Page], action: Any) -> None:
    """Leave out of a publication in bulk the merchants' drafts that they have not sent, and pages with faults."""
    if action_type != "publish":
        return
    merchants = {page.pk: page for page in MerchantPage.objects.filter(pk__in=[page.pk for page in objects])}
    left_out = {pk: reason for pk, page in merchants.items() if (reason := _unpublishable(page))}
    for pk, reason in left_out.items():
        messages.error(request, f"« {merchants[pk].title} » n’est pas publiée\u00a0: {reason}")
    objects[:] = [page for page in objects if page.pk not in left_out]


def _unpublishable(page: MerchantPage) -> str:
    if unsent_draft(page):
        return "le commerçant a un brouillon qu’il n’a pas envoyé."
    return " ".join(faults_of_page(page.get_latest_revision_as_object()))
