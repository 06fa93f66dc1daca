"""Typed addresses become pages and, where the portal goes back to an earlier version, addresses again."""

import pytest
from django.apps import apps

from home.links_to_pages import converted, typed_again
from home.models import HomePage, StoryIndexPage
from tests.shop.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "stored",
    [
        [{"type": "link", "value": {"label": "Lire", "url": "/histoires/"}}],
        [{"type": "link", "value": {"label": "Accueil", "url": "/"}}],
        [{"type": "link", "value": {"label": "Ailleurs", "url": "https://ailleurs.example/"}}],
        [{"type": "link", "value": {"label": "Trier", "url": "/recherche/?q=pain"}}],
        [{"type": "column", "value": {"title": "Un", "links": [{"label": "Lire", "url": "/histoires/"}]}}],
        [{"type": "column", "value": {"links": [{"type": "item", "value": {"url": "/histoires/"}, "id": "a"}]}}],
        [{"type": "button", "value": {"text": "Lire", "link": "/histoires/"}}],
        [],
    ],
)
def test_what_became_pages_is_addresses_again(places, stored):
    assert typed_again(apps, converted(apps, stored)) == stored


def test_what_an_editor_chose_becomes_an_address(bakery):
    loaf = make_product(bakery, title="Pain de seigle")
    index, home = StoryIndexPage.objects.get(), HomePage.objects.get()
    chosen = [
        {"page": home.pk, "url": ""},
        {"page": index.pk, "url": ""},
        {"page": bakery.pk, "product": None, "url": ""},
    ]
    chosen += [{"page": None, "product": loaf.pk, "url": ""}, {"page": 10**9, "url": ""}]

    addresses = [link["url"] for link in typed_again(apps, chosen)]

    assert addresses == ["/", "/histoires/", bakery.public_path, loaf.get_absolute_url(), ""]
