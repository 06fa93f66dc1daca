"""Adds or changes thousands of merchants at once and keeps the page tree valid.

``Page.add_child`` runs some thirty statements a page; here a batch of pages costs a dozen in all. Every row is written
once: the ids of pages and revisions are drawn from their sequences first, so that each can name the other, and the
foreign keys are checked at the end of the transaction.
"""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import F, Model, prefetch_related_objects
from django.db.models.constants import OnConflict
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.models import Locale, Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backends

from directory.models import DirectoryPage, MerchantPage, MerchantPicture
from portal.planner import count_anew
from portal.slugs import slug_of

BATCH = 1_000  # pages in one transaction
CONTENT = [field for field in MerchantPage._meta.local_concrete_fields if not field.primary_key]
PUBLISHING = [
    Page._meta.get_field(name)
    for name in (
        *("title", "draft_title", "live", "expired", "has_unpublished_changes", "latest_revision", "live_revision"),
        *("latest_revision_created_at", "first_published_at", "last_published_at"),
    )
]
SLUG_LENGTH = 200  # leaves room for a number within the column's 255 characters


def add_merchants(
    merchants: Iterable[MerchantPage],
    parent: DirectoryPage,
    progress: Callable[[int], object] = lambda count: None,
    action: str = "wagtail.create",
    data: Callable[[MerchantPage], dict] = lambda page: {},
    vouch: Callable[[list[MerchantPage]], object] = lambda pages: None,
) -> list[MerchantPage]:
    """Store unsaved merchants below ``parent``, each with its first revision, and return them with their ids.

    ``live`` of each page decides whether that revision is published; an empty slug becomes "name-town". Pictures
    added in memory are stored too. Nothing is validated: that is the caller's part. Neither post_save nor
    page_published is sent.

    progress: called with the number of pages stored since the last call.
    action, data: what the history of each page says of its origin (PageLogEntry).
    vouch: stores what lets a batch of pages be online (directory/vetting/), called once they have their ids and before
        they are written: the database refuses a live page that nothing vouches for.
    """
    added: list[MerchantPage] = []
    remaining = iter(merchants)
    while batch := list(itertools.islice(remaining, BATCH)):
        with transaction.atomic():
            _add_batch(batch, parent, action, data, vouch)
        added += batch
        progress(len(batch))
    count_anew(len(added), MerchantPage, MerchantPicture, Revision, PageLogEntry, ReferenceIndex)
    return added


@dataclass(frozen=True)
class Change:
    """New values for a page whose ``latest_revision`` is loaded; by field, keys of other rows as ids.

    goes_live: whether the page, with these values, is published.
    """

    page: MerchantPage
    values: dict[str, Any]
    goes_live: bool


def change_merchants(
    changes: Iterable[Change],
    progress: Callable[[int], object],
    action: str,
    data: Callable[[MerchantPage], dict],
) -> set[int]:
    """Give each page a new revision on top of its latest, publish those that go live, and return the pages' ids.

    A page that somebody has revised since it was read is left alone, and its id left out. Arguments and limits are
    those of ``add_merchants``.
    """
    changed: set[int] = set()
    remaining = iter(changes)
    while batch := list(itertools.islice(remaining, BATCH)):
        with transaction.atomic():
            changed |= _change_batch(batch, action, data)
        progress(len(batch))
    count_anew(len(changed), MerchantPage, Revision, PageLogEntry)
    return changed


def _add_batch(pages: list[MerchantPage], parent: DirectoryPage, action: str, data: Callable, vouch: Callable) -> None:
    directory = Page.objects.select_for_update().get(pk=parent.pk)  # others who add a page here wait, as in treebeard
    _place(pages, directory)
    _complete(pages, directory)
    vouch(pages)
    pictures = [picture for page in pages for picture in page.pictures.all()]
    MerchantPicture.objects.bulk_create(pictures)
    Revision.objects.bulk_create(_revision(page, page.serializable_data()) for page in pages)
    _write(pages)
    Page.objects.filter(pk=directory.pk).update(numchild=F("numchild") + len(pages))
    for page in pages:
        page._state.adding = False
        if page.pictures.exists() or "linktype" in page.story:
            ReferenceIndex.create_or_update_for_object(page)
    _record(pages, action, data)


def _change_batch(batch: list[Change], action: str, data: Callable) -> set[int]:
    now, page_type = timezone.now(), ContentType.objects.get_for_model(MerchantPage)
    locked = Page.objects.select_for_update().filter(pk__in=[change.page.pk for change in batch]).order_by("pk")
    latest = dict(locked.values_list("pk", "latest_revision_id"))
    current = [change for change in batch if latest.get(change.page.pk) == change.page.latest_revision_id]
    revisions = []
    for change, revision_id in zip(current, _next_ids(Revision, len(current)), strict=True):
        page, content = change.page, change.page.latest_revision.content | change.values
        page.content_type = page_type
        page.latest_revision_id, page.latest_revision_created_at = revision_id, now
        page.draft_title = content["title"]
        page.has_unpublished_changes = not change.goes_live
        if change.goes_live:
            for field in (Page._meta.get_field("title"), *CONTENT):
                if field.name in content and field.name != "confirmed_on":  # a revision may be older than the field
                    setattr(page, field.attname, field.to_python(content[field.name]))
            page.live, page.expired, page.live_revision_id = True, False, revision_id
            page.first_published_at, page.last_published_at = page.first_published_at or now, now
        revisions.append(_revision(page, content))
    pages = [change.page for change in current]
    Revision.objects.bulk_create(revisions)
    _write(pages, exist=True)
    _record(pages, action, data)
    return {page.pk for page in pages}


def _write(pages: list[MerchantPage], exist: bool = False) -> None:
    """Insert the pages, or update those that exist: what an editor sees of their state, and their content.

    This is what Model.save() calls for each table of a model that inherits; bulk_create() refuses such models, and
    bulk_update() takes a minute for what this does in a second.
    """
    for model, columns in ((Page, PUBLISHING), (MerchantPage, CONTENT)):
        conflict = {"on_conflict": OnConflict.UPDATE, "update_fields": columns, "unique_fields": [model._meta.pk]}
        model._base_manager._insert(
            pages, fields=model._meta.local_concrete_fields, using=connection.alias, **(conflict if exist else {})
        )


def _record(pages: list[MerchantPage], action: str, data: Callable) -> None:
    """Write the pages' line of history, and let editors find them."""
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            page=page,
            content_type=page.content_type,
            label=page.draft_title,
            action=action,
            data=data(page),
            timestamp=page.latest_revision_created_at,
            revision_id=page.latest_revision_id,
            content_changed=True,
        )
        for page in pages
    )
    prefetch_related_objects(pages, "town", "category")  # editors find a page by both
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(MerchantPage, pages)


def _place(pages: list[MerchantPage], directory: Page) -> None:
    """Give each page its path, slug and address below the directory, whose row is locked."""
    children = directory.get_children()
    last = children.order_by("-path").values_list("path", flat=True).first()
    position = Page._str2int(last[-Page.steplen :]) if last else 0
    taken = set(children.values_list("slug", flat=True))
    for page in pages:
        position += 1
        page.depth = directory.depth + 1
        page.path = Page._get_path(directory.path, page.depth, position)
        page.slug = free_slug(page, taken)
        taken.add(page.slug)
        page.set_url_path(directory)


def free_slug(page: MerchantPage, taken: set[str]) -> str:
    """Return the page's own slug or "name-town", numbered when it is taken."""
    base = page.slug or slug_of(page.address_words)[:SLUG_LENGTH].strip("-")
    numbered = (f"{base}-{number}" for number in itertools.count(2))
    return next(slug for slug in itertools.chain([base], numbered) if slug not in taken)


def _complete(pages: list[MerchantPage], directory: Page) -> None:
    """Give each page its ids and what Wagtail would have set by saving and publishing it."""
    now = timezone.now()
    page_type = ContentType.objects.get_for_model(MerchantPage)
    locale = Locale.objects.get(pk=directory.locale_id)
    children = [relation.get_accessor_name() for relation in get_all_child_relations(MerchantPage)]
    page_ids, revision_ids = _next_ids(Page, len(pages)), _next_ids(Revision, len(pages))
    for page, page_id, revision_id in zip(pages, page_ids, revision_ids, strict=True):
        for name in children:
            getattr(page, name).get_object_list()  # keeps each list of children in memory: later it would cost a query
        page.id = page.page_ptr_id = page_id
        page.content_type = page_type
        page.locale = locale
        page.draft_title = page.title
        page.latest_revision_id = revision_id
        page.latest_revision_created_at = now
        page.has_unpublished_changes = not page.live
        if page.live:
            page.live_revision_id = revision_id
            page.first_published_at = page.last_published_at = now


def _revision(page: MerchantPage, content: dict) -> Revision:
    return Revision(
        pk=page.latest_revision_id,
        content_type=ContentType.objects.get_for_model(MerchantPage),
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id=str(page.pk),
        object_str=content["title"],
        created_at=page.latest_revision_created_at,
        content=content,
    )


def _next_ids(model: type[Model], count: int) -> list[int]:
    """Draw ``count`` ids from the sequence of a table; nobody else gets them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, %s)) from generate_series(1, %s)",
            [table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor]
