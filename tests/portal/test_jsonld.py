"""schema.org data in a page: safe whatever a merchant typed."""

import json
import re

import pytest

from portal.jsonld import absolute, breadcrumb_list, item_list, script, without_empty


@pytest.mark.parametrize(
    "name",
    ["</script><script>alert(1)</script>", "<!-- <script>", "Pain & Cie", "L’Étal\u2028du coin", 'Chez "Lulu" \\ fils'],
)
def test_a_name_cannot_leave_its_script_and_is_read_back_whole(name):
    element = script([{"@type": "Store", "name": name}])

    body = re.fullmatch(r'<script type="application/ld\+json">([^<>&\u2028]*)</script>', element)
    assert body
    assert json.loads(body[1]) == {"@context": "https://schema.org", "@type": "Store", "name": name}


def test_several_nodes_share_one_graph():
    nodes = [{"@type": "WebSite", "name": "a"}, {"@type": "Organization", "name": "b"}]

    element = script(nodes)

    assert json.loads(element.split(">", 1)[1].removesuffix("</script>"))["@graph"] == nodes


def test_a_page_with_nothing_to_say_has_no_script():
    assert script([]) == ""


def test_addresses_are_public_ones(settings):
    settings.SITE_URL = "https://www.region.example"

    assert absolute("/commerces/die/") == "https://www.region.example/commerces/die/"
    assert absolute("https://boulangerie.example/") == "https://boulangerie.example/"


def test_a_breadcrumb_counts_from_one_and_its_last_step_is_the_page(settings):
    settings.SITE_URL = "https://www.region.example"

    node = breadcrumb_list([{"title": "Accueil", "url": "/"}, {"title": "Die", "url": ""}])

    assert node["itemListElement"] == [
        {"@type": "ListItem", "position": 1, "name": "Accueil", "item": "https://www.region.example/"},
        {"@type": "ListItem", "position": 2, "name": "Die"},
    ]


def test_a_second_page_of_a_list_goes_on_counting():
    node = item_list("Commerces de Die", [("La Chèvre", "/commercants/la-chevre/")], start=25)

    assert node["itemListElement"][0]["position"] == 25
    assert node["numberOfItems"] == 1


def test_what_nobody_filled_in_is_left_out_but_zero_stays():
    assert without_empty({"@type": "Offer", "price": 0, "url": "", "image": [], "seller": None}) == {
        "@type": "Offer",
        "price": 0,
    }
