"""Rich text: the editor's box, and the way to plain paragraphs and back."""

import html
import re
from typing import Any

import nh3
from bs4 import BeautifulSoup
from django.utils.html import linebreaks
from wagtail.admin.rich_text import DraftailRichTextArea

BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|ul|ol)>|<hr\s*/?>")
LINE_END = re.compile(r"<br\s*/?>")
KEYS = re.compile(r' data-block-key="[^"]*"')  # by which Wagtail's editor knows its paragraphs again
PLAIN_TAGS = {"p", "br"}


def to_plain(rich: str) -> str:
    """Return rich text as paragraphs separated by an empty line, without its markup."""
    text = LINE_END.sub("\n", BLOCK_END.sub("\n\n", rich.replace("\n", " ")))
    text = html.unescape(nh3.clean(text, tags=set()))
    return re.sub(r" *\n *", "\n", re.sub(r"\n\s*\n", "\n\n", text)).strip()


def to_rich(plain: str) -> str:
    """Return plain paragraphs as rich text; whatever looks like markup in them is shown as it was typed."""
    return well_formed(linebreaks(plain.strip(), autoescape=True).replace("\n", "")) if plain.strip() else ""


def is_plain(rich: str) -> bool:
    """Return whether the text holds nothing but paragraphs, so that editing it as plain text loses nothing."""
    return nh3.clean(rich, tags=PLAIN_TAGS, attributes={}) == nh3.clean(rich, attributes={})


def well_formed(rich: str) -> str:
    """Return rich text as Wagtail's editor opens it: with <br/>, where HTML has <br>, and every tag closed."""
    return str(BeautifulSoup(rich, "html.parser")) if "<" in rich else rich


class RichTextArea(DraftailRichTextArea):
    """Wagtail's box, which also opens text that no editor wrote: one <br> made the whole page of the editor fail."""

    def format_value(self, value: Any) -> Any:
        return super().format_value(well_formed(value) if isinstance(value, str) else value)

    def says_another(self, initial: str | None, sent: str | None) -> bool:
        """Return whether the box says something else than it was given: it writes each text its own way, with keys."""
        opened = self.converter.from_database_format(well_formed(initial or ""))
        return KEYS.sub("", self.converter.to_database_format(opened)) != KEYS.sub("", sent or "")
