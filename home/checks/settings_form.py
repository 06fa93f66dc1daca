"""The form of the site's settings: what another editor changed meanwhile is kept."""

import json
from typing import Any

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.models import Page

from home.links_to_pages import page_of, with_pages
from portal.concurrent_edits import Outcome, Unknown, merge
from portal.concurrent_form import SNAPSHOT, SnapshotField

SALT = "home.checks.settings_form"


class SiteSettingsForm(WagtailAdminModelForm):
    """Writes the fields that were touched here, and no other.

    The hidden field says, signed, what the form showed. A field that was changed both here and elsewhere comes back
    with what is stored told beside it; sending the form again then writes what was typed. ``ConcurrentEditsMixin``
    writes what is stored back into what was sent, which for a stream only Wagtail's script can do.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.touched: list[str] = []
        self.stored = type(self.instance)._default_manager.filter(pk=self.instance.pk).first() or self.instance
        self.fields[SNAPSHOT] = SnapshotField(required=False, initial=self._signed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("menu", "footer"):
            if cleaned.get(name):
                cleaned[name] = with_pages(cleaned[name])
        if page := page_of(cleaned.get("announcement_link") or ""):
            cleaned["announcement_link"] = ""
            cleaned["announcement_page"] = cleaned.get("announcement_page") or Page.objects.get(pk=page)
        shown = self._shown()
        for name in self._edited():
            before = shown.get(name, Unknown)
            typed, stored = self._plain(name, cleaned[name]) if name in cleaned else None, self._stored(name)
            if name not in cleaned:
                continue
            match merge(shown=before, typed=typed, stored=stored):
                case Outcome.CHANGED:
                    self.touched.append(name)
                case Outcome.UNTOUCHED:
                    cleaned[name] = getattr(self.stored, name)
                case Outcome.CONFLICT:
                    self.touched.append(name)
                    self.add_error(name, self._told(name))
        if self.errors and SNAPSHOT in self.fields:  # what comes back shows what is stored now
            data = self.data.copy()  # type: ignore[has-type]
            data[self.add_prefix(SNAPSHOT)] = self._signed()
            self.data = data
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if commit and self.instance.pk:
            self.instance.save(update_fields=self.touched)
            return self.instance
        return super().save(commit)

    def _edited(self) -> list[str]:
        names = {field.name for field in self.instance._meta.fields}
        return [name for name in self.fields if name in names]

    def _shown(self) -> dict[str, Any]:
        try:
            return signing.loads(self.data.get(self.add_prefix(SNAPSHOT), ""), salt=SALT)
        except signing.BadSignature:
            return {}

    def _signed(self) -> str:
        return signing.dumps({name: self._stored(name) for name in self._edited()}, salt=SALT, compress=True)

    def _stored(self, name: str) -> Any:
        return self._plain(name, getattr(self.stored, name))

    def _plain(self, name: str, value: Any) -> Any:
        """Return a value as JSON that is equal for two equal ones."""
        field = self.instance._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            return value.pk if value else None
        if hasattr(value, "get_prep_value"):
            return _bare(value.get_prep_value())
        return json.loads(json.dumps(value, cls=DjangoJSONEncoder))

    def _told(self, name: str) -> str:
        stored = getattr(self.stored, name)
        if hasattr(stored, "get_prep_value"):
            labels = ", ".join(str(block.value.get("label") or block.value.get("title")) for block in stored)
            told = f"il contient maintenant : {labels}"
        else:
            told = f"la valeur enregistrée est « {stored if stored not in (None, '') else 'vide'} »"
        return (
            f"Ce champ a été changé entre-temps par une autre personne\u00a0: {told}. "
            "Enregistrez de nouveau pour garder votre saisie."
        )


def _bare(stored: Any) -> Any:
    """Return a stream's JSON without the marks that each reading of it makes again, and without empty fields."""
    if isinstance(stored, list):
        return [_bare(part) for part in stored]
    if isinstance(stored, dict):
        marks = {"id"} if "type" in stored and "value" in stored else set()
        return {name: _bare(part) for name, part in stored.items() if name not in marks and part not in (None, "")}
    return stored
