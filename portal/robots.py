"""Programs that say what they are: they follow links, and neither look for anything nor visit anybody."""

import re

from django.http import HttpRequest

_ROBOTS = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor", re.IGNORECASE)


def is_robot(request: HttpRequest) -> bool:
    """Return whether a program says that it asks."""
    return bool(_ROBOTS.search(request.headers.get("User-Agent", "")))
