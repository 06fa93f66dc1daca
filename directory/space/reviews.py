"""The review state of a merchant's page: what the merchant is told, and whether the form is open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from wagtail.models import WorkflowState

from directory.answers import Answer
from directory.models import MerchantPage
from portal.models import User


@dataclass(frozen=True)
class Review:
    """Where one page stands.

    kind: "waiting" for an editor; "refused" by one; "draft" not sent yet; "published" as it is.
    since: when it was sent or refused. comment: what the editor answered. answer: the last one that the
    merchant got, of whichever kind, while nothing was sent since.
    """

    kind: Literal["waiting", "refused", "draft", "published"]
    since: datetime | None = None
    comment: str = ""
    answer: Answer | None = None


def review(page: MerchantPage) -> Review:
    """Return where the page stands; one query, none where workflow states and ``answers`` are prefetched."""
    if not (state := page.current_workflow_state):
        return Review(
            "draft" if page.has_unpublished_changes else "published", answer=next(iter(page.answers.all()[:1]), None)
        )
    task = state.current_task_state
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return Review("refused", since=task.finished_at, comment=task.comment)
    return Review("waiting", since=task.started_at)


def is_open(page: MerchantPage, user: User) -> bool:
    """Return whether ``user`` may change the page now: no review is under way, and no editor has locked it.

    Wagtail enforces its locks in its own forms only.
    """
    lock = page.get_lock()
    return not (lock and lock.for_user(user))


def submit(page: MerchantPage, author: User) -> None:
    """Ask the editors to publish the page's latest revision, for the first time or after a refusal.

    The page is open to its author (``is_open``), so no review is under way.
    """
    if state := page.current_workflow_state:
        state.resume(user=author)
    else:
        page.get_workflow().start(page, author)
