"""The workflow task in which an editor reviews a merchant's page or a story, and answers whoever sent it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState

from portal.models import User
from portal.pages import PortalPage

APPROVE, REJECT = "approve", "reject"
REASON_WANTED = "Dites au commerçant ce qu’il doit corriger : il le lit dans son espace et par e-mail."


class RefusalForm(forms.Form):
    """Why a page is sent back; whoever sent it reads it."""

    comment = forms.CharField(
        label="Ce qu’il faut corriger",
        help_text="La personne qui a envoyé la page le lit.",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        error_messages={"required": "Dites ce qu’il faut corriger."},
    )


class MerchantReview(AbstractGroupApprovalTask):
    """As Wagtail's approval by a group, but a refusal says why, and nothing is approved that could not be published.

    What an editor approves from the page's own form is what they have before their eyes, their corrections included
    (``has_read_latest``). From a list, it is what was sent: a revision that somebody saved since is to be read first.
    """

    class Meta:
        verbose_name = "relecture d’une fiche"
        verbose_name_plural = "relectures de fiches"

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, str, bool]]:
        whom = "au commerçant" if obj.cached_content_type.model == "merchantpage" else "à l’auteur"
        names = {(REJECT, True): f"Renvoyer {whom}", (APPROVE, True): f"Approuver avec un mot {whom}"}
        return [
            (name, names.get((name, modal), "Approuver et publier"), modal)
            for name, _, modal in super().get_actions(obj, user)
        ]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return RefusalForm if action == REJECT else super().get_form_for_action(action)

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> Any:
        """Approve or send back. Does nothing when a reason lacks or the page has faults: ``faults_of`` tells them."""
        if action_name == REJECT and not (kwargs.get("comment") or "").strip():
            return None
        if action_name == APPROVE:
            page = task_state.workflow_state.content_object
            if has_read_latest(user, page):
                task_state.revision = page.get_latest_revision()
                task_state.save(update_fields=["revision"])
            if faults_of(task_state):
                return None
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> str:
        return "Une personne du groupe lit la fiche d’un commerçant et lui répond"


def reads_latest(user: Any, page: Page) -> None:
    """Remember, for this request, that the user sees the latest revision of a page while sending it."""
    user.reads_latest_of = page.pk


def has_read_latest(user: User, page: Page) -> bool:
    return getattr(user, "reads_latest_of", None) == page.pk


def faults_of(task_state: TaskState) -> list[str]:
    """Return what keeps the revision under review from being published, in French; [] if nothing does."""
    return faults_of_page(task_state.revision.as_object())


def faults_of_page(page: PortalPage) -> list[str]:
    """Return what keeps a page, as it is in memory, from being published; [] if nothing does."""
    try:
        page.full_clean()
    except ValidationError as error:
        labels = {field.name: capfirst(field.verbose_name) for field in page._meta.fields}
        return [
            f"{labels[name]}\u00a0: {message}" if name in labels else message
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    return page.publication_faults()
