"""Market days: on the board of a town, of a weekday, and of the front page."""

import json
from datetime import datetime, time

import pytest
import time_machine
from django.core.exceptions import ValidationError

from directory.hours import PARIS
from directory.markets import Market, board_of_day
from home.models import HomePage

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=PARIS)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def make_market(town, weekday=1, opens=8, closes=12, **fields):
    fields = {"place": "place de la République", "source": "mairie", **fields}
    return Market.objects.create(town=town, weekday=weekday, opens=time(opens), closes=time(closes), **fields)


@pytest.mark.parametrize(
    ("hour", "kind", "text"),
    [
        (7, "closed", "Commence à 8\u00a0h"),
        (8, "open", "Jusqu’à 12\u00a0h"),
        (12, "closed", "Terminé pour aujourd’hui"),
    ],
)
def test_the_board_says_how_far_the_market_is(places, hour, kind, text):
    [row] = board_of_day([make_market(places.die)], TUESDAY.replace(hour=hour))

    assert (row.name, row.hours) == ("Die", "8\u00a0h\u00a0–\u00a012\u00a0h")
    assert (row.state.kind, row.state.text) == (kind, text)


def test_a_town_lists_its_markets_and_those_of_its_districts_with_their_source(client, places):
    make_market(places.lyon_3, weekday=5, note="Producteurs", source="mairie du 3e, mars 2026")

    page = client.get("/commerces/lyon-69/").content.decode()

    assert "Samedi" in page
    assert "Place de la République. Producteurs" in page
    assert "Source\u00a0: mairie du 3e, mars 2026." in page


def test_the_front_page_shows_the_markets_of_today_that_are_not_over(client, places):
    make_market(places.die)
    make_market(places.privas, closes=9)
    make_market(places.thiers, weekday=2)

    with time_machine.travel(TUESDAY, tick=False):
        response = client.get("/")

    assert [row.name for row in response.context["markets"]] == ["Die"]
    assert 'href="/marches/mardi/"' in response.content.decode()


def test_each_weekday_has_its_page_and_no_other_day(client, places):
    make_market(places.die)

    assert [row.name for row in client.get("/marches/mardi/").context["markets"]] == ["Die"]
    assert client.get("/marches/mercredi/").context["markets"] == ()
    assert client.get("/marches/octidi/").status_code == 404


def test_a_market_ends_after_it_began(places):
    with pytest.raises(ValidationError):
        Market(town=places.die, weekday=1, opens=time(12), closes=time(8), place="x", source="x").full_clean()


def test_an_editor_keeps_markets_and_words_without_being_superuser(client, editor, places):
    client.force_login(editor)
    market = {"town": places.die.pk, "weekday": 2, "opens": "08:00", "closes": "12:30", "place": "halle", "source": "x"}

    assert client.post("/gestion/markets/new/", market).status_code == 302
    assert client.post("/gestion/town_guides/new/", {"town": places.die.pk, "text": words("Venez.")}).status_code == 302

    page = client.get("/commerces/die-26/").content.decode()
    assert "Venez." in page
    assert "Mercredi" in page


def words(text):
    """Return text as the admin's editor sends it."""
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"entityMap": {}, "blocks": [block]})


def test_the_home_page_needs_no_market(client):
    assert client.get(HomePage.objects.get().public_path).context["markets"] == ()


def test_a_day_without_a_market_is_no_page_for_search_engines(client, places):
    assert 'content="noindex, follow"' in client.get("/marches/lundi/").text

    make_market(places.privas, weekday=0)

    assert 'content="index, follow"' in client.get("/marches/lundi/").text
