"""A merchant's story as plain paragraphs: what she types in a box, and the rich text her page holds."""

import html
import re

import nh3
from django.utils.html import linebreaks

BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|ul|ol)>|<hr\s*/?>")
LINE_END = re.compile(r"<br\s*/?>")
PLAIN_TAGS = {"p", "br"}


def to_plain(rich: str) -> str:
    """Return rich text as paragraphs separated by an empty line, without its markup."""
    text = LINE_END.sub("\n", BLOCK_END.sub("\n\n", rich.replace("\n", " ")))
    text = html.unescape(nh3.clean(text, tags=set()))
    return re.sub(r" *\n *", "\n", re.sub(r"\n\s*\n", "\n\n", text)).strip()


def to_rich(plain: str) -> str:
    """Return plain paragraphs as rich text; whatever looks like markup in them is shown as it was typed."""
    return linebreaks(plain.strip(), autoescape=True).replace("\n", "") if plain.strip() else ""


def is_plain(rich: str) -> bool:
    """Return whether the text holds nothing but paragraphs, so that editing it here loses nothing."""
    return nh3.clean(rich, tags=PLAIN_TAGS, attributes={}) == nh3.clean(rich, attributes={})
