"""Forms for what several people, or several tabs, may edit at once.

A form carries what it showed, signed (its *snapshot*). When it comes back, each value is compared with what was shown
and with what is stored now: what was not touched keeps the stored value; what was touched is written; what was touched
here and changed elsewhere is a conflict. The form then returns with the typed text and the stored one side by side, and
sending it again, with a snapshot that now shows the stored one, writes what was typed.

Whoever saves must lock the rows before reading what is stored, so that two people who save at once do so in turn.
"""

import time
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core import signing
from django.utils.datastructures import MultiValueDict

from portal.concurrent_edits import Conflict, LastChange, Outcome, Part, Unknown, canonical, in_words, merge

SNAPSHOT = "snapshot"  # the hidden field
KEEP_STORED = "garder"  # the boxes « garder ce qui est enregistré » of a form with conflicts


class SnapshotField(forms.CharField):
    """The hidden field of the snapshot; that it differs from a fresh one says nothing of what was typed."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class ConcurrentEditsMixin(forms.BaseForm):
    """What a form of something stored needs to merge; the template shows its hidden fields.

    A subclass sets ``edits`` before its fields are read, and ``initial`` to what is stored now, for bound forms too.
    After ``is_valid()``: ``touched`` names the parts to write, ``conflicts`` those to look at; ``moved`` are the parts
    that changed elsewhere and were not touched here.
    """

    edits = ""  # names what is edited in the signature, as "product:12"; "" for something new, where nothing is merged

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.touched: set[str] = set()
        self.conflicts: dict[str, Conflict] = {}
        self.moved: dict[str, Part] = {}
        self.shown_at: datetime | None = None
        self.fields[SNAPSHOT] = SnapshotField(required=False, initial=self.sign_snapshot)

    # --- What a subclass may say of its fields ---

    def parts(self) -> dict[str, Part]:
        """Return what is merged, by name: each visible field on its own."""
        return {
            name: Part(str(field.label), (name,)) for name, field in self.fields.items() if not field.widget.is_hidden
        }

    def stored_value(self, name: str) -> Any:
        """Return what is stored of a field now."""
        return self.get_initial_for_field(self.fields[name], name)

    def values_as_one(self, name: str, values: list[Any]) -> Any:
        """Return the canonical values of a part's fields as one value to compare."""
        return values

    def stored_in_words(self, name: str) -> str:
        """Return what is stored of a part now as a person reads it, "" for nothing."""
        (field_name,) = self.parts()[name].fields
        return in_words(self.fields[field_name], self.stored_value(field_name))

    def last_change(self, name: str) -> LastChange:
        """Return who stored a part's value, and when."""
        return LastChange()

    def conflict_text(self, name: str, shown: Any) -> str:
        """Return what happened to a part, in French. shown: the value its only field showed, or Unknown."""
        told = str(self.last_change(name))
        if shown is Unknown:
            return f"Ce qui est enregistré ici est différent{f' (changé {told})' if told else ''}."
        return f"Entre-temps, {self.parts()[name].changed}{f' ({told})' if told else ''}."

    # --- The merge ---

    def sign_snapshot(self) -> str:
        """Return what the form shows of the stored values, signed for this form and what it edits."""
        if not self.edits:
            return ""
        shown = {name: self._stored(name, part) for name, part in self.parts().items()}
        return signing.dumps({"at": time.time(), "shown": shown}, salt=self._snapshot_salt, compress=True)

    def is_valid(self) -> bool:
        return super().is_valid() and not self.conflicts

    def full_clean(self) -> None:
        parts = self.parts()
        shown: dict[str, Any] = {}
        if self.is_bound and self.edits:
            shown = self._read_snapshot()
            self._merge(parts, shown)
        else:
            self.touched = set(parts)
        super().full_clean()
        for name in list(self.conflicts):
            self._report_conflict(name, parts[name], shown.get(name, Unknown))

    @property
    def _snapshot_salt(self) -> str:
        return f"portal.concurrent_edits:{type(self).__name__}:{self.edits}"

    def _read_snapshot(self) -> dict[str, Any]:
        try:
            snapshot = signing.loads(self.data.get(self.add_prefix(SNAPSHOT), ""), salt=self._snapshot_salt)
        except signing.BadSignature:
            return {}
        self.shown_at = datetime.fromtimestamp(snapshot["at"], UTC)
        return snapshot["shown"]

    def _merge(self, parts: dict[str, Part], shown: dict[str, Any]) -> None:
        """Replace in the data what was not touched by what is stored, as a browser that opened the form now sends it.

        From here on the form is one that was opened just now: all its checks see what will really be stored.
        """
        data = copy_of(self.data)
        to_keep = set(data.getlist(KEEP_STORED))
        self.touched, self.conflicts, self.moved = set(), {}, {}
        for name, part in parts.items():
            stored = self._stored(name, part)
            before = shown.get(name, Unknown)
            typed = (
                stored if self._is_omitted(part) else self._typed(name, part, stored if before is Unknown else before)
            )
            outcome = merge(shown=before, typed=typed, stored=stored)
            if outcome is Outcome.UNTOUCHED and stored not in (before, typed) and before is not Unknown:
                self.moved[name] = part
            if outcome is Outcome.UNTOUCHED or name in to_keep:
                if typed != stored or len(part.fields) > 1 or self._is_omitted(part):
                    self._send_stored(data, part)  # else « 8,4 € » comes back as it was typed, not as « 8,40 »
                continue
            self.touched.add(name)
            if outcome is Outcome.CONFLICT:
                self.conflicts[name] = Conflict(name, part.label, self[part.fields[0]].auto_id, "", "")
        data[self.add_prefix(SNAPSHOT)] = self.sign_snapshot()
        self.data = data

    def _stored(self, name: str, part: Part) -> dict[str, Any]:
        values = [
            str(self.stored_value(field) or "")
            if isinstance(self.fields[field], forms.FileField)
            else canonical(self.fields[field], self.stored_value(field))
            for field in part.fields
        ]
        return {"value": self.values_as_one(name, values), "beyond": part.beyond}

    def _typed(self, name: str, part: Part, shown: dict[str, Any]) -> dict[str, Any]:
        values = [self._typed_value(field) for field in part.fields]
        value = self.values_as_one(name, values)
        # Whoever leaves the fields alone leaves alone what they cannot show; whoever fills them replaces it.
        return {"value": value, "beyond": shown["beyond"] if value == shown["value"] else ""}

    def _cleaned(self, name: str, part: Part) -> dict[str, Any] | None:
        """Return what was typed of a part as its checks left it, or None if they refused it or it is a file."""
        fields = {field: self.fields[field] for field in part.fields}
        if any(field not in self.cleaned_data or isinstance(fields[field], forms.FileField) for field in fields):
            return None
        values = [canonical(field, self.cleaned_data[field_name]) for field_name, field in fields.items()]
        return {"value": self.values_as_one(name, values), "beyond": ""}

    def _typed_value(self, name: str) -> Any:
        field = self.fields[name]
        sent = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        if isinstance(field, forms.FileField):
            return {"upload": sent.name} if sent else str(self.stored_value(name) or "")
        return canonical(field, sent)

    def _is_omitted(self, part: Part) -> bool:
        """Return whether nothing was sent of a part: no browser does that but for boxes, where it means unticked."""
        fields = [self.fields[name] for name in part.fields]
        if all(isinstance(field, forms.BooleanField | forms.MultipleChoiceField | forms.FileField) for field in fields):
            return False
        return not any(self.add_prefix(name) in self.data for name in part.fields)

    def _send_stored(self, data: MultiValueDict, part: Part) -> None:
        for name in part.fields:
            field, key = self.fields[name], self.add_prefix(name)
            if isinstance(field, forms.FileField):
                continue
            value = field.prepare_value(self.stored_value(name))
            data.pop(key, None)
            if isinstance(field.widget, forms.CheckboxInput):
                if field.widget.check_test(value):
                    data[key] = "on"
            elif isinstance(field.widget, forms.widgets.ChoiceWidget):
                data.setlist(key, field.widget.format_value(value))
            else:
                data[key] = field.widget.format_value(value) or ""

    def _report_conflict(self, name: str, part: Part, shown: Any) -> None:
        """Say what happened, unless the typed value, once cleaned, is the stored one in another writing."""
        first = part.fields[0]
        if self._cleaned(name, part) == self._stored(name, part):
            del self.conflicts[name]
            self.touched.discard(name)
            return
        before = shown if shown is Unknown or len(part.fields) > 1 else shown["value"][0]
        text, stored = self.conflict_text(name, before), self.stored_in_words(name)
        conflict = Conflict(name, part.label, self[first].auto_id, text, stored)
        self.conflicts[name] = conflict
        if len(part.fields) == 1:
            field, described_by = self.fields[first], self[first].aria_describedby or ""
            field.conflict = conflict  # type: ignore[attr-defined]  # components/field.html shows it
            if not self[first].use_fieldset:
                field.widget.attrs["aria-describedby"] = f"{described_by} {conflict.anchor}_meanwhile".strip()


def copy_of(data: Any) -> MultiValueDict:
    """Return the data or files of a form as a copy that may be changed."""
    if isinstance(data, MultiValueDict):
        return data.copy()
    return MultiValueDict({key: value if isinstance(value, list) else [value] for key, value in (data or {}).items()})
