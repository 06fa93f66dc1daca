"""Where a merchant's page stands between her draft and the public: what she is told, and whether she may write."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from wagtail.models import WorkflowState

from directory.models import MerchantPage


@dataclass(frozen=True)
class Review:
    """The state of one page for one of its managers.

    kind: "waiting" for an editor; "refused" by one; "locked" while an editor works on it; "draft" not sent yet;
    "published" as it is. since: when it was sent or refused. comment: what the editor answered.
    is_open: whether the manager may change the page now.
    """

    kind: Literal["waiting", "refused", "locked", "draft", "published"]
    is_open: bool
    since: datetime | None = None
    comment: str = ""


def review(page: MerchantPage, user) -> Review:
    """Return where the page stands for ``user``."""
    lock = page.get_lock()
    is_open = not (lock and lock.for_user(user))
    state = page.current_workflow_state
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        return Review("waiting", is_open, since=state.current_task_state.started_at)
    if not is_open:
        return Review("locked", is_open)
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        refusal = state.current_task_state
        return Review("refused", is_open, since=refusal.finished_at, comment=refusal.comment)
    return Review("draft" if page.has_unpublished_changes else "published", is_open)


def submit(page: MerchantPage, author) -> None:
    """Ask the editors to publish the page's latest revision, for the first time or after a refusal.

    The page is open to its author (``Review.is_open``), so no review is under way.
    """
    if state := page.current_workflow_state:
        state.resume(user=author)
    else:
        page.get_workflow().start(page, author)
