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
from tests.bench.servers import HOST
from tests.factories import SAME_ORIGIN

SHOWCASE = "la-chevre-et-le-glandasse-die"
TEXT = "plain text"
KEPT = "kept"
ZIPPED = (("Accept-Encoding", "gzip"),)  # kept as browsers take them; pages made again are plain, as the peers' are


@dataclass(frozen=True)
class Page:
    """One row of the table. port: of the server that makes it. headers: what the visitor sends beside its path."""

    name: str
    path: str
    port: int
    headers: tuple[tuple[str, str], ...] = ()


def pages(port: int, keeping_port: int) -> list[Page]:
    """Return the pages in the order of the table; the first costs what Django itself costs.

    port: of a server that makes each page again. keeping_port: of one that keeps what it made.
    """
    merchant = MerchantPage.objects.with_place().get(slug=SHOWCASE)
    product = on_sale().filter(stockrecords__partner__storefront__merchant=merchant).first()
    town, story = merchant.town.get_absolute_url(), StoryPage.objects.newest().last()
    again = {
        TEXT: "/bench/texte/",
        "home": "/",
        "town": town,
        "town × category": f"{town}{merchant.category.slug}/",
        "merchant": merchant.public_path,
        "product": product.get_absolute_url(),
        "search": "/recherche/?q=fromage&ou=Saint-%C3%89tienne",
        "product list": "/recherche/?type=produits",
        "category": "/recherche/?type=produits&categorie=fromagerie-cremerie",
        "story": story.public_path,
        "story listing": story.get_parent().specific.public_path,
    }
    basket = reverse("basket:summary")
    return [
        *(Page(name, path, port) for name, path in again.items()),
        *(Page(f"basket of {lines}", basket, port, (("Cookie", basket_cookie(lines)),)) for lines in (1, 15)),
        *(Page(f"{name}, {KEPT}", again[name], keeping_port, ZIPPED) for name in (TEXT, "home", "merchant")),
    ]


def basket_cookie(lines: int) -> str:
    """Return the Cookie header of a visitor who put so many products of different merchants in their basket."""
    client = Client(SERVER_NAME=HOST)
    products = on_sale().filter(stockrecords__num_in_stock__gt=5).order_by("upc")
    for product in products[: lines * 9 : 9]:
        response = client.post(reverse("basket:add", args=[product.pk]), {"quantite": 1}, headers=SAME_ORIGIN)
        assert response.status_code in (302, 303), response.status_code
    cookies: SimpleCookie = client.cookies
    return "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())


def queries(page: Page) -> int:
    """Return how many SQL queries a page asks, the second time: the first fills the process's own caches."""
    client = Client(SERVER_NAME=HOST, headers=dict(page.headers))
    client.get(page.path)
    with CaptureQueriesContext(connection) as captured:
        client.get(page.path)
    return len(captured)
