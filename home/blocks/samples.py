"""What a block shows in the editors' picker: real merchants, products, towns and pictures of the portal."""

from typing import Any

from wagtail.documents import get_document_model
from wagtail.models import Page

from directory.models import Category, MerchantPage, Town
from portal.models import Picture
from shop.products import on_sale

UNSTORED = 0  # the key of a document that stands in no library


def merchants(count: int) -> list[MerchantPage]:
    return list(MerchantPage.objects.live().order_by("-first_published_at", "-pk")[:count])


def products(count: int) -> list:
    return list(on_sale().order_by("-pk")[:count])


def town() -> Town | None:
    """The largest town that has a merchant."""
    return Town.objects.filter(merchants__live=True).order_by("-population").first()


def category() -> Category | None:
    """The first category that has a merchant."""
    return Category.objects.filter(merchants__live=True).first()


def pictures(count: int) -> list[Picture]:
    """The newest, as values of ImageBlocks."""
    newest = list(Picture.objects.order_by("-pk")[:count])
    for picture in newest:
        picture.contextual_alt_text, picture.decorative = picture.default_alt_text, False
    return newest


def stories(count: int) -> list[Page]:
    """The newest; asked by the name of their type, since models import blocks."""
    newest = Page.objects.live().filter(content_type__model="storypage").order_by("-first_published_at")
    return list(newest.specific()[:count])


def document(name: str) -> Any:
    """A document as if it were in the library: no real one suits every preview."""
    return get_document_model()(pk=UNSTORED, title=name, file=f"documents/{name}", file_size=184_000)
