"""Decides what a valid row changes: a new page, some fields of an existing page, or nothing.

A page belongs to the people who keep it. A field that somebody has changed since the last import stays as it is, and
so does a filled field of a page that was never imported; the report says which. What each import said is kept in the
page's history (PageLogEntry), so that the next one can tell.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision, WorkflowState

from directory.bulk import Change, add_merchants, change_merchants
from directory.importing.checks import Row
from directory.models import DirectoryPage, MerchantPage
from directory.vetting.rules import publication_faults

ACTION = "directory.import"  # registered in directory/wagtail_hooks.py
BATCH = 1_000  # rows compared at once
BLANK = ("", None)
NOT_VETTED = "reste hors ligne : ce commerce n’est pas encore vérifié"
CREATED, UPDATED, UNCHANGED, REFUSED = "créé", "mis à jour", "inchangé", "refusé"


@dataclass
class Outcome:
    """What becomes of a row.

    changes: new values by field. goes_live: whether its page is published now. is_delicate: whether somebody's work on
    the page is under way, in a revision or a review.
    """

    row: Row
    kind: str
    page: MerchantPage | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    goes_live: bool = False
    is_delicate: bool = False
    remarks: list[str] = field(default_factory=list)


def plan(rows: list[Row], publish: bool) -> list[Outcome]:
    """Return what becomes of each row, in order; change nothing.

    publish: changes of vetted merchants go live at once, unless somebody's own change waits for an editor. A new page
        is never online: nobody has vetted it.
    """
    return [
        outcome for start in range(0, len(rows), BATCH) for outcome in _planned(rows[start : start + BATCH], publish)
    ]


def carry_out(outcomes: list[Outcome], file_name: str, progress: Callable[[int], object]) -> None:
    """Store what was planned: each new page and each change with its revision and a line of history.

    A thousand pages at a time, so that an import that was cut short can simply run again. Pages that somebody is
    working on go through Wagtail one by one, for the sake of their workflow.
    """
    by_siret = {outcome.row.siret: outcome for outcome in outcomes}

    def history(page: MerchantPage) -> dict[str, Any]:
        return _history(by_siret[str(page.siret)].row, file_name)

    created = [_new_page(outcome) for outcome in outcomes if outcome.kind == CREATED]
    add_merchants(created, DirectoryPage.objects.get(), progress, ACTION, history)
    updated = [outcome for outcome in outcomes if outcome.kind == UPDATED]
    changes = [
        Change(outcome.page, outcome.changes, outcome.goes_live)
        for outcome in updated
        if outcome.page and not outcome.is_delicate
    ]
    changed = change_merchants(changes, progress, ACTION, history)
    for outcome in updated:
        if outcome.is_delicate:
            _update(outcome, file_name)
            progress(1)
        elif outcome.page and outcome.page.pk not in changed:
            outcome.kind = UNCHANGED
            outcome.remarks.append("quelqu’un a modifié cette fiche pendant l’import : relancez-le")


def _planned(rows: list[Row], publish: bool) -> Iterator[Outcome]:
    found = MerchantPage.objects.filter(siret__in=[row.siret for row in rows]).select_related("latest_revision")
    pages = {page.siret: page for page in found}
    said = _said_before(list(pages.values()))
    touched = _touched_by_people(list(pages.values()))
    unvetted = publication_faults(pages.values()) if publish else {}
    for row in rows:
        page = pages.get(row.siret)
        if page is None:
            remarks = [row.remark, NOT_VETTED if publish else ""]
            yield Outcome(row, CREATED, remarks=[remark for remark in remarks if remark])
        else:
            is_touched, is_unvetted = page.pk in touched, page.pk in unvetted
            before = said.get(page.pk, {})
            yield _merged(row, page, before, touched=is_touched, unvetted=is_unvetted, publish=publish)


def _merged(
    row: Row, page: MerchantPage, before: dict[str, Any], *, touched: bool, unvetted: bool, publish: bool
) -> Outcome:
    current = page.latest_revision.content if page.latest_revision else page.serializable_data()
    delicate = touched or page.latest_revision is None
    outcome = Outcome(row, UNCHANGED, page, is_delicate=delicate, remarks=[row.remark] if row.remark else [])
    kept = []
    for name, value in row.values.items():
        if current.get(name) == value:
            continue
        if current.get(name) == before[name] if name in before else current.get(name) in BLANK:
            outcome.changes[name] = value
        else:
            kept.append(str(MerchantPage._meta.get_field(name).verbose_name).lower())
    if kept:
        outcome.remarks.append(f"gardé, car changé depuis par quelqu’un : {', '.join(kept)}")
    if publish:
        never_seen = page.first_published_at is None and page.source == MerchantPage.Source.IMPORT
        is_pending = bool(outcome.changes) or page.live_revision_id != page.latest_revision_id
        if touched:
            outcome.remarks.append("reste à relire : quelqu’un a modifié cette fiche")
        elif not page.live and not never_seen:
            outcome.remarks.append("reste hors ligne : cette fiche a été retirée")
        elif unvetted:
            outcome.remarks.append(NOT_VETTED)
        else:
            outcome.goes_live = is_pending and not delicate
    if outcome.changes or outcome.goes_live:
        outcome.kind = UPDATED
    return outcome


def _said_before(pages: list[MerchantPage]) -> dict[int, dict[str, Any]]:
    """Return the values that the last import of each page gave, by the page's id."""
    entries = PageLogEntry.objects.filter(page__in=pages, action=ACTION).order_by("page", "-timestamp", "-pk")
    return {entry.page_id: entry.data["values"] for entry in entries.distinct("page")}


def _touched_by_people(pages: list[MerchantPage]) -> set[int]:
    """Return the ids of the pages under review, or with a revision by a person that is newer than the one online."""
    newest = (
        Revision.page_revisions.filter(object_id__in=[str(page.pk) for page in pages], user__isnull=False)
        .order_by()
        .values_list("object_id")
        .annotate(newest=Max("pk"))
    )
    online = {page.pk: page.live_revision_id or 0 for page in pages}
    reviewed = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=[str(page.pk) for page in pages],
        status__in=(WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES),
    )
    revised = {int(page) for page, revision in newest if revision > online[int(page)]}
    return revised | {int(page) for page in reviewed.values_list("object_id", flat=True)}


def _new_page(outcome: Outcome) -> MerchantPage:
    page = MerchantPage(siret=outcome.row.siret, source=MerchantPage.Source.IMPORT, live=False)
    _fill(page, outcome.row.values)
    return page


@transaction.atomic
def _update(outcome: Outcome, file_name: str) -> None:
    """Add a revision to a page somebody works on; it is published by an editor, never from here."""
    assert outcome.page is not None
    draft = outcome.page.get_latest_revision_as_object()
    _fill(draft, outcome.changes)
    revision = draft.save_revision(clean=False)  # a fault of the draft is for those who work on it
    log(instance=draft, action=ACTION, data=_history(outcome.row, file_name), revision=revision, content_changed=True)


def _fill(page: MerchantPage, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(page, MerchantPage._meta.get_field(name).attname, value)


def _history(row: Row, file_name: str) -> dict[str, Any]:
    return {"file": file_name, "line": row.line, "values": row.values}
