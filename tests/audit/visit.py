"""One page of the audit, opened by one person, and all that is tried on it."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.audit import axe, keyboard, layout
from tests.audit.browser import opened
from tests.audit.findings import Finding
from tests.audit.stops import Stop

LINKS = """() => [...document.querySelectorAll("a[href]")].map(link => new URL(link.getAttribute("href"), location))
  .filter(url => url.origin === location.origin).map(url => url.pathname + url.search)"""
MOST_TRIED = 12  # links that match one pattern
CHECKS = {"axe": axe.check, "layout": layout.check, "keyboard": keyboard.check}


@dataclass
class Visit:
    """What was met at a stop. contents: counts of what decides which criteria apply."""

    stop: Stop
    path: str
    source: str
    contents: dict[str, int]
    found: list[Finding]

    @classmethod
    def made(cls, browser, site, stop, state, tools):
        """Open the stop's page, do there what it says, and try on it those of the tools that need a browser."""
        noted: list[Finding] = []
        with opened(browser, site, state) as page:
            page.add_init_script(layout.SCRIPT)
            page.on("console", lambda message: noted.extend(complaint(message, page, stop)))
            page.on("weberror", lambda error: noted.append(Finding("browser", stop.name, f"script: {error.error}")))
            response = arrive(page, stop.way)
            source = response.text()
            if stop.act:
                stop.act(page)
                source = page.content()
            contents: dict[str, Any] = page.evaluate("() => audit.contents()")
            address = urlsplit(page.url)
            for tool, check in CHECKS.items():
                if tool in tools:
                    noted += check(page, stop.name)
        return cls(stop, f"{address.path}?{address.query}".rstrip("?"), source, contents, noted)


def arrive(page, way):
    """Go to the first address of a way, then follow links that match its patterns. Return the answer at its end.

    Where the first link that matches leads no further, the next is tried: not every article can be in promotion.
    """
    response = page.goto(way[0])
    if len(way) == 1:
        return response
    here, pattern = page.url, way[1]
    for path in list(dict.fromkeys(path for path in page.evaluate(LINKS) if re.search(pattern, path)))[:MOST_TRIED]:
        with suppress(LookupError):
            return arrive(page, (path, *way[2:]))
    raise LookupError(f"No link of {here} leads by {pattern}")


def complaint(message, page, stop):
    """Return what a console says against the page; not that the page itself is a 404."""
    is_own_status = message.location.get("url") == page.url and "the server responded with a status" in message.text
    if message.type != "error" or is_own_status:
        return []
    return [Finding("browser", stop.name, f"console: {message.text}")]
