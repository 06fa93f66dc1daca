"""Tables of cases kept as data: what people type, and what must become of it."""

import re
from pathlib import Path

ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def rows(path: Path) -> list[tuple[str, ...]]:
    """Return the rows of a .tsv file after its header; \\uXXXX stands for that character."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [tuple(ESCAPE.sub(lambda code: chr(int(code[1], 16)), cell) for cell in line.split("\t")) for line in lines]
