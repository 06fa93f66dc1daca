"""Which pages are measured. Needs Django set up on the database of the bench."""

from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.models import MerchantPage
from home.models import StoryPage
from shop.products import on_sale

HOST = "127.0.0.1"
SHOWCASE = "la-chevre-et-le-glandasse-die"
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@dataclass(frozen=True)
class Page:
    """One row of the table. cookie: what a visitor with that basket sends, or ""."""

    name: str
    path: str
    cookie: str = ""


def pages() -> list[Page]:
    """Return the pages in the order of the table; the first costs what Django itself costs."""
    merchant = MerchantPage.objects.with_place().get(slug=SHOWCASE)
    product = on_sale().filter(stockrecords__partner__storefront__merchant=merchant).first()
    town = merchant.town.get_absolute_url()
    return [
        Page("plain text", "/bench/texte/"),
        Page("home", "/"),
        Page("town", town),
        Page("town × category", f"{town}{merchant.category.slug}/"),
        Page("merchant", merchant.public_path),
        Page("product", product.get_absolute_url()),
        Page("search", "/recherche/?q=fromage&ou=Saint-%C3%89tienne"),
        Page("story", StoryPage.objects.live().order_by("first_published_at").first().public_path),
        Page("basket, 1 line", reverse("basket:summary"), basket_cookie(1)),
        Page("basket, 15 lines", reverse("basket:summary"), basket_cookie(15)),
    ]


def basket_cookie(lines: int) -> str:
    """Return the Cookie header of a visitor who put so many products of different merchants in her basket."""
    client = Client(SERVER_NAME=HOST)
    products = on_sale().filter(stockrecords__num_in_stock__gt=5).order_by("upc")
    for product in products[: lines * 9 : 9]:
        response = client.post(reverse("basket:add", args=[product.pk]), {"quantite": 1}, headers=SAME_ORIGIN)
        assert response.status_code in (302, 303), response.status_code
    cookies: SimpleCookie = client.cookies
    return "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())


def queries(page: Page) -> int:
    """Return how many SQL queries a page asks, the second time: the first fills the process's own caches."""
    client = Client(SERVER_NAME=HOST, headers={"cookie": page.cookie} if page.cookie else {})
    client.get(page.path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(page.path)
    return len(captured)
