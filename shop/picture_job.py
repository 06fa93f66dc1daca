"""The worker's part in product pictures: their sizes, and the files that nobody needs any more."""

from datetime import timedelta
from pathlib import PurePosixPath
from time import monotonic

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from portal.picture_names import NEW
from shop import thumbnails

ProductImage = get_model("catalogue", "ProductImage")

PAUSE = timedelta(hours=1).total_seconds()  # before a picture that failed is tried again
KEPT = timedelta(hours=1)  # a page that somebody has just opened still leads to the file of a picture that waited

_put_off: dict[str, float] = {}  # names of pictures that failed, and when to try again; a new process tries at once

log = structlog.get_logger(__name__)


def size_next() -> bool:
    """Make the sizes of one product picture that waits for them; return whether there was one.

    It then has a name of its own, which tells pages and the search that its sizes are there. Several workers may do
    this side by side.
    """
    late = [name for name, moment in _put_off.items() if moment > monotonic()]
    with transaction.atomic():
        waiting = ProductImage.objects.filter(original__startswith=NEW).exclude(original__in=late)
        name = waiting.order_by("pk").select_for_update(skip_locked=True).values_list("original", flat=True).first()
        if name is None:
            return False
        try:
            size(name)
        except Exception as error:  # whatever one file does to its decoder, the others wait behind it
            _put_off[name] = monotonic() + PAUSE
            log.error("picture_sizes_failed", picture=name, reason=repr(error)[:200])
    return True


def size(name: str) -> None:
    """Give a picture its sizes and its place, in all rows that show it. Raises OSError when its file is lost."""
    with default_storage.open(name) as file:
        place = default_storage.save(f"images/products/{timezone.now():%Y/%m}/{PurePosixPath(name).name}", file)
    try:
        thumbnails.make(place)
    except Exception:
        thumbnails.delete(place)
        raise
    if not ProductImage.objects.filter(original=name).update(original=place):
        thumbnails.delete(place)


def size_all() -> int:
    """Make the sizes of all pictures that wait; return how many."""
    return sum(iter(size_next, False))


def drop_leftovers() -> None:
    """Delete the files under NEW that no picture has had for an hour: sized, replaced, or of a form that failed."""
    if not default_storage.exists(NEW):
        return
    long_ago = timezone.now() - KEPT
    names = [f"{NEW}{name}" for name in default_storage.listdir(NEW)[1]]
    old = {name for name in names if default_storage.get_modified_time(name) < long_ago}
    for name in old - set(ProductImage.objects.filter(original__in=old).values_list("original", flat=True)):
        default_storage.delete(name)
