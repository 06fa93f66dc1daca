"""Keeps keys out of the logs: whoever reads one could do what the link of somebody's e-mail does."""

import re
from collections.abc import MutableMapping
from typing import Any

ACCOUNTS = "/compte/"
SEGMENT = re.compile(r"(?<=/)[^/\s?]{16,}")  # of a path
MASK = "…"


def mask_keys(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what looks like a key in the texts of a log line; a structlog processor.

    A key is a long segment of a path that is signed (it has a colon) or drawn (it has capitals), and any long one
    among the addresses of accounts. Slugs have neither.
    """
    for name, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[name] = SEGMENT.sub(MASK if ACCOUNTS in value else _masked, value)
    return event


def _masked(found: re.Match[str]) -> str:
    segment = found[0]
    return MASK if ":" in segment or segment != segment.lower() else segment
