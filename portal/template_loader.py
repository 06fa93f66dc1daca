"""Our own templates without their indentation, which is for those who write them.

A page of results is some 300 bytes lighter, zipped: what fits the first turn of a connection (docs/design.md). Lines
stay where they are, so that an error tells the right one.
"""

import re

from django.template.base import Origin
from django.template.loaders import filesystem

_INDENTATION = re.compile(r"\n[ \t]+")
_KEEPS_SPACES = re.compile(r"<(?:pre|textarea)\b")


class Loader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        return without_indentation(super().get_contents(origin), str(origin.template_name))


def without_indentation(source: str, name: str) -> str:
    """Return a template of HTML with lines that begin at once; what is not HTML, or shows its spaces, as it is."""
    if not name.endswith(".html") or _KEEPS_SPACES.search(source):
        return source
    return _INDENTATION.sub("\n", source)
