"""Model fields shared by every package."""

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
