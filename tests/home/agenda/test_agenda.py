"""The agenda: each market on its day of the week, dates of campaigns, and calendars whose entries stay the same."""

from datetime import datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from directory.hours import PARIS
from directory.markets import Market
from tests.home.test_campaigns import make_campaign, market

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 11, 25, 9, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def on_a_wednesday():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


def make_market(town, weekday, **fields):
    given = {"opens": "08:00", "closes": "12:30", "place": "place du Foiral", "source": "mairie, mars 2026"}
    return Market.objects.create(town=town, weekday=weekday, **given | fields)


def told(client, path):
    """Return {heading of a day: its text} of a page of the agenda."""
    response = client.get(path)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    return {section.h2.get_text(): section.get_text(" ") for section in page.select("section[aria-labelledby^=jour]")}


def entries(client, path):
    response = client.get(path)
    assert response["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(response.content)


def test_a_market_stands_on_its_day_of_each_week(client, places):
    make_market(places.privas, 2)
    make_market(places.die, 5)

    first, third = told(client, "/agenda/"), told(client, "/agenda/?page=3")

    assert list(first) == ["Mercredi 25 novembre", "Samedi 28 novembre"]
    assert "Jusqu’à" in first["Mercredi 25 novembre"]
    assert list(third) == ["Mercredi 9 décembre", "Samedi 12 décembre"]
    assert "Jusqu’à" not in third["Mercredi 9 décembre"]
    assert client.get("/agenda/?page=13").status_code == 404


def test_a_department_and_a_town_have_their_own(client, places):
    make_market(places.privas, 2)
    make_market(places.die, 5)
    make_market(places.lyon_3, 6)

    assert list(told(client, "/agenda/drome/")) == ["Samedi 28 novembre"]
    assert list(told(client, f"/agenda/commune/{places.privas.slug}/")) == ["Mercredi 25 novembre"]
    assert "Lyon" in told(client, f"/agenda/commune/{places.lyon.slug}/")["Dimanche 29 novembre"]
    assert client.get("/agenda/finistere/").status_code == 404
    assert client.get("/agenda/commune/nulle-part-99999/").status_code == 404


def test_a_date_of_a_campaign_is_on_each_of_its_days(client, places):
    start = datetime(2026, 11, 28, 18, tzinfo=PARIS)
    page = make_campaign(
        ("events", {"title": "Dates", "events": [market("Nuit des fours", start, start + timedelta(days=1))]})
    )

    days = told(client, "/agenda/")
    assert [title for title, text in days.items() if "Nuit des fours" in text] == [
        "Samedi 28 novembre",
        "Dimanche 29 novembre",
    ]

    page.unpublish()
    assert told(client, "/agenda/") == {}


def test_a_calendar_holds_each_market_once_and_it_comes_back_each_week(client, places):
    privas = make_market(places.privas, 2, note="Marché couvert ; d’avril à octobre")
    make_market(places.die, 5)

    calendar = entries(client, "/agenda/region.ics")

    found = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert len(found) == 2
    event = found[f"marche-{privas.pk}@127.0.0.1"]
    assert event.decoded("dtstart").weekday() == 2
    assert event["dtstart"].params["TZID"] == "Europe/Paris"
    assert event["rrule"].to_ical() == b"FREQ=WEEKLY"
    assert "Marché couvert ; d’avril" in event["description"]
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert len(entries(client, "/agenda/ardeche.ics").walk("VEVENT")) == 1
    assert len(entries(client, f"/agenda/commune/{places.die.slug}.ics").walk("VEVENT")) == 1


def test_an_entry_keeps_its_name_and_its_first_day_whenever_it_is_asked_for(client, places):
    make_market(places.privas, 2)
    start = datetime(2026, 12, 5, 18, tzinfo=PARIS)
    make_campaign(
        ("events", {"title": "Dates", "events": [market("Nuit des fours", start, start + timedelta(hours=3))]})
    )

    def keys():
        return {
            (str(event["uid"]), event.decoded("dtstart"))
            for event in entries(client, "/agenda/region.ics").walk("VEVENT")
        }

    before = keys()
    Market.objects.update(place="place de la Gare")
    with time_machine.travel(WEDNESDAY + timedelta(days=200), tick=False):
        assert keys() == before
    assert len(before) == 2


def test_the_agenda_costs_no_more_queries_for_more_markets(client, places):
    def cost(path):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    paths = ("/agenda/", "/agenda/drome/", "/agenda/region.ics")
    make_market(places.die, 1)
    for path in paths:
        cost(path)
    before = [cost(path) for path in paths]
    for number in range(12):
        make_market(places.die, 1, place=f"place {number}")

    assert [cost(path) for path in paths] == before
    assert "Et 5 autres marchés" in client.get("/agenda/").text.replace("\u00a0", " ")
