"""What a merchant changes without a review: it is online at once, and in every version that may still go online.

A draft, a version that an editor is reading, one that waits for its hour: each was written with the former hours, and
publishing it would bring them back. So the new ones are written into these versions too, and nothing else of them
moves: what a reviewer approved is still what goes online.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Q
from modelcluster.models import get_serializable_data_for_fields
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, ReferenceIndex, Revision, TaskState

from directory.models import MerchantPage, MerchantPicture
from portal.concurrent_edits import LastChange
from portal.models import Picture, User

ACTION = "wagtail.edit"


@transaction.atomic
def put_online(page: MerchantPage, author: User, **values: Any) -> None:
    """Store these fields of a page, whose row is locked, and note who changed them. values: as the model has them."""
    MerchantPage.objects.filter(pk=page.pk).update(**values)
    stored = {name: page._meta.get_field(name) for name in values}
    for name, value in values.items():
        setattr(page, name, value)
    content = {
        name: field.value_to_string(page) if values[name] is not None else None for name, field in stored.items()
    }
    for revision in _versions(page):
        revision.content |= content
        revision.save(update_fields=["content"])
    log(page, ACTION, user=author, data={"fields": sorted(values)})


@contextmanager
def change_pictures(page: MerchantPage, author: User) -> Iterator[None]:
    """Let the pictures of a page, whose row is locked, be changed within; then say so, in its versions as well.

    A picture that an editor has added in a version stays there, behind the merchant's; one that it leaves out stays
    out. A picture that the merchant sent and that no page shows any longer is deleted, its file too.
    """
    with transaction.atomic():
        before = _pictures_of(page)
        yield
        after = _pictures_of(page)
        if after == before:
            return
        was_live = {entry["image"] for entry in before}
        for revision in _versions(page):
            drafted = revision.content.get("pictures") or []
            kept = {entry["image"] for entry in drafted}
            own = [entry for entry in after if entry["image"] in kept or entry["image"] not in was_live]
            added = [entry for entry in drafted if entry["image"] not in was_live]
            revision.content["pictures"] = [*own, *added]
            revision.save(update_fields=["content"])
        ReferenceIndex.create_or_update_for_object(page)
        _delete_unused(was_live - {entry["image"] for entry in after})
        log(page, ACTION, user=author, data={"fields": ["pictures"]})


def _pictures_of(page: MerchantPage) -> list[dict[str, Any]]:
    rows = MerchantPicture.objects.filter(merchant=page.pk).order_by("sort_order", "pk")
    return [get_serializable_data_for_fields(row) for row in rows]


def _delete_unused(pictures: set[int]) -> None:
    """Delete those of these pictures that somebody outside the staff sent and nothing shows."""
    sent = Picture.objects.filter(pk__in=pictures, uploaded_by_user__is_staff=False).exclude(
        uploaded_by_user__groups__permissions__codename="access_admin"
    )
    for picture in sent:
        is_shown = ReferenceIndex.get_references_to(picture).exists()
        if not is_shown and not MerchantPicture.objects.filter(image=picture).exists():
            picture.delete()


def last_change_at_once(page: MerchantPage, field: str) -> tuple[LastChange, User | None]:
    """Return when a field was last changed so, and by whom; one query."""
    entries = PageLogEntry.objects.filter(page=page.pk, action=ACTION, data__fields__contains=[field])
    entry = entries.select_related("user").order_by("-timestamp", "-pk").first()
    return (LastChange(entry.timestamp), entry.user) if entry else (LastChange(), None)


def _versions(page: MerchantPage) -> list[Revision]:
    own = Revision.objects.for_instance(page)
    reviewed = TaskState.objects.filter(revision__in=own, status=TaskState.STATUS_IN_PROGRESS).values("revision")
    may_go_online = Q(pk__in=[page.latest_revision_id, page.live_revision_id]) | Q(pk__in=reviewed)
    return list(own.filter(may_go_online | Q(approved_go_live_at__isnull=False)).select_for_update())
