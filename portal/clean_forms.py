"""Text is cleaned where it enters: in the text field that every form is built of.

Wagtail's editor, allauth's pages and our own forms all read what is typed through Django's
``forms.CharField``: titles, rich text and the blocks of a StreamField too. Django has no setting for what that field
does, so it is given here, once; a rule in each form would be forgotten in the next. Middleware would not do: the
editor sends rich text as JSON, where a control character is an escape. What comes by no form, an import, calls
``portal.text.clean`` itself.
"""

from functools import wraps
from typing import Any

from django import forms

from portal.text import clean

_as_django_reads = forms.CharField.to_python


@wraps(_as_django_reads)
def _to_python(field: forms.CharField, value: Any) -> Any:
    """Return the text as typed, clean; in one line unless the box has several. Passwords stay as they are."""
    if isinstance(value, str) and not isinstance(field.widget, forms.PasswordInput):
        value = clean(value)
        if isinstance(field.widget, forms.TextInput):
            value = value.replace("\n", " ")
    return _as_django_reads(field, value)


def clean_every_text_field() -> None:
    """Make all forms of this process clean their text; called once, when Django is ready."""
    forms.CharField.to_python = _to_python  # type: ignore[assignment, method-assign]
