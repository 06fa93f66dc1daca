"""The region's stories, read from demo/stories/ of its folder and published with live cards of merchants and products.

A file begins with ``key: value`` lines. Then, between blank lines: ``## heading``, ``> quote``, paragraphs,
``{picture: goods | description}``, ``{merchants: categories | department | title}`` and
``{products: beginnings of titles | department | title}``.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from wagtail.rich_text import RichText

from directory.models import MerchantPage
from home.demo import OF_REGION, pictures
from home.demo.merchants import Merchant
from home.models import StoryIndexPage, StoryPage
from portal.slugs import slug_of
from shop.bulk import NewProduct
from shop.products import on_sale

LAST_DAY = dt.datetime(2026, 11, 24, 7, 30, tzinfo=dt.UTC)
CARDS = 4  # merchants in one block
EMPHASIS = re.compile(r"\*(.+?)\*")


@dataclass(frozen=True)
class Region:
    """What stories may show: the merchants by rank, and the shelves of those with a shop."""

    merchants: list[Merchant]
    shelves: dict[Merchant, list[NewProduct]]


@dataclass(frozen=True)
class Draft:
    """A story as its file tells it. parts: (kind, text) in order, kind being paragraph, heading, quote or live."""

    title: str
    intro: str
    scene: str
    alt: str
    published_at: dt.datetime
    parts: list[tuple[str, str]]


def drafts() -> list[Draft]:
    return [_read(file.read_text()) for file in sorted((OF_REGION / "stories").glob("*.md"))]


def publish(region: Region) -> int:
    """Publish the stories that are missing; return how many."""
    index = StoryIndexPage.objects.get()
    known = set(index.get_children().values_list("title", flat=True))
    missing = [draft for draft in drafts() if draft.title not in known]
    for draft in sorted(missing, key=lambda draft: draft.published_at):
        page = StoryPage(
            title=draft.title,
            slug=slug_of(draft.title),
            intro=draft.intro,
            search_description=draft.intro,
            picture=pictures.landscape(draft.scene, draft.alt),
            body=[block for part in _grouped(draft.parts) if (block := _block(*part, region))],
            first_published_at=draft.published_at,
        )
        index.add_child(instance=page)
        page.save_revision().publish()
    return len(missing)


def _read(text: str) -> Draft:
    head, *parts = text.strip().split("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    days = dt.timedelta(days=int(facts.pop("days_ago")))
    return Draft(**facts, published_at=LAST_DAY - days, parts=[_part(part.replace("\n", " ")) for part in parts])


def _part(text: str) -> tuple[str, str]:
    if text.startswith("## "):
        return "heading", text.removeprefix("## ")
    if text.startswith("> "):
        return "quote", text.removeprefix("> ")
    if text.startswith("{"):
        return "live", text.strip("{}")
    return "paragraph", text


def _grouped(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the parts with paragraphs that follow each other made into one rich text."""
    grouped: list[tuple[str, str]] = []
    for kind, text in parts:
        if kind == "paragraph":
            words = EMPHASIS.sub(r"<i>\1</i>", escape(text, quote=False))
            html = f"<p>{words}</p>"
            if grouped and grouped[-1][0] == "text":
                html = grouped.pop()[1] + html
            grouped.append(("text", html))
        else:
            grouped.append((kind, text))
    return grouped


def _block(kind: str, text: str, region: Region) -> Any:
    """Return (block type, value) for a StoryBlocks, or None when nothing is there to show."""
    if kind == "heading":
        return kind, text
    if kind == "text":
        return kind, RichText(text)
    if kind == "quote":
        return kind, {"text": text.strip("«» \N{NO-BREAK SPACE}"), "author": ""}
    name, _, words = text.partition(": ")
    return LIVE[name](region, *(argument.strip() for argument in words.split("|")))


def _picture(region: Region, goods: str, description: str) -> Any:
    picture = pictures.still_life(goods.split(), description)
    picture.contextual_alt_text, picture.decorative = description, False  # as an ImageBlock's value
    return "picture", {"image": picture, "caption": ""}


def _merchant_cards(region: Region, categories: str, department: str, title: str) -> Any:
    """Choose merchants of these trades, with shops first and no two of one town while possible."""
    found = [
        merchant
        for merchant in region.merchants
        if merchant.trade.slug in categories.split() and department in ("", merchant.town.department_code)
    ]
    found.sort(key=lambda merchant: (merchant not in region.shelves, merchant.number))
    best = {merchant.town: merchant for merchant in reversed(found)}
    first = [merchant for merchant in found if best[merchant.town] == merchant]
    chosen = (first + [merchant for merchant in found if merchant not in first])[:CARDS]
    pages = {page.slug: page for page in MerchantPage.objects.filter(slug__in=[merchant.slug for merchant in chosen])}
    return "merchant_cards", {"title": title, "merchants": [pages[merchant.slug] for merchant in chosen]}


def _product_cards(region: Region, beginnings: str, department: str, title: str) -> Any:
    """Choose for each beginning a product whose title begins so, in the department rather than elsewhere, if any."""
    on_shelves = [
        (merchant.town.department_code != department, product)
        for merchant, products in region.shelves.items()
        for product in products
        if product.stock
    ]
    on_shelves.sort(key=lambda entry: entry[0])
    found = [
        next((product.reference for _, product in on_shelves if product.title.startswith(beginning)), None)
        for beginning in beginnings.split("; ")
    ]
    references = [reference for reference in found if reference]  # few products among many merchants lack some
    if not references:
        return None
    by_reference = {product.upc: product for product in on_sale().filter(upc__in=references)}
    return "product_cards", {"title": title, "products": [by_reference[reference] for reference in references]}


LIVE: dict[str, Callable] = {"picture": _picture, "merchants": _merchant_cards, "products": _product_cards}
