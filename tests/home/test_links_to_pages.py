"""Typed addresses of our own pages become pages, which links then follow."""

import pytest
from django.apps import apps
from django.conf import settings

from home.links_to_pages import converted
from home.models import HomePage, StoryIndexPage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["/histoires/", "/histoires", f"{settings.SITE_URL}/histoires/"])
@pytest.mark.parametrize(
    ("stored", "following"),
    [
        ([{"type": "link", "value": {"label": "Lire", "url": "{typed}"}}], [{"value": {"page": "{page}", "url": ""}}]),
        ([{"value": {"links": [{"label": "Lire", "url": "{typed}"}]}}], [{"value": {"links": [{"page": "{page}"}]}}]),
        (
            [{"value": {"links": [{"type": "item", "value": {"url": "{typed}"}, "id": "a"}]}}],
            [{"value": {"links": [{"type": "item", "value": {"page": "{page}", "url": ""}, "id": "a"}]}}],
        ),
        (
            [{"type": "button", "value": {"text": "Lire", "link": "{typed}"}}],
            [{"value": {"page": "{page}", "link": ""}}],
        ),
    ],
)
def test_a_typed_address_of_ours_becomes_its_page(typed, stored, following):
    found = converted(apps, filled(stored, typed))

    assert holds(found, filled(following, typed)), found


def test_the_front_page_is_a_page_too():
    (link,) = converted(apps, [{"url": "/"}])

    assert link == {"page": HomePage.objects.get().pk, "url": ""}


@pytest.mark.parametrize(
    "typed",
    ["https://ailleurs.example/", "/recherche/?q=pain", "/histoires/#haut", "/nulle-part/", "mailto:a@b.example", ""],
)
def test_other_addresses_stay_as_typed(typed):
    assert converted(apps, [{"url": typed}]) == [{"url": typed}]


def test_a_chosen_page_stays():
    chosen = [{"page": HomePage.objects.get().pk, "url": "/histoires/"}]

    assert converted(apps, chosen) == chosen


def filled(blocks, typed):
    """Return the blocks with the address and the page of the list of stories in their places."""
    if isinstance(blocks, list):
        return [filled(block, typed) for block in blocks]
    if isinstance(blocks, dict):
        return {name: filled(value, typed) for name, value in blocks.items()}
    return {"{typed}": typed, "{page}": StoryIndexPage.objects.get().pk}.get(blocks, blocks)


def holds(found, wanted):
    """Return whether all that is wanted is among what was found."""
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(holds, found, wanted))
    if isinstance(wanted, dict):
        return all(name in found and holds(found[name], value) for name, value in wanted.items())
    return found == wanted
