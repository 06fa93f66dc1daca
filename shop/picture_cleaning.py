"""Brings pictures that were stored before the one door (portal/picture_intake.py) to what it would have made of them.

Files are replaced under new names, never in place: no kept page then shows half a picture. What is lost or cannot be
read is told and left alone. Models come from ``get_model``, so that a migration may use it.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from tqdm import tqdm

from portal import database_clock, picture_names
from portal.picture_intake import CleanPicture, clean_picture
from shop import thumbnails

TELLING = {"exif", "icc_profile", "xmp", "XML:com.adobe.xmp", "photoshop", "comment"}
OTHERS = [("catalogue", "Category", "image"), ("catalogue", "ProductAttributeValue", "value_image"),
          ("wagtailusers", "UserProfile", "avatar")]  # fmt: skip


@dataclass
class Report:
    """What was found. mended: names that were, or would be, replaced. lost, unreadable: names left alone."""

    looked_at: int = 0
    mended: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


def is_clean(data: bytes) -> bool:
    """Return whether a file is of the door's making, or at least tells nothing and is as light."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "WEBP")) as image:
            markers = {name for name, _ in getattr(image, "applist", [])}
            return image.format in ("JPEG", "WEBP") and not TELLING & image.info.keys() and markers <= {"APP0"}
    except Exception:
        return False


def clean_stored(get_model: Callable[[str, str], Any], write: bool) -> Report:
    """Clean all stored pictures; without ``write``, only tell which."""
    report = Report()
    for picture in _shown(get_model("portal", "Picture").objects.order_by("pk"), "image"):
        _clean_library_picture(get_model, picture, write, report)
    for rendition in _shown(get_model("portal", "Rendition").objects.order_by("pk"), "taille"):
        _strip_rendition(rendition.file.name, write, report)
    images = get_model("catalogue", "ProductImage").objects
    for name in _shown(images.order_by("original").values_list("original", flat=True).distinct(), "article"):
        if picture_names.told(name) is None:
            _clean_product_picture(images, name, write, report)
    for app, model, attribute in OTHERS:
        rows = get_model(app, model).objects.exclude(**{attribute: ""}).exclude(**{attribute: None})
        for name in _shown(rows.order_by("pk").values_list(attribute, flat=True), attribute):
            _clean_other(rows, attribute, name, write, report)
    return report


def _shown(rows: Any, unit: str) -> Iterator[Any]:
    return iter(tqdm(rows.iterator(), total=rows.count(), unit=unit, disable=None))


def _read(name: str, report: Report) -> bytes | None:
    report.looked_at += 1
    try:
        with default_storage.open(name) as file:
            return file.read()
    except OSError:
        report.lost.append(name)
        return None


def _made_of(name: str, report: Report, *, even_clean: bool = False) -> CleanPicture | None:
    """Return what takes the place of a stored file; None when it may stay, or must."""
    data = _read(name, report)
    if data is None or (is_clean(data) and not even_clean):
        return None
    try:
        made = clean_picture(ContentFile(data, PurePosixPath(name).name))
    except ValidationError:
        report.unreadable.append(name)
        return None
    report.mended.append(name)
    return made


def _clean_library_picture(get_model: Callable[[str, str], Any], picture: Any, write: bool, report: Report) -> None:
    name = picture.file.name
    made = _made_of(name, report)
    if made is None or not write:
        return
    scale = made.width / picture.width
    is_turned = abs(made.height - picture.height * scale) > 2
    focus = {
        side: None if is_turned or value is None else round(value * scale)
        for side in ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
        for value in [getattr(picture, side)]
    }
    rows = get_model("portal", "Picture").objects.filter(pk=picture.pk, file=name)
    rows.update(
        file=default_storage.save(f"original_images/{made.name}", made),
        width=made.width,
        height=made.height,
        file_size=made.size,
        file_hash=hashlib.sha1(made.open().read(), usedforsecurity=False).hexdigest(),
        sizes_due_at=database_clock.now(),
        **focus,
    )
    renditions = get_model("portal", "Rendition").objects.filter(image=picture.pk)
    files = [*renditions.values_list("file", flat=True), name]
    renditions.delete()
    for file in files:
        default_storage.delete(file)


def _strip_rendition(name: str, write: bool, report: Report) -> None:
    """Rid a size of what its JPEG kept of the original: those of pictures that are lost cannot be made again."""
    data = _read(name, report) if name.endswith(".jpg") else None
    if data is None or is_clean(data):
        return
    report.mended.append(name)
    if write:
        content = BytesIO()
        try:
            with Image.open(BytesIO(data)) as image:
                image.save(content, "JPEG", quality="keep", exif=b"", icc_profile=None, comment=b"")
        except OSError:
            report.unreadable.append(report.mended.pop())
            return
        default_storage.delete(name)
        default_storage.save(name, ContentFile(content.getvalue()))


def _clean_product_picture(images: Any, name: str, write: bool, report: Report) -> None:
    made = _made_of(name, report, even_clean=True)
    if made is None or not write:
        return
    stem, suffix = PurePosixPath(made.name or "").stem, PurePosixPath(made.name or "").suffix
    place = default_storage.save(f"{picture_names.NEW}{stem}.{made.width}x{made.height}{suffix}", made)
    images.filter(original=name).update(original=place)
    thumbnails.delete(name)


def _clean_other(rows: Any, attribute: str, name: str, write: bool, report: Report) -> None:
    made = _made_of(name, report)
    if made is not None and write:
        place = default_storage.save(str(PurePosixPath(name).parent / (made.name or "")), made)
        rows.filter(**{attribute: name}).update(**{attribute: place})
        default_storage.delete(name)
