"""Uploads of forms that came back with a fault: kept for an hour, so that nobody must choose the file again.

They are in the database, not among the media: no address leads to them. Only who sent one, in the same form, gets it.
"""

import io
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import InMemoryUploadedFile

from portal import database_clock
from portal.concurrent_form import copy_of
from portal.models import KeptUpload

KEPT_FOR = timedelta(hours=1)
MAX_UPLOADS = 5  # of one person at once; the oldest goes first
SUFFIX = "_kept"  # of the hidden field that names the upload of a field


class KeptUploadsMixin(forms.BaseForm):
    """What a form with files needs to keep them when it comes back; the template shows its hidden fields.

    A subclass sets ``sender``, the User who fills it in, and ``edits``, what the form is of. It stands before
    ConcurrentEditsMixin: a form with conflicts comes back too. A field whose file is kept has ``kept_name``, which
    components/field.html shows.
    """

    sender: Any = None
    edits = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claimed_uploads: dict[str, KeptUpload] = {}
        self.file_fields = [name for name, field in self.fields.items() if isinstance(field, forms.FileField)]
        for name in self.file_fields:
            self.fields[f"{name}{SUFFIX}"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def full_clean(self) -> None:
        keeps = self.is_bound and self.sender is not None
        lost = [name for name in self.file_fields if keeps and not self._claim(name)]
        super().full_clean()
        for name in lost:
            self.add_error(name, "La photo choisie n’est gardée qu’une heure. Choisissez-la de nouveau.")
        if keeps and not self.is_valid():
            for name in self.file_fields:
                self._keep(name)

    def forget_uploads(self) -> None:
        """Delete what was kept for this form: it is stored where it belongs."""
        for kept in self.claimed_uploads.values():
            kept.delete()

    @property
    def _upload_salt(self) -> str:
        return f"portal.kept_uploads:{type(self).__name__}:{self.edits}"

    def _claim(self, name: str) -> bool:
        """Put the file that was kept for a field among those sent; return False if it was kept and is lost."""
        key = self.add_prefix(name)
        token = self.data.get(f"{key}{SUFFIX}")
        if not token or self.files.get(key):
            return True
        try:
            pk = signing.loads(token, salt=self._upload_salt, max_age=KEPT_FOR)
        except signing.BadSignature:
            return False
        kept = KeptUpload.objects.filter(pk=pk, sender=self.sender).first()
        if kept is None:
            return False
        content = io.BytesIO(kept.content)
        self.files = copy_of(self.files)
        self.files[key] = InMemoryUploadedFile(content, key, kept.name, kept.content_type, len(kept.content), None)
        self.claimed_uploads[name] = kept
        return True

    def _keep(self, name: str) -> None:
        """Keep the file of a field that was not refused, and name it in the form."""
        key = self.add_prefix(name)
        file = self.files.get(key)
        self.data = copy_of(self.data)
        self.data[f"{key}{SUFFIX}"] = ""
        if not file or name in self.errors:
            return
        kept = self.claimed_uploads.get(name)
        if kept is None:
            file.seek(0)
            kept = KeptUpload(
                sender=self.sender,
                name=file.name or "photo",
                content_type=file.content_type or "application/octet-stream",
                content=file.read(),
            )
        kept.kept_at = database_clock.now()
        kept.save()
        newest = KeptUpload.objects.filter(sender=self.sender).order_by("-kept_at").values("pk")[:MAX_UPLOADS]
        KeptUpload.objects.filter(sender=self.sender).exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
        self.data[f"{key}{SUFFIX}"] = signing.dumps(kept.pk, salt=self._upload_salt)
        self.fields[name].kept_name = kept.name  # type: ignore[attr-defined]
