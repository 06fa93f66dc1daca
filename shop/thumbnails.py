"""The smaller sizes of product pictures: WebP files beside the originals, under names known without looking."""

from io import BytesIO
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from oscar.core.thumbnails import AbstractThumbnailer
from PIL import Image, ImageOps

WIDTHS = (160, 320, 640)  # pixels, made when the picture is stored
FOLDER = "renditions"
QUALITY = 55


def url(name: str, width: int) -> str:
    """Return the address of a picture of at most ``width`` × ``width`` pixels, width being one of WIDTHS.

    name: of the original in the storage. The storage is not asked.
    """
    return default_storage.url(_target(name, f"{width}x{width}"))


def make(source) -> None:
    """Write the sizes of WIDTHS that are missing. source: an image field's file."""
    for width in WIDTHS:
        _write(source.name, f"{width}x{width}")


class WebpThumbnailer(AbstractThumbnailer):
    """What Oscar's dashboard asks for its own, odd sizes."""

    def generate_thumbnail(self, source, **opts):
        """Return an object with the ``url`` and ``name`` of a size, made now if need be.

        opts["size"]: "WxH", "Wx" or "xH", in pixels.
        """
        name = _write(getattr(source, "name", source), opts["size"])
        return SimpleNamespace(url=default_storage.url(name), name=name)

    def delete_thumbnails(self, source):
        """Delete a picture and its sizes, unless another row shows the same file."""
        model, field = type(source.instance), source.field.name
        if not source.name or model._default_manager.filter(**{field: source.name}).exists():
            return
        folder, _, stem = f"{FOLDER}/{source.name}".rpartition("/")
        for name in default_storage.listdir(folder)[1] if default_storage.exists(folder) else []:
            if name.startswith(f"{stem}."):
                default_storage.delete(f"{folder}/{name}")
        default_storage.delete(source.name)


def _target(name, size):
    return f"{FOLDER}/{name}.{size}.webp"


def _write(name, size):
    target = _target(name, size)
    if not default_storage.exists(target):
        width, height = (int(side) if side else 10_000 for side in size.split("x"))
        with default_storage.open(name) as file, Image.open(file) as original:
            image = ImageOps.exif_transpose(original)
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
            image.thumbnail((width, height))
        content = BytesIO()
        image.save(content, "WEBP", quality=QUALITY)
        default_storage.save(target, ContentFile(content.getvalue()))
    return target
