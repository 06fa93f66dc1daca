"""Every page knows its own address and where it stands in the navigation."""

import pytest

from portal.context_processors import site


def test_the_canonical_address_leaves_the_query_out(rf, settings):
    settings.SITE_URL = "https://jachete.example"

    assert site(rf.get("/commerces/die/?page=2&q=pain"))["canonical_url"] == "https://jachete.example/commerces/die/"


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/commerces/", {"Communes": "page"}),
        ("/commerces/die/", {"Communes": "true"}),
        ("/commercants/fournil-die/", {"Commerçants": "true"}),
        ("/", {}),
    ],
)
def test_the_navigation_marks_the_page_and_the_branch_it_is_on(rf, path, current):
    links = site(rf.get(path))["navigation"]

    assert {link["label"]: link["current"] for link in links if link["current"]} == current
