"""Model fields shared by every package."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from wagtail import fields

from portal.phone import LONGEST_STORED, LONGEST_TYPED, PhoneFormField, french_phone


class StreamField(fields.StreamField):
    """A StreamField whose block definitions stay out of migrations.

    Blocks are code, not schema: the column is JSON whatever they are. Recording them would add a migration to every
    change of a help text.
    """

    def deconstruct(self) -> Any:
        name, path, _blocks, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs


class CodesField(ArrayField):
    """Several codes of a closed list, the ``choices`` of its base field; people tick them."""

    def formfield(self, **kwargs: Any) -> Any:
        boxes = {
            "form_class": forms.MultipleChoiceField,
            "choices": self.base_field.choices,
            "widget": forms.CheckboxSelectMultiple,
            # Django asks a form to send back what a callable default gave; Wagtail's don't, and looked changed.
            "show_hidden_initial": False,
        }
        return super(ArrayField, self).formfield(**boxes | kwargs)


class PhoneField(models.CharField):
    """A French telephone number as portal.phone stores it, or "".

    The rule stands here, so that every form and every ``full_clean()`` applies it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": LONGEST_STORED, **kwargs})

    def clean(self, value: Any, model_instance: Any) -> Any:
        return super().clean(french_phone(value or ""), model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PhoneFormField, "max_length": LONGEST_TYPED, **kwargs})
