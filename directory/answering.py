"""Tells merchants the outcome whenever a review of their page ends, however an editor ended it.

Approving, sending back, publishing past the review, stopping it, taking the page offline, by its form, from a list or
by the clock: Wagtail tells of each by a signal, sent within the transaction of the act. The answer is stored and its
e-mail queued there, so that none is given of what was undone.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.signal_handlers import workflow_approval_email_notifier, workflow_rejection_email_notifier
from wagtail.models import Page, Revision, WorkflowState
from wagtail.signals import (
    page_published,
    page_unpublished,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
)

from directory.answers import Answer
from directory.models import MerchantPage
from portal.models import User

Kind = Answer.Kind
DELETED = "deleted"  # never stored: a page's answers go with it
SUBJECTS = {
    Kind.APPROVED: "En ligne : {}",
    Kind.PUBLISHED: "En ligne : {}",
    Kind.SCHEDULED: "Acceptée : {}",
    Kind.REFUSED: "À revoir : {}",
    Kind.WITHDRAWN: "Relecture arrêtée : {}",
    Kind.OFFLINE: "Hors ligne : {}",
    DELETED: "Supprimée : {}",
}


def listen() -> None:
    """Have every end of a review answered, in the place of Wagtail's e-mails about merchants; others' stay."""
    workflow_cancelled.connect(_cancelled)
    page_published.connect(_published, sender=MerchantPage)
    page_unpublished.connect(_unpublished, sender=MerchantPage)
    pre_delete.connect(_deleted, sender=MerchantPage)
    post_save.connect(_called_off, sender=Revision)
    # By Wagtail's own names, so that it finds its receivers taken, whichever of the two comes first.
    for signal, receiver, name in (
        (workflow_approved, _approved, "workflow_state_approved_email_notification"),
        (workflow_rejected, _rejected, "workflow_state_rejected_email_notification"),
    ):
        signal.disconnect(sender=WorkflowState, dispatch_uid=name)
        signal.connect(receiver, sender=WorkflowState, dispatch_uid=name)


def _merchant(review: WorkflowState) -> MerchantPage | None:
    """Return the merchant whose page was under review, as it is stored; None for other pages."""
    return MerchantPage.objects.filter(pk=review.object_id).first() if review.object_id.isdecimal() else None


def _approved(instance: WorkflowState, **kwargs: Any) -> None:
    if not (merchant := _merchant(instance)):
        workflow_approval_email_notifier(instance, **kwargs)
    else:
        comment = instance.current_task_state.comment if instance.current_task_state else ""
        due = merchant.scheduled_revision
        if due is not None and merchant.live_revision_id != merchant.latest_revision_id:
            _answer(merchant, Kind.SCHEDULED, comment, instance, goes_live_at=due.approved_go_live_at)
        else:
            _answer(merchant, Kind.APPROVED, comment, instance)


def _rejected(instance: WorkflowState, **kwargs: Any) -> None:
    if not (merchant := _merchant(instance)):
        workflow_rejection_email_notifier(instance, **kwargs)
    else:
        _answer(merchant, Kind.REFUSED, instance.current_task_state.comment, instance)


def _cancelled(instance: WorkflowState, user: User | None = None, **kwargs: Any) -> None:
    """Answer that a review was stopped, unless its page was published past it, or whoever asked for it stopped it."""
    merchant = _merchant(instance)
    if merchant is None or (user is not None and user.pk == instance.requested_by_id):
        return
    if (due := merchant.scheduled_revision) is not None:
        _answer(merchant, Kind.SCHEDULED, "", instance, goes_live_at=due.approved_go_live_at)
    elif not Answer.objects.filter(review=instance, kind=Kind.PUBLISHED).exists():
        _answer(merchant, Kind.WITHDRAWN, "", instance)


def _published(instance: MerchantPage, revision: Revision, **kwargs: Any) -> None:
    """Answer who waits: a review is open, or was ended by a promise to publish at a date that has come."""
    if not instance.live:  # scheduled: the page will be published by the clock
        return
    open_review = instance.current_workflow_state
    promised = Answer.objects.filter(merchant=instance).first()
    if open_review:
        _answer(instance, Kind.PUBLISHED, "", open_review)
    elif promised and promised.kind == Kind.SCHEDULED:
        _answer(instance, Kind.APPROVED, "", promised.review)


def _unpublished(instance: MerchantPage, **kwargs: Any) -> None:
    is_being_deleted = Page.objects.filter(pk=instance.pk, live=True).exists()  # Wagtail says so before the delete
    if not is_being_deleted:
        _answer(instance, Kind.OFFLINE, instance.offline_comment, None)


def _deleted(instance: MerchantPage, **kwargs: Any) -> None:
    """Tell whoever keeps a page that it is gone: they may be waiting for an answer, or have it half written."""
    _answer(instance, DELETED, "", None)


def _called_off(instance: Revision, update_fields: Collection[str] | None, **kwargs: Any) -> None:
    """Answer who was promised a day that an editor called off."""
    is_called_off = update_fields == {"approved_go_live_at"} and instance.approved_go_live_at is None
    if not is_called_off or not (merchant := MerchantPage.objects.filter(latest_revision=instance).first()):
        return
    promised = Answer.objects.filter(merchant=merchant).first()
    if promised and promised.kind == Kind.SCHEDULED:
        _answer(merchant, Kind.WITHDRAWN, "", promised.review)


@transaction.atomic
def _answer(
    merchant: MerchantPage,
    kind: str,
    comment: str,
    review: WorkflowState | None,
    *,
    goes_live_at: datetime | None = None,
) -> None:
    is_stored = kind != DELETED
    if is_stored:
        Answer.objects.create(merchant=merchant, kind=kind, comment=comment, review=review, goes_live_at=goes_live_at)
    for manager in merchant.managers.filter(is_active=True):
        context = {
            "name": manager.first_name,
            "kind": str(kind),
            "title": merchant.title,
            "comment": comment,
            "goes_live_at": goes_live_at and timezone.localtime(goes_live_at),
            "page": merchant.full_url,
            "space": f"{settings.SITE_URL}{reverse('space:profile', args=[merchant.pk])}" if is_stored else "",
            "site": settings.SITE_URL,
        }
        EmailMessage(
            SUBJECTS[kind].format(merchant.title),
            render_to_string("directory/emails/answer.txt", context),
            to=[manager.email],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
