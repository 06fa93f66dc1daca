"""What machines read of the site and its stories."""

from datetime import UTC, datetime

import pytest

from home.jsonld import article, organization, website
from home.models import StoryPage
from tests.factories import make_site_settings
from tests.schemaorg import faults


@pytest.fixture(autouse=True)
def public_address(settings, db):
    settings.SITE_URL = "https://www.region.example"


def test_the_site_says_how_to_search_it():
    action = website()["potentialAction"]

    assert faults(website(), root="WebSite") == []
    assert action["target"]["urlTemplate"] == "https://www.region.example/recherche/?q={search_term_string}"
    assert action["query-input"] == "required name=search_term_string"


def test_the_publisher_of_the_site_is_the_organization_of_the_page(db):
    make_site_settings(email="bonjour@region.example")

    node = organization()

    assert faults(node, root="Organization") == []
    assert node["@id"] == website()["publisher"]["@id"]
    assert node["contactPoint"]["email"] == "bonjour@region.example"


def test_a_story_is_an_article_with_its_dates():
    published = datetime(2026, 11, 20, 8, tzinfo=UTC)
    story = StoryPage(title="Le picodon", intro="Six vallées.", url_path="/accueil/histoires/le-picodon/")
    story.first_published_at = story.last_published_at = published

    node = article(story, picture="/partage/histoire/le-picodon.png")

    assert faults(node, root="Article") == []
    assert node["headline"] == "Le picodon"
    assert node["url"] == "https://www.region.example/histoires/le-picodon/"
    assert node["datePublished"] == "2026-11-20T08:00:00+00:00"


def test_a_story_never_published_claims_no_date():
    story = StoryPage(title="Essai", intro="…", url_path="/accueil/histoires/essai/")

    assert "datePublished" not in article(story, picture="/x.png")
