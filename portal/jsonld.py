"""schema.org data in a page, as JSON-LD: the parts every package shares.

A node is a dict with "@type"; addresses are absolute, since machines read nodes away from their page.
Source: https://schema.org, and Google's "Structured data" guides for what a rich result needs.
"""

import json
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

CONTEXT = "https://schema.org"
# What would end the script element, or open a comment in it; JSON may write any character as an escape.
ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def script(nodes: Sequence[dict]) -> SafeString:
    """Return the <script> element that carries ``nodes``, or "" without any.

    It is data and never run, so it needs no nonce (HTML, "prepare the script element": a data block returns before the
    policy is asked), and the page stays the same for everyone.
    """
    if not nodes:
        return mark_safe("")
    return data_element({"@context": CONTEXT, **(nodes[0] if len(nodes) == 1 else {"@graph": list(nodes)})})


def data_element(data: dict) -> SafeString:
    """Return the <script> element of a whole JSON-LD document, whose own context it has."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def absolute(address: str) -> str:
    """Return the public address of a path of ours; an address that already has a host stays."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def breadcrumb_list(crumbs: Sequence[dict]) -> dict:
    """Return the BreadcrumbList of ``crumbs``: {title, url} from the home page down, the page itself with url ""."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": crumb["title"],
                **({"item": absolute(crumb["url"])} if crumb["url"] else {}),
            }
            for position, crumb in enumerate(crumbs, start=1)
        ],
    }


def item_list(name: str, entries: Iterable[tuple[str, str]], start: int = 1) -> dict:
    """Return the ItemList of a page that lists others.

    entries: (name, address) in the page's order. start: the first one's rank, above 1 on a second page.
    """
    items = [
        {"@type": "ListItem", "position": position, "name": title, "url": absolute(url)}
        for position, (title, url) in enumerate(entries, start=start)
    ]
    return {"@type": "ItemList", "name": name, "numberOfItems": len(items), "itemListElement": items}


def without_empty(node: dict) -> dict:
    """Return the node without the properties nobody filled in: an empty one is a fault, an absent one is not."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}
