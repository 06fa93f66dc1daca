"""Sixty pages and more, by a visitor and three who are logged in: what each asks for, sets, and lets be stored."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from home.reports.models import Notice
from shop.models import Purchase
from tests.home.test_blocks import make_story
from tests.shop.factories import make_product, order, put_in_basket

pytestmark = pytest.mark.django_db

LINES = [line.split() for line in Path(__file__).parent.joinpath("data/pages.txt").read_text().splitlines()]
PUBLIC, OF_SHOPPERS, OF_MERCHANTS, OF_EDITORS = (
    [path for who, path in LINES if who == whose] for whose in ("everybody", "shoppers", "merchants", "editors")
)
COOKIES = {"sessionid", "csrftoken", "messages", "oscar_open_basket"}  # as the page « Données personnelles » declares
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "srcset", "video": "src",
          "audio": "src", "object": "data", "embed": "src", "form": "action", "use": "href"}  # fmt: skip
NAVIGATION = {"canonical", "alternate", "next", "prev", "license", "search", "me"}  # links that load nothing


@pytest.fixture
def places_to_go(bakery, baker, shopper):
    product = make_product(bakery, title="Pain de seigle")
    buyer = Client()
    buyer.force_login(shopper)
    put_in_basket(buyer, product)
    order(buyer, email=shopper.email)
    known = {
        "story": make_story().public_path,
        "shop": bakery.public_path,
        "town": bakery.town.get_absolute_url(),
        "product": product.get_absolute_url(),
        "purchase": Purchase.objects.get().number,
        "space": f"/espace/{bakery.pk}/",
        "notice": Notice.objects.create(page="/", details="Texte", email="maud@exemple.fr").pk,
        "page": bakery.pk,
    }
    return lambda paths: [path.format(**known) for path in paths]


def foreign(answer):
    """Return the other hosts that a page has a browser ask."""
    if "html" not in answer.get("Content-Type", ""):
        return set()
    page = BeautifulSoup(answer.content, "html.parser")
    asked = []
    for tag, attribute in LOADED.items():
        for found in page.find_all(tag):
            if tag != "link" or not NAVIGATION & set(found.get("rel", [])):
                asked += str(found.get(attribute, "")).split()
    asked += re.findall(r"url\(([^)]+)\)", " ".join(tag.text for tag in page.find_all("style")))
    hosts = {urlsplit(str(address)).netloc for address in asked}
    return hosts - {"", urlsplit(settings.SITE_URL).netloc, "testserver"}


def read(client, paths, personal):
    """Read pages one after the other; return what is wrong, by page. personal: what no page to be stored may hold."""
    faults = {}
    for path in paths:
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = [*(f"asks {host}" for host in foreign(answer) if not answer.streaming)]
        said += [f"sets {name}" for name in set(answer.cookies) - COOKIES]
        said += [f"has no {name}" for name in ("X-Content-Type-Options", "Referrer-Policy") if name not in answer]
        stored = answer.get("Cache-Control", "")
        if any(name.encode() in body for name in personal) and "no-store" not in stored:
            said.append(f"may be stored: {stored}")
        if "html" in answer.get("Content-Type", "") and answer.status_code == 200:
            policy = answer.get("Content-Security-Policy", "")
            office = path.startswith(settings.OFFICE_PREFIXES)
            said += ["a weak policy"] if not policy or ("unsafe" in policy and not office) or "http:" in policy else []
            said += ["may be framed"] if "frame-ancestors" not in policy else []
        if answer.status_code not in (200, 302, 404, 410):
            said.append(f"is {answer.status_code}")
        if said:
            faults[path] = said
    return faults


def test_a_visitor_reads_without_leaving_a_trace(client, places_to_go):
    paths = places_to_go(PUBLIC)
    assert len(paths) > 45
    assert read(client, paths, []) == {}
    for path in paths:
        if not path.startswith("/boutique/commande"):
            assert not Client().get(path).cookies, path


def test_nothing_of_a_shopper_s_may_be_stored(client, places_to_go, shopper):
    client.force_login(shopper)

    assert read(client, places_to_go([*PUBLIC, *OF_SHOPPERS]), [shopper.email, "06 39 98 21 40"]) == {}


def test_nothing_of_a_merchant_s_may_be_stored(client, places_to_go, baker, shopper):
    client.force_login(baker)

    private = [baker.email, shopper.email, "06 39 98 21 40", "Camille Moulin"]
    assert read(client, places_to_go([*OF_SHOPPERS, *OF_MERCHANTS]), private) == {}


def test_nothing_of_the_office_s_may_be_stored(client, places_to_go, editor):
    client.force_login(editor)

    assert read(client, places_to_go(OF_EDITORS), [editor.email, "maud@exemple.fr"]) == {}


def test_what_would_be_wrong_is_seen():
    """The eyes of these tests see a foreign host, wherever it hides."""
    for html in (
        '<script src="https://cdn.example/x.js"></script>',
        '<img src="//cdn.example/x.png">',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        '<iframe src="https://cdn.example/"></iframe>',
        '<form action="https://cdn.example/"></form>',
        "<style>body { background: url(https://cdn.example/x.png) }</style>",
    ):
        assert foreign(HttpResponse(html)), html
