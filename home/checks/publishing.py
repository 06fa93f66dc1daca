"""Checks a story or a campaign before it is published: pictures, headings, links.

The body is read as a visitor gets it, from its HTML, so a new block is checked without a line here. Pages of ours are
asked; other sites are not called, only their addresses are looked at. Colours cannot go wrong: no block lets one be
chosen, and the accessibility checker of the preview measures their contrast all the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
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
    """Return the headings and links of a block's HTML, each with the words that a screen reader says of it."""
    soup = BeautifulSoup(html, "html.parser")
    return BodyOutline(
        headings=[(HEADINGS[tag.name], " ".join(tag.get_text().split())) for tag in soup(list(HEADINGS))],
        links=[Link(_attribute(tag, "href") or None, _attribute(tag, "aria-label") + _text(tag)) for tag in soup("a")],
    )


def _text(tag: Tag) -> str:
    """Return the words of a tag and what its pictures show."""
    images = (_attribute(image, "alt") for image in tag("img"))
    return "".join([*images, tag.get_text()])


def _attribute(tag: Tag, name: str) -> str:
    return str(tag.get(name) or "")


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
