"""What may come in as a document: a picture, cleaned as all are, or a PDF that does nothing by itself.

What a file is told by its content, never by its name.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.picture_intake import clean_picture

MOST_BYTES = 8 * 1024 * 1024
MOST_INFLATED = 32 * 1024 * 1024  # bytes of all streams of a PDF that are looked at
ACCEPT = "application/pdf,image/jpeg,image/png,image/heic,.pdf,.jpg,.jpeg,.png,.heic"
TOO_BIG = "Cette pièce dépasse 8 Mo : photographiez-la, ou enregistrez le PDF avec moins de détail."
EMPTY = "Ce fichier est vide : choisissez-en un autre."
BROKEN = "Ce PDF est incomplet ou protégé par un mot de passe : enregistrez-le de nouveau, ou photographiez la pièce."
ACTIVE = "Ce PDF contient un programme, un formulaire ou un fichier joint : imprimez-le en PDF, ou photographiez-le."
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|OpenAction|AA|RichMedia|XFA|SubmitForm|ImportData|GoToR|GoToE)(?![A-Za-z])"
)
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z])")


@dataclass(frozen=True)
class Taken:
    """What is kept of an upload. media_type: what the content is."""

    content: bytes
    media_type: str


def take(upload: Any) -> Taken:
    """Return what is kept of an upload. Raises ValidationError, in French."""
    if upload.size > MOST_BYTES:
        raise ValidationError(TOO_BIG)
    upload.seek(0)
    start = upload.read(1024)
    if not start:
        raise ValidationError(EMPTY)
    upload.seek(0)
    if b"%PDF-" in start:
        content = upload.read()
        _check_pdf(content)
        return Taken(content, "application/pdf")
    picture = clean_picture(upload)
    return Taken(picture.open().read(), picture.content_type)


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:] or _ENCRYPTED.search(content):
        raise ValidationError(BROKEN)
    for part in _parts(content):
        if _ACTIVE.search(_ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), part)):
            raise ValidationError(ACTIVE)


def _parts(content: bytes) -> Iterator[bytes]:
    """Yield the text of a PDF, then what its streams hold, as far as so many bytes: objects may hide in them."""
    yield content
    left = MOST_INFLATED
    for stream in _STREAM.finditer(content):
        inflater = zlib.decompressobj()
        try:
            inflated = inflater.decompress(stream[1], left + 1)
        except zlib.error:
            continue  # a picture, or another filter
        left -= len(inflated)
        if left < 0:
            raise ValidationError(TOO_BIG)
        yield inflated


class DocumentField(forms.FileField):
    """An upload; cleaned, it is a ``Taken``."""

    widget = forms.ClearableFileInput(attrs={"accept": ACCEPT})

    def to_python(self, data: Any) -> Any:
        if data is not None and not data.size:
            raise ValidationError(EMPTY)
        upload = super().to_python(data)
        return take(upload) if upload is not None else None
