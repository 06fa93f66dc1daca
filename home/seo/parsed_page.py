"""Parses the HTML of a page for what a search engine reads: title, robots, headings, links, data."""

import json
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag


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
    soup = BeautifulSoup(html, "html.parser")
    page = ParsedPage(
        title=_words(soup.title) if soup.title else "",
        description=_meta(soup, "description"),
        robots=_meta(soup, "robots"),
        headings=len(soup("h1")),
        links=[str(link["href"]) for link in soup("a", href=True) if link["href"]],
    )
    canonical = soup.find("link", rel="canonical")
    page.canonical = str(canonical.get("href", "")) if canonical else ""
    for script in soup("script", type="application/ld+json"):
        _read_data(script.string or "", page)
    for unread in soup(["script", "svg"]):
        unread.decompose()
    page.words = sum(len(main.get_text(" ").split()) for main in soup("main"))
    return page


def _meta(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"name": name})
    return str(tag.get("content", "")).strip() if tag else ""


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def _read_data(text: str, page: ParsedPage) -> None:
    try:
        data = json.loads(text)
    except ValueError:
        page.broken_data = True
        return
    page.nodes += data.get("@graph", [data])
