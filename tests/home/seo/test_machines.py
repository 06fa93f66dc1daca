"""robots.txt, feeds, OpenSearch: what programs read of the portal."""

import urllib.robotparser
from xml.etree import ElementTree

import pytest

from home.models import StoryIndexPage, StoryPage
from tests.factories import make_merchant

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def public_address(settings):
    settings.SITE_URL = "https://www.region.example"


def make_story(**fields):
    story = StoryPage(**{"title": "Le picodon", "intro": "Un fromage et six vallées.", **fields})
    return StoryIndexPage.objects.get().add_child(instance=story)


def test_robots_may_read_what_is_public_and_nothing_else(client, db):
    response = client.get("/robots.txt")

    rules = urllib.robotparser.RobotFileParser()
    rules.parse(response.text.splitlines())
    public = ("/", "/commercants/", "/commerces/die/", "/boutique/produits/picodon_1/", "/espace/", "/recherche/")
    private = ("/gestion/", "/boutique/panier/", "/boutique/commande/", "/compte/connexion/")
    assert all(rules.can_fetch("Googlebot", path) for path in public)
    assert not any(rules.can_fetch("Googlebot", path) for path in private)
    assert rules.site_maps() == ["https://www.region.example/sitemap.xml"]


def test_the_story_feed_holds_live_stories_at_their_public_address(client, db):
    make_story(title="Le picodon")
    make_story(title="Brouillon", live=False)

    feed = ElementTree.fromstring(client.get("/histoires/atom.xml").content)

    assert [entry.findtext("a:title", None, ATOM) for entry in feed.iterfind("a:entry", ATOM)] == ["Le picodon"]
    links = {link.get("rel"): link.get("href") for link in feed.iterfind("a:link", ATOM)}
    assert links["self"] == "https://www.region.example/histoires/atom.xml"
    assert feed.find("a:entry/a:link", ATOM).get("href") == "https://www.region.example/histoires/le-picodon/"


@pytest.mark.parametrize("unseen", ["\v", "\f", "\x01", "\x1f", "\x7f", "\ufffe", "\u2028"])
def test_a_character_that_xml_refuses_does_not_take_the_feeds(client, places, unseen):
    make_story(title=f"Le{unseen} picodon", intro=f"Il chauffe.{unseen}Doucement.", slug="le-picodon")
    make_merchant(title=f"Le{unseen}Fournil", slug="le-fournil")

    for path in ("/histoires/atom.xml", "/commercants/atom.xml"):
        response = client.get(path)
        assert response.status_code == 200
        assert ElementTree.fromstring(response.content).find("a:entry", ATOM) is not None


def test_the_merchant_feed_begins_with_the_newest(client, places, django_assert_max_num_queries):
    make_merchant(title="L’Ancien", town=places.die)
    make_merchant(title="La Nouvelle", town=places.die)

    with django_assert_max_num_queries(4):
        feed = ElementTree.fromstring(client.get("/commercants/atom.xml").content)

    assert [entry.findtext("a:title", None, ATOM) for entry in feed.iterfind("a:entry", ATOM)] == [
        "La Nouvelle",
        "L’Ancien",
    ]
    assert "Die (Drôme)" in feed.findtext("a:entry/a:summary", None, ATOM)


def test_a_browser_learns_where_to_search(client, db):
    response = client.get("/opensearch.xml")

    url = ElementTree.fromstring(response.content).find("{*}Url")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    assert url.get("template") == "https://www.region.example/recherche/?q={searchTerms}"


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/histoires/atom.xml", "/opensearch.xml"])
def test_a_machine_gets_no_cookie(client, db, path):
    assert not client.get(path).cookies
