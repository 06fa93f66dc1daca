from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.hours import PARIS
from home.cards import reading_minutes
from home.models import StoryIndexPage, StoryPage
from tests.factories import make_merchant, make_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def on_a_tuesday_morning():
    with time_machine.travel(TUESDAY, tick=False):
        yield


def make_story(title, published=TUESDAY, **fields):
    story = StoryPage(title=title, intro="Deux lignes.", first_published_at=published, **fields)
    return StoryIndexPage.objects.get().add_child(instance=story)


def test_the_front_page_shows_who_is_open_the_stories_and_the_towns(client, bakery, cheesemonger, places):
    make_merchant(title="Le Dimanche", opening_hours="Su 09:00-12:00")
    make_story("Le picodon attend jeudi")

    response = client.get("/")

    context = response.context
    assert {card.title for card in context["merchants"]} == {"Le Fournil des Mines", "La Crèmerie du Gier"}
    assert context["are_open"]
    assert [card.title for card in context["stories"]] == ["Le picodon attend jeudi"]
    assert {(link.name, link.count) for link in context["towns"]} == {("Privas", 2), ("Saint-Étienne", 1)}
    assert context["counts"] == {"merchants": 3, "towns": 2}
    assert len(context["departments"]) == 12
    assert not response.cookies


def test_at_night_the_front_page_shows_merchants_and_does_not_call_them_open(client, bakery):
    with time_machine.travel(TUESDAY.replace(hour=3), tick=False), CaptureQueriesContext(connection) as queries:
        response = client.get("/")

    assert [card.title for card in response.context["merchants"]] == ["Le Fournil des Mines"]
    assert "Ouverts en ce moment" not in response.text
    assert len(queries) <= 15  # twelve, and what a new process asks first: what has changed, and of the whole site


def test_the_front_page_stands_without_a_single_merchant(client, db):
    assert client.get("/").status_code == 200


def test_the_front_page_asks_the_same_number_of_queries_whatever_the_region(client, places):
    make_story("Une")
    make_merchant(opening_hours="24/7")
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")

    for number in range(12):
        make_story(f"Histoire {number}", picture=make_picture())
        make_merchant(opening_hours="24/7", town=places.die)
    client.get("/")
    with CaptureQueriesContext(connection) as more:
        client.get("/")

    assert len(more) <= len(few) + 1  # the sizes of the pictures
    assert len(more) <= 15  # twelve, and what a new process asks first: what has changed, and of the whole site


def test_stories_come_newest_first_twelve_a_page(client, db):
    for number in range(14):
        make_story(f"Histoire {number:02}", TUESDAY + timedelta(hours=number), picture=make_picture())
    make_story("Brouillon", live=False)

    first, second = client.get("/histoires/"), client.get("/histoires/?page=2")

    assert [card.title for card in first.context["stories"]] == [f"Histoire {number:02}" for number in range(13, 1, -1)]
    assert [card.title for card in second.context["stories"]] == ["Histoire 01", "Histoire 00"]
    assert 'histoires/?page=2"' in second.content.decode()
    assert client.get("/histoires/?page=3").status_code == 404


def test_a_story_says_its_day_and_how_long_it_takes(client, db):
    story = make_story("Thiers aiguise", body=[("text", "<p>" + "mot " * 590 + "</p>"), ("heading", "Un métier")])

    assert reading_minutes(story) == 3
    page = client.get("/histoires/").content.decode()
    assert "24 novembre 2026 · 3\u00a0min de lecture" in page
    assert client.get("/histoires/thiers-aiguise/").status_code == 200
