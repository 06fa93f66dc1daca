"""The smaller sizes of product pictures: WebP files beside the originals, under names known without looking.

What a name tells: portal/picture_names.py. Sizes are made by the worker (shop/picture_job.py), never by a request.
"""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from oscar.core.thumbnails import AbstractThumbnailer
from PIL import Image

from portal import picture_names
from portal.picture_sizes import PRODUCT

QUALITY = 55

url = picture_names.url


def make(name: str) -> None:
    """Write the sizes of a picture that are missing. name: of the original in the storage; raises OSError if lost."""
    missing = [
        size for size in picture_names.sizes(name) if not default_storage.exists(picture_names.target(name, size))
    ]
    if not missing:
        return
    with default_storage.open(name) as file, Image.open(file) as original:
        image = original.convert("RGBA" if original.has_transparency_data else "RGB")
    for size in missing:
        measures = size if picture_names.told(name) else picture_names.within(image.size, max(size))
        content = BytesIO()
        image.resize(measures, Image.Resampling.LANCZOS, reducing_gap=3.0).save(content, "WEBP", quality=QUALITY)
        default_storage.save(picture_names.target(name, size), ContentFile(content.getvalue()))


def delete(name: str) -> None:
    """Delete a picture and its sizes from the storage; what is not there is no error."""
    for size in picture_names.sizes(name):
        default_storage.delete(picture_names.target(name, size))
    default_storage.delete(name)


class WebpThumbnailer(AbstractThumbnailer):
    """What Oscar asks for odd sizes: it gets the next of ours, none is made for it."""

    def generate_thumbnail(self, source: Any, **opts: Any) -> Any:
        """Return an object with the ``url`` and ``name`` of a size. opts["size"]: "WxH", "Wx" or "xH", in pixels."""
        name = getattr(source, "name", source)
        if picture_names.told(name) is None or picture_names.is_waiting(name):
            return SimpleNamespace(url=default_storage.url(name), name=name)
        asked = max(int(side) for side in opts["size"].split("x") if side)
        side = next((side for side in PRODUCT if side >= asked), PRODUCT[-1])
        return SimpleNamespace(url=url(name, side), name=name)

    def delete_thumbnails(self, source: Any) -> None:
        """Delete a picture and its sizes once its row is gone for good, unless another row shows the same file."""
        model, field, name = type(source.instance), source.field.name, source.name

        def delete_unless_shown() -> None:
            if not model._default_manager.filter(**{field: name}).exists():
                delete(name)

        if name:
            transaction.on_commit(delete_unless_shown)
