"""The field of product pictures, whose names tell what they are (portal/picture_names.py)."""

from pathlib import PurePath
from typing import Any

from portal.picture_fields import PictureField, PictureFile
from portal.picture_names import NEW


class ProductPictureFile(PictureFile):
    def name_of(self, picture: Any, name: str) -> Any:
        return f"{PurePath(name).stem}.{picture.width}x{picture.height}{PurePath(picture.name).suffix}"


class ProductPictureField(PictureField):
    """A product picture waits under NEW until the worker has made its sizes."""

    attr_class = ProductPictureFile

    def generate_filename(self, instance: Any, filename: Any) -> Any:
        return f"{NEW}{self.storage.get_valid_name(PurePath(filename).name)}"
