"""What a search engine takes from a page of ours: read from its HTML alone, without a browser."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class ParsedPage:
    """One page as read.

    links: href of every <a>. words: how many stand in <main>. nodes: its structured data, one dict a node.
    broken_data: whether a script of structured data is no JSON.
    """

    title: str = ""
    description: str = ""
    robots: str = ""
    canonical: str = ""
    headings: int = 0  # <h1>
    words: int = 0
    links: list[str] = field(default_factory=list)
    nodes: list[dict] = field(default_factory=list)
    broken_data: bool = False

    @property
    def is_indexable(self) -> bool:
        return "noindex" not in self.robots

    def node(self, *types: str) -> dict | None:
        """Return the first node of one of these types, or None."""
        return next((node for node in self.nodes if node.get("@type") in types), None)


def read(html: str) -> ParsedPage:
    """Return what a page says."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.reading


class _Parser(HTMLParser):
    """Collects text only inside <title>, <main> and scripts of structured data."""

    def __init__(self):
        super().__init__()
        self.reading = ParsedPage()
        self._in: str | None = None  # "title", "data", "other" (what nobody reads), or None
        self._text: list[str] = []
        self._in_main = False

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        match tag:
            case "title":
                self._begin("other" if self.reading.title else "title")  # an <svg> has titles too
            case "script":
                self._begin("data" if attributes.get("type") == "application/ld+json" else "other")
            case "main":
                self._in_main = True
            case "h1":
                self.reading.headings += 1
            case "a" if attributes.get("href"):
                self.reading.links.append(attributes["href"])
            case "meta" if attributes.get("name") in ("description", "robots"):
                setattr(self.reading, attributes["name"], attributes.get("content", "").strip())
            case "link" if attributes.get("rel") == "canonical":
                self.reading.canonical = attributes.get("href", "")

    def handle_endtag(self, tag):
        if tag == "main":
            self._in_main = False
        elif tag == "title" and self._in == "title":
            self.reading.title = " ".join("".join(self._text).split())
        elif tag == "script" and self._in == "data":
            self._data("".join(self._text))
        if tag in ("title", "script"):
            self._begin(None)

    def handle_data(self, data):
        if self._in:
            self._text.append(data)
        elif self._in_main:
            self.reading.words += len(data.split())

    def _begin(self, what):
        self._in, self._text = what, []

    def _data(self, text):
        try:
            data = json.loads(text)
        except ValueError:
            self.reading.broken_data = True
            return
        self.reading.nodes += data.get("@graph", [data])
