"""Fields through which pictures come in: in forms and on models, all by the one door of portal/picture_intake.py."""

from io import BytesIO
from pathlib import PurePath
from typing import Any

from django import forms
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from wagtail.images.models import WagtailImageFieldFile

from portal.picture_intake import ACCEPT, KINDS, MEGABYTE, MOST_BYTES, CleanPicture, clean_picture

HELP = f"{KINDS}, {MOST_BYTES // MEGABYTE}\u00a0Mo au plus."


class PictureFormField(forms.FileField):
    """A picture that somebody sends; cleaned, it is a CleanPicture. The upload itself no longer holds what was sent."""

    def to_python(self, data: Any) -> Any:
        upload: Any = super().to_python(data)
        if upload is None:
            return None
        picture = clean_picture(upload)
        # Whoever stores the upload instead, as Wagtail does while a title is missing, stores what came out of the door.
        upload.file, upload.size = BytesIO(picture.open().read()), picture.size
        upload.name, upload.content_type = picture.name, picture.content_type
        picture.seek(0)
        return picture

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | ({"accept": ACCEPT} if isinstance(widget, forms.FileInput) else {})


class Door:
    """Mixed into a model's FieldFile: nothing is stored that has not passed, whoever sends it."""

    def save(self, name: str, content: Any, save: bool = True) -> None:
        """Raises ValidationError for what is no whole picture; a form has told it before."""
        picture = clean_picture(content)
        super().save(self.name_of(picture, name), picture, save)  # type: ignore[misc]  # of the FieldFile beside it

    def name_of(self, picture: CleanPicture, name: str) -> str:
        return str(PurePath(name).with_suffix(PurePath(picture.name or "").suffix))


class PictureFile(Door, ImageFieldFile):
    pass


class LibraryFile(Door, WagtailImageFieldFile):
    """The file of a picture of Wagtail's library."""

    def get_image_dimensions(self) -> tuple[int, int]:
        """Return what the row tells where the file is lost or broken, so that the row can be read and mended."""
        try:
            return super().get_image_dimensions()
        except Exception:
            return self.instance.width, self.instance.height


class PictureField(models.ImageField):
    """An ImageField whose pictures pass the door; to migrations, an ImageField, for Oscar's own tables have it."""

    attr_class = PictureFile

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PictureFormField, **kwargs})

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ImageField", args, kwargs
