"""Base class, limits and helpers shared by all blocks."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.list_block import ListValue

TELL, SHOW, EXPLAIN, ACT = "Raconter", "Vitrine", "Expliquer", "Agir"  # families, in the order of the editors' picker

Mistakes = Iterator[tuple[str, str]]  # (field, what is wrong with it)


class CheckedStructBlock(blocks.StructBlock):
    """A block that tells all that is wrong with it at once. Drafts are not checked: home/blocks/drafts.py."""

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        faults: dict[str, ValidationError] = {}
        cleaned = value
        try:
            cleaned = super().clean(value)
        except blocks.StructBlockValidationError as error:
            faults = dict(error.block_errors)
        for name, message in self.mistakes(value):
            faults.setdefault(name, ValidationError(message))
        if faults:
            raise blocks.StructBlockValidationError(block_errors=faults)
        return cleaned

    def mistakes(self, value: blocks.StructValue) -> Mistakes:
        """Yield (field, message) for what is wrong between fields; any of them may be empty or of any type."""
        yield from ()


def parts_of(value: Any) -> Iterator[Any]:
    """Yield what a block holds, within its structures and lists: texts, pictures, pages, numbers."""
    if isinstance(value, blocks.StructValue):
        for part in value.values():
            yield from parts_of(part)
    elif isinstance(value, ListValue):
        for part in value:
            yield from parts_of(part)
    else:
        yield value


class LibraryBlock(CheckedStructBlock):
    """A block of the library. Its description is said in the picker and above its form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meta.help_text = self.get_description()

    def faults(self, value: blocks.StructValue, stored: Mapping[str, Any]) -> Iterator[str]:
        """Yield, for the editor, what the block holds and visitors do not see: a merchant gone, a deleted file.

        stored: the same as JSON. What was deleted still has its number there; a field that nobody has filled has none.
        """
        yield from ()


def title_block(**options: Any) -> blocks.CharBlock:
    """Return the field of a block's title."""
    return blocks.CharBlock(label="Titre", max_length=80, **options)


def gone(count: int, one: str, several: str) -> Iterator[str]:
    """Yield the sentence on so many targets that are no longer seen; none for zero."""
    if count:
        yield one if count == 1 else several.format(count)


def filled(stored: Any) -> int:
    """Return how many things are chosen in a field, deleted ones too. stored: its JSON, of one chooser or of a list."""
    each = stored if isinstance(stored, list) else [stored]
    values = [item.get("value", item.get("image")) if isinstance(item, dict) else item for item in each]
    return sum(filled(value) if isinstance(value, dict) else value not in (None, "") for value in values)
