"""What the portal changes in the forms of Wagtail's admin."""

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from portal.document_kinds import fault_of
from portal.models import Picture
from portal.picture_fields import HELP, PictureFormField
from portal.picture_intake import KINDS, MEGABYTE, MOST_BYTES


class PictureForm(BaseImageForm):
    """The form of a picture of the media library: one at a time, several, in a chooser or through the API."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"] = _through_the_door(self.fields["file"])

    def save(self, commit: bool = True) -> Picture:
        """Wagtail deletes all sizes of a replaced file after storing the new one: the worker must not be between."""
        with transaction.atomic():
            return super().save(commit)


class DocumentForm(BaseDocumentForm):
    """The form of a document of the library: a file must be what its name says, however long that is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].max_length = None  # the storage shortens the name

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and "file" in self.changed_data and (fault := fault_of(file, PurePath(file.name).suffix.lower())):
            raise ValidationError(fault)
        return file


def _through_the_door(field: Any) -> PictureFormField:
    """Return our field in the place of Wagtail's, with what Wagtail's pages and scripts ask of it."""
    ours = PictureFormField(
        label=field.label, required=field.required, widget=field.widget, help_text=HELP
    )  # of any length of name: the storage shortens it
    ours.max_upload_size = MOST_BYTES  # type: ignore[attr-defined]
    largest = f"Cette photo pèse plus de {MOST_BYTES // MEGABYTE}\u00a0Mo\u00a0: choisissez-en une plus légère."
    ours.error_messages |= {
        "file_too_large_unknown_size": largest,
        "invalid_image_extension": f"Ce fichier n’est pas une photo\u00a0: choisissez {KINDS}.",
    }
    return ours
