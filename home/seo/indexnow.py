"""IndexNow: telling search engines at once which pages changed, instead of waiting for their visit.

Off without INDEXNOW_KEY. Source: https://www.indexnow.org/documentation.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from home.seo.sitemaps import SITEMAPS
from portal.http import send
from portal.jsonld import absolute

ENDPOINT = "https://api.indexnow.org/indexnow"
BATCH = 10_000  # addresses in one request, the protocol's maximum


class Refused(Exception):
    """The service answered that it does not take our addresses."""


def changed_since(moment: datetime) -> list[str]:
    """Return the paths of the indexable pages that changed after ``moment``."""
    sitemaps = [sitemap_class() for sitemap_class in SITEMAPS.values()]
    return [
        sitemap.location(item)
        for sitemap in sitemaps
        for item in sitemap.items()
        if (changed := sitemap.lastmod(item)) and changed > moment
    ]


def announce(paths: Sequence[str], endpoint: str = ENDPOINT) -> int:
    """Tell that these pages changed, and return how many were told: 0 when IndexNow is off.

    Raises portal.http.Unreachable, or Refused when the service does not know our key or site.
    """
    if not settings.INDEXNOW_KEY:
        return 0
    for batch in _batches(paths):
        body = {
            "host": urlsplit(settings.SITE_URL).hostname,
            "key": settings.INDEXNOW_KEY,
            "keyLocation": absolute(f"/{settings.INDEXNOW_KEY}.txt"),
            "urlList": [absolute(path) for path in batch],
        }
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = send("POST", endpoint, body=json.dumps(body).encode(), headers=headers)
        if answer.status not in (200, 202):
            raise Refused(f"{answer.status}: {answer.body[:200].decode(errors='replace')}")
    return len(paths)


def _batches(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    return (paths[start : start + BATCH] for start in range(0, len(paths), BATCH))
