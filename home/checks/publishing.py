"""What to mend in a story or a campaign before it is published: pictures, headings, links.

The body is read as a visitor gets it, from its HTML, so a new block is checked without a line here. Pages of ours are
asked; other sites are not called, only their addresses are looked at. Colours cannot go wrong: no block lets one be
chosen, and the accessibility checker of the preview measures their contrast all the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from wagtail.blocks import StreamValue

from home.blocks.base import SHOW, parts_of
from home.checks.alternatives import fault_of

EMPTY_WORDS = frozenset({"ici", "cliquez ici", "cliquer ici", "lien", "ce lien", "lire la suite", "en savoir plus"})
HEADINGS = {f"h{level}": level for level in range(1, 7)}
HOST = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$", re.IGNORECASE)


@dataclass
class Link:
    """href is None when its target was deleted."""

    href: str | None
    text: str = ""


@dataclass
class BodyOutline:
    """What a block says. headings: (level, text), in order."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def publish_errors(body: StreamValue) -> dict[int, list[str]]:
    """Return, by the number of the block, what keeps a body from being published, each with how to mend it."""
    faults: dict[int, list[str]] = {}
    above = 1  # the level of the title before: the page's own
    for number, block in enumerate(body):
        reading = read(block.render())
        told, above = _headings(reading, above)
        told += _pictures(block.value)
        if block.block.meta.group != SHOW:  # others link by themselves
            told += _links(reading)
        if told:
            faults[number] = list(dict.fromkeys(told))
    return faults


def missing_references(body: StreamValue) -> list[str]:
    """Return what a body holds and visitors no longer see."""
    return [
        f"{block.block.label} : {fault}."
        for block, stored in zip(body, body.raw_data, strict=True)
        if hasattr(block.block, "faults")
        for fault in block.block.faults(block.value, stored["value"])
    ]


def read(html: str) -> BodyOutline:
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.reading


def _pictures(value: Any) -> list[str]:
    """Return what is wrong with the descriptions of a block's pictures; one that is decorative needs none."""
    texts = ((getattr(part, "contextual_alt_text", None), part) for part in parts_of(value))  # of an ImageBlock's value
    return [fault for text, part in texts if text and not part.decorative and (fault := fault_of(text, part))]


def _headings(reading: BodyOutline, above: int) -> tuple[list[str], int]:
    """Return what is wrong with the headings, and the level of the last. above: that of the one before."""
    faults = []
    for level, text in reading.headings:
        if not text:
            faults.append("Un titre est vide. Écrivez-le ou retirez-le.")
        elif level > above + 1:
            faults.append(f"Le sous-titre « {text} » vient sans titre au-dessus de lui. Ajoutez un intertitre avant.")
        above = level
    return faults, above


def _links(reading: BodyOutline) -> Iterator[str]:
    client = Client(raise_request_exception=False, headers={"host": urlsplit(settings.SITE_URL).netloc})
    for link in reading.links:
        text = " ".join(link.text.split())
        shown = f"Le lien « {text} »" if text else "Un lien sans texte"
        if not text:
            yield f"{shown} mène à {link.href}. Dites où il mène."
        elif text.lower().rstrip(".") in EMPTY_WORDS:
            yield f"{shown} ne dit pas où il mène. Nommez la page."
        if fault := _address_fault(link.href, client):
            yield f"{shown} {fault}"


def _address_fault(href: str | None, client: Client) -> str:
    if not href:
        return "mène à une page ou un document supprimé. Choisissez-en un autre."
    address = urlsplit(href.removeprefix(settings.SITE_URL) or "/")
    if address.scheme in ("mailto", "tel") or (not address.scheme and not address.netloc and not address.path):
        return ""
    if address.scheme == "https":
        return "" if HOST.match(address.hostname or "") else f"mène à {href}, qui n’est pas une adresse. Corrigez-la."
    if address.scheme or address.netloc:
        return f"mène à {href}. Une adresse d’un autre site commence par https://."
    secure = settings.SITE_URL.startswith("https")
    if client.head(address.path, secure=secure).status_code >= 400:  # 404, 410
        return f"mène à {address.path}, qui ne répond pas. Corrigez l’adresse."
    return ""


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.reading = BodyOutline()
        self._heading: int | None = None
        self._text: list[str] = []
        self._link: Link | None = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in HEADINGS:
            self._heading, self._text = HEADINGS[tag], []
        elif tag == "a":
            self._link = Link(attributes.get("href"), attributes.get("aria-label") or "")
        elif tag == "img" and self._link:
            self._link.text += attributes.get("alt") or ""

    def handle_endtag(self, tag):
        if tag in HEADINGS and self._heading:
            self.reading.headings.append((self._heading, " ".join("".join(self._text).split())))
            self._heading = None
        elif tag == "a" and self._link:
            self.reading.links.append(self._link)
            self._link = None

    def handle_data(self, data):
        if self._heading:
            self._text.append(data)
        if self._link:
            self._link.text += data
