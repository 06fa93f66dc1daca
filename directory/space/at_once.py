"""What a merchant changes without a review: it is online at once, and in every version that may still go online.

A draft, a version that an editor is reading, one that waits for its hour: each was written with the former hours, and
publishing it would bring them back. So the new ones are written into these versions too, and nothing else of them
moves: what a reviewer approved is still what goes online.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Revision, TaskState

from directory.models import MerchantPage
from portal.concurrent_edits import LastChange
from portal.models import User

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
