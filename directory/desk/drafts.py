"""Keeps a merchant's unsent draft apart: an editor who corrects the page neither sees nor publishes it."""

from wagtail.models import Revision, TaskState

from directory.models import MerchantPage

NEVER_MERGED = {  # what Wagtail keeps of a page, and what the merchant did not write
    *("pk", "live", "has_unpublished_changes", "live_revision", "latest_revision", "latest_revision_created_at"),
    *("first_published_at", "last_published_at", "go_live_at", "expire_at", "expired", "draft_title", "owner"),
    *("locked", "locked_at", "locked_by", "path", "depth", "numchild", "url_path", "translation_key", "locale"),
    *("content_type", "alias_of", "confirmed_on", "wagtail_admin_comments"),
}


def unsent_draft(page: MerchantPage) -> Revision | None:
    """Return the draft that a manager of a page online saved and has not sent for review, or None."""
    latest = page.latest_revision
    if not page.live or latest is None or page.live_revision_id is None or latest.pk == page.live_revision_id:
        return None
    state = page.current_workflow_state
    if state and state.current_task_state and state.current_task_state.status == TaskState.STATUS_IN_PROGRESS:
        return None
    if latest.approved_go_live_at is not None:
        return None
    is_own = page.accesses.filter(user=latest.user_id).exists() if latest.user_id else False
    return latest if is_own else None


def keep_on_top(draft: Revision, before: dict, corrected: MerchantPage) -> None:
    """Store the merchant's draft again on top of a correction that was published meanwhile.

    What the merchant changed stays as written; the rest is as the editor corrected it.

    before: the content that was online when the draft was the latest.
    """
    after = corrected.serializable_data()
    own = {
        name: value
        for name, value in draft.content.items()
        if name in before and name not in NEVER_MERGED and _said(value) != _said(before[name])
    }
    if not own:
        return
    page = MerchantPage.objects.get(pk=corrected.pk).with_content_json({**after, **own})
    page.save_revision(user=draft.user, clean=False)


def _said(value: object) -> object:
    """Return a value as one compares it: the pictures of a gallery without the ids of their rows."""
    if not isinstance(value, list):
        return value
    rows_own = ("pk", "merchant")
    return [
        {name: part for name, part in row.items() if name not in rows_own} if isinstance(row, dict) else row
        for row in value
    ]
