"""All products of a merchant: the first on the merchant's page, all of them on a list of their own."""

from dataclasses import replace

from django.core.paginator import Page
from django.http import HttpRequest

from directory.models import MerchantPage
from portal.memory import memoized
from portal.pagination import page_of
from shop.products import ProductCard, card_rows, product_cards, products_of

ON_MERCHANT_PAGE = 12  # articles that a merchant's page shows itself
PAGE_SIZE = 24  # articles in one page of the list


@memoized
def count_of(merchant: MerchantPage) -> int:
    """Return how many articles a merchant has on sale, sold out ones included; one query."""
    return products_of(merchant).count()


def has_list(merchant: MerchantPage) -> bool:
    """Return whether a merchant sells more than the merchant's page shows; who sells less has no list of its own."""
    return count_of(merchant) > ON_MERCHANT_PAGE


def list_path(merchant: MerchantPage) -> str:
    """Return the address of the list of all that a merchant sells."""
    return f"{merchant.public_path}produits/"


def all_products_path(merchant: MerchantPage) -> str:
    """Return where all that a merchant sells is shown: its list, or the merchant's page where that is enough."""
    return list_path(merchant) if has_list(merchant) else f"{merchant.public_path}#produits"


def page_of_products(request: HttpRequest, merchant: MerchantPage) -> tuple[Page, tuple[ProductCard, ...]]:
    """Return the page of the list that ?page= asks for, and its cards by title; raise Http404 beyond the last."""
    page = page_of(request, range(count_of(merchant)), PAGE_SIZE)
    return page, _cards(merchant, page.number)


@memoized
def _cards(merchant: MerchantPage, number: int) -> tuple[ProductCard, ...]:
    start = (number - 1) * PAGE_SIZE
    cards = product_cards(card_rows(products_of(merchant))[start : start + PAGE_SIZE])
    return tuple(replace(card, seller="") for card in cards)
