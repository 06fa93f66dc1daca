"""What the editor's browser sends of blocks: each field's name as Wagtail's script writes it."""

import json

from wagtail import blocks


def leaves(block, path=""):
    """Yield (path, block) of every field of a block; of a list, those of its first item."""
    if isinstance(block, blocks.ListBlock):
        yield from leaves(block.child_block, f"{path}-0-value")
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from leaves(child, f"{path}-{name}")
    else:
        yield path, block


def sent(block, prefix, values, items=1):
    """Return the fields of one block. values: {path: what is sent}, "" for others. items: how many each list has."""
    if isinstance(block, blocks.ListBlock):
        data = {f"{prefix}-count": items}
        for number in range(items):
            item = f"{prefix}-{number}"
            data |= {f"{item}-deleted": "", f"{item}-order": number, f"{item}-id": "", f"{item}-type": "item"}
            data |= sent(block.child_block, f"{item}-value", values, items)
        return data
    if isinstance(block, blocks.StructBlock):
        data = {}
        for name, child in block.child_blocks.items():
            data |= sent(child, f"{prefix}-{name}", values, items)
        return data
    value = values.get(prefix, "")
    if isinstance(block, blocks.BooleanBlock):
        return {prefix: "on"} if value else {}
    if isinstance(block, blocks.RichTextBlock) and not value:
        return {prefix: "null"}
    return {prefix: value}


def stream(name, *sent_blocks):
    """Return the fields of a stream. sent_blocks: (type, fields of its value)."""
    data = {f"{name}-count": len(sent_blocks)}
    for number, (kind, fields) in enumerate(sent_blocks):
        data |= {
            f"{name}-{number}-type": kind,
            f"{name}-{number}-deleted": "",
            f"{name}-{number}-order": number,
            f"{name}-{number}-id": "",
            **fields,
        }
    return data


def rich(text):
    """Return a paragraph as the editor's box sends it."""
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [block], "entityMap": {}})
