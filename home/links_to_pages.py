"""Typed addresses of our own pages become pages: such a link follows its page wherever it goes."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps as installed
from django.conf import settings
from wagtail.blocks import StreamValue

TYPED_IN_TEXT = re.compile(r'<a href="([^"]+)"')  # as Wagtail stores a rich text; a page's link has no href


def with_pages(stream: StreamValue) -> StreamValue:
    """Return a stream whose links name pages wherever an address of one was typed."""
    stored = stream.get_prep_value()
    following = converted(installed, stored)
    return stream if following == stored else stream.stream_block.to_python(following)


def page_of(typed: str) -> int | None:
    """Return the number of the live page whose address this is, None if it is another address or has a question."""
    return _page_of(installed, typed)


def converted(apps: Any, stored: Any) -> Any:
    """Return a stream's JSON in which each typed address that is a live page's names that page instead.

    apps: of a migration, or Django's own. Addresses with a question or a place in the page (#…) stay as typed.
    """
    if isinstance(stored, list):
        return [converted(apps, part) for part in stored]
    if isinstance(stored, str):
        return TYPED_IN_TEXT.sub(lambda link: _link_to_page(apps, link), stored)
    if not isinstance(stored, dict):
        return stored
    value = {name: converted(apps, part) for name, part in stored.items()}
    for name in ("url", "link"):
        if isinstance(typed := value.get(name), str) and (page := _page_of(apps, typed)) and not value.get("page"):
            value |= {"page": page, name: ""}
    return value


def _link_to_page(apps: Any, link: re.Match) -> str:
    page = _page_of(apps, link[1])
    return f'<a linktype="page" id="{page}"' if page else link[0]


def _root(apps: Any) -> str:
    """Return the path of the page above all of ours, without its last slash: "/home"."""
    root = apps.get_model("wagtailcore", "Site").objects.filter(is_default_site=True).first()
    return (root.root_page.url_path if root else "/home/").rstrip("/")


def _page_of(apps: Any, typed: str) -> int | None:
    address = urlsplit(typed.removeprefix(settings.SITE_URL))
    if address.scheme or address.netloc or address.query or address.fragment or not address.path.startswith("/"):
        return None
    pages = apps.get_model("wagtailcore", "Page").objects.filter(live=True)
    path = f"{_root(apps)}/{address.path.strip('/')}".rstrip("/") + "/"
    return pages.filter(url_path=path).values_list("pk", flat=True).first()
