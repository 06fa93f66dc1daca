"""What all blocks of the library share."""

from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError
from wagtail import blocks

TELL, SHOW, EXPLAIN, ACT = "Raconter", "Vitrine", "Expliquer", "Agir"  # families, in the order of the editors' picker


class LibraryBlock(blocks.StructBlock):
    """A block of the library. Its description is said in the picker and above its form."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.meta.help_text = self.get_description()

    def need_one(self, cleaned: blocks.StructValue, names: Sequence[str], message: str) -> None:
        """Raise StructBlockValidationError, at the first of these fields, if all are empty and it is no mere draft."""
        if not self.is_deferred_validation and not any(cleaned[name] for name in names):
            raise blocks.StructBlockValidationError(block_errors={names[0]: ValidationError(message)})

    def faults(self, value: blocks.StructValue) -> Iterator[str]:
        """Yield, for the editor, what the block holds and visitors do not see: a merchant gone, a deleted file."""
        yield from ()


def title_block(**options) -> blocks.CharBlock:
    """Return the field of a block's title."""
    return blocks.CharBlock(label="Titre", max_length=80, **options)


def gone(count: int, one: str, several: str) -> Iterator[str]:
    """Yield the sentence on so many targets that are no longer seen; none for zero."""
    if count:
        yield one if count == 1 else several.format(count)
