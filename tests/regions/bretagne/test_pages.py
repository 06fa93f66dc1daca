"""The pages of a Breton portal, read as a visitor does."""

import re
from collections import deque
from html import unescape

import pytest
from django.conf import settings

from directory.maps import town_map
from directory.models import MerchantPage, Town
from home.demo import merchants
from tests.regions.test_names import names_of
from tests.walk import shown

pytestmark = pytest.mark.django_db
PAGES = 160


@pytest.fixture(scope="module")
def crawled(region, django_db_blocker):
    """Return pages by their addresses: the front page, and what it leads to, one of each kind before two."""
    from django.test import Client

    client, found, seen = Client(), {}, {"/"}
    waiting = deque(["/", "/sitemap.xml", "/opensearch.xml", "/site.webmanifest", "/espace/", "/nexiste-pas/"])
    with django_db_blocker.unblock():
        while waiting and len(found) < PAGES:
            address = waiting.popleft()
            answer = client.get(address, follow=True)
            if answer.streaming or not re.match(r"text/|application/(xml|manifest|opensearch)", answer["Content-Type"]):
                continue
            found[address] = answer.content.decode()
            links = re.findall(r'(?:href|src)="(/[^"#]*)', found[address]) + re.findall(
                rf"<loc>{re.escape(settings.SITE_URL)}([^<]*)", found[address]
            )
            for link in map(unescape, links):
                if link not in seen and not link.startswith(("/static/", "/media/", "/gestion/")):
                    seen.add(link)
                    waiting.append(link)
    return found


def test_no_page_names_the_first_region(crawled):
    own = names_of("bretagne")
    foreign = names_of("auvergne-rhone-alpes", big=30_000) - own - {"Loire"}  # « Pays de la Loire » is next door
    names = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(foreign, key=len, reverse=True)))})(?![\w-])")

    found = {
        (address, name)
        for address, text in crawled.items()
        for name in names.findall(text.replace("\N{NO-BREAK SPACE}", " ").replace("&#x27;", "’"))
    }

    assert len(crawled) == PAGES
    assert sorted(found) == []


def test_the_front_page_is_that_of_brittany(crawled):
    front = crawled["/"]

    assert "Commerces et producteurs de Bretagne" in front
    assert "Les quatre départements de la région" in front
    assert 'href="/commerces/finistere/"' in front
    assert all(f'id="departement-{code}"' in front for code in ("22", "29", "35", "56"))
    assert "Région Bretagne" in shown(front)


def test_a_town_has_its_page_and_its_map(client, region):
    town = Town.objects.get(insee_code="29232")
    drawn = town_map(town.insee_code, [town.point])

    page = client.get(town.get_absolute_url()).content.decode()

    assert "Quimper" in shown(page)
    assert drawn is not None
    assert drawn.outline
    assert len(drawn.pins) == 1
    assert town.name in {name.text for name in drawn.names}


def test_a_search_finds_who_is_there_and_says_where_it_looked(client, region):
    page = shown(client.get("/recherche/", {"q": "galettes", "ou": "Vannes"}).content.decode())

    crepes = MerchantPage.objects.live().filter(category__slug="creperie", town__name="Vannes")
    assert crepes.exists()
    assert all(crepe.title in page for crepe in crepes)
    assert "à Vannes" in page


def test_a_place_beyond_is_said_to_be_beyond_brittany(client, region):
    page = shown(client.get("/recherche/", {"q": "fromage", "ou": "Nantes"}).content.decode())

    assert "n’est pas en Bretagne" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_the_showcase_is_a_fishmonger_of_quimper_whose_goods_are_on_sale(client, region):
    showcase = MerchantPage.objects.get(town__insee_code="29232", title=merchants.showcase()["title"])

    page = client.get(showcase.get_url()).content.decode()

    assert '"addressRegion":"Bretagne"' in page.replace(": ", ":")
    assert "Langoustines vivantes" in shown(page)


def test_categories_have_their_local_names(client, region):
    page = shown(client.get("/metiers/").content.decode())

    assert "Crêperie & galettes" in page
    assert "bouchon" not in page.lower()
