"""The three-way merge of what several people, or several tabs, edit at once: pure functions on values of form fields.

The form that uses them: portal/concurrent_form.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime


class Outcome(Enum):
    """What becomes of one value: the stored one stays, the typed one is written, or a person must look."""

    UNTOUCHED = "untouched"
    CHANGED = "changed"
    CONFLICT = "conflict"


class Unknown:
    """Stands for what a form showed when it does not say: it was opened before a deployment, or tampered with."""


def merge(*, shown: Any, typed: Any, stored: Any) -> Outcome:
    """Return what becomes of a value, given what the form showed, what was typed, and what is stored now.

    shown: Unknown when the form does not say; then nothing stored is overwritten unseen.
    """
    if typed in (shown, stored):
        return Outcome.UNTOUCHED
    return Outcome.CHANGED if shown == stored else Outcome.CONFLICT


@dataclass(frozen=True)
class Part:
    """What is merged as one value: a field, or several that only make sense together, as a week of opening hours.

    beyond: what is stored of it that its fields cannot show, as JSON; changing it elsewhere is a change too.
    changed: what happened to it, in French.
    """

    label: str
    fields: tuple[str, ...]
    beyond: Any = ""
    changed: str = "ce champ a été changé"


@dataclass(frozen=True)
class LastChange:
    """When the stored value was written and by whom, as far as it is known. by: a name, "vous" or ""."""

    at: datetime | None = None
    by: str = ""

    def __str__(self) -> str:
        """In French: "le 30 novembre à 14 h 02, par Paul"."""
        told = []
        if self.at:
            at = localtime(self.at)
            day = "1er" if at.day == 1 else str(at.day)
            told.append(f"le {day}\u00a0{date_format(at, 'F')} à {at.hour}\u00a0h\u00a0{at:%M}")
        if self.by:
            told.append(f"par {self.by}")
        return ", ".join(told)


@dataclass(frozen=True)
class Conflict:
    """One part that was changed both in the form and elsewhere, as components/changed_meanwhile.html shows it.

    name: of the part. anchor: the id of its first field. text: what happened, in French. stored: the value stored now,
    as one reads it, "" for none.
    """

    name: str
    label: str
    anchor: str
    text: str
    stored: str


def canonical(field: forms.Field, value: Any) -> Any:
    """Return a value of a form field, stored or typed, as JSON that is equal for two writings of the same.

    "6,0" and Decimal("6.000") are the same number, and line ends do not matter.
    """
    try:
        return _plain(field.to_python(value))
    except ValidationError:
        return {"unreadable": str(value)}


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value.is_finite() else str(value)
    if isinstance(value, str):
        return "\n".join(line.rstrip() for line in value.splitlines()).strip()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Iterable):
        return sorted((_plain(each) for each in value), key=str)
    return str(getattr(value, "pk", value))


def in_words(field: forms.Field, value: Any) -> str:
    """Return a field's value as a person reads it: labels of choices, « coché », or what stands in the input."""
    if isinstance(field, forms.BooleanField):
        return "coché" if field.to_python(value) else "non coché"
    shown = field.widget.format_value(field.prepare_value(value))
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.widget.choices}
        return ", ".join(labels.get(key, key) for key in shown)
    return str(shown or "")
