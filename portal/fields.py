"""Model fields shared by every package."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from wagtail import fields


class StreamField(fields.StreamField):
    """A StreamField whose block definitions stay out of migrations.

    Blocks are code, not schema: the column is JSON whatever they are. Recording them would add a migration to every
    change of a help text.
    """

    def deconstruct(self):
        name, path, _blocks, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs


class CodesField(ArrayField):
    """Several codes of a closed list, the ``choices`` of its base field; people tick them."""

    def formfield(self, **kwargs):
        boxes = {
            "form_class": forms.MultipleChoiceField,
            "choices": self.base_field.choices,
            "widget": forms.CheckboxSelectMultiple,
        }
        return super(ArrayField, self).formfield(**boxes | kwargs)
