"""The worker's part in the media library: the sizes of one picture after the other."""

from datetime import timedelta

import structlog
from django.db import transaction

from portal import database_clock
from portal.models import Picture

PAUSE = timedelta(hours=1)  # before a picture whose file is lost or broken is tried again

log = structlog.get_logger(__name__)


def size_next() -> int | None:
    """Make the missing sizes of one picture that is due; return its id, or None when none is.

    Several workers may do this side by side.
    """
    now = database_clock.now()
    with transaction.atomic():
        due = Picture.objects.filter(sizes_due_at__lte=now).order_by("sizes_due_at")
        picture = due.select_for_update(skip_locked=True).first()
        if picture is None:
            return None
        due_again = None
        try:
            picture.make_renditions()
        except OSError as error:
            due_again = now + PAUSE
            log.error("picture_sizes_failed", picture=picture.pk, reason=str(error)[:200])
        # Locked, the row is still the one that was read: an editor who replaces the file waits, and makes it due again.
        Picture.objects.filter(pk=picture.pk).update(sizes_due_at=due_again)
    return picture.pk
