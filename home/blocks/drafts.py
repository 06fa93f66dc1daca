"""Lets a draft keep blocks that are half filled: whatever can be stored is stored.

Wagtail's editor saves by itself while somebody writes, and half an address or a date without its end is what they write
then. Wagtail spares drafts the « required » alone, and does so by changing the blocks, which all threads share; here a
draft is read without any rule, and rules come with publishing.
"""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError, ListValue
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.images.blocks import ImageBlock


class EditorialBlocks(blocks.StreamBlock):
    """A stream of blocks whose drafts may be half filled."""

    def clean_deferred(self, value: blocks.StreamValue) -> blocks.StreamValue:
        """Return the blocks as far as they are filled.

        Raises ValidationError, at the block, only for what cannot be stored: a date that is none.
        """
        return draft_of(self, value)


def draft_of(block: blocks.Block, value: Any) -> Any:
    """Return the value of a block as it was typed, in the types it is stored in."""
    match block:
        case blocks.StreamBlock():
            return _stream(block, value)
        case blocks.ListBlock():
            return _list(block, block.normalize(value))
        case ImageBlock():
            return value
        case blocks.StructBlock():
            return _struct(block, value)
        case blocks.FieldBlock():
            return block.value_from_form(block.field.to_python(block.value_for_form(value)))
        case _:
            return value


def _stream(block: blocks.StreamBlock, value: blocks.StreamValue) -> blocks.StreamValue:
    kept, faults = [], {}
    for number, child in enumerate(value):
        try:
            kept.append((child.block.name, draft_of(child.block, child.value), child.id))
        except ValidationError as fault:
            faults[number] = fault
    if faults:
        raise StreamBlockValidationError(block_errors=faults)
    return blocks.StreamValue(block, kept)


def _list(block: blocks.ListBlock, value: ListValue) -> ListValue:
    kept, faults = [], {}
    for number, child in enumerate(value.bound_blocks):
        try:
            kept.append(ListValue.ListChild(block.child_block, draft_of(block.child_block, child.value), id=child.id))
        except ValidationError as fault:
            faults[number] = fault
    if faults:
        raise ListBlockValidationError(block_errors=faults)
    return ListValue(block, bound_blocks=kept)


def _struct(block: blocks.StructBlock, value: blocks.StructValue) -> blocks.StructValue:
    kept, faults = [], {}
    for name, child in block.child_blocks.items():
        try:
            kept.append((name, draft_of(child, value.get(name))))
        except ValidationError as fault:
            faults[name] = fault
    if faults:
        raise blocks.StructBlockValidationError(block_errors=faults)
    return block._to_struct_value(kept)
