"""Campaign pages: what editors build them from."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from home.blocks import CallToActionBlock, CampaignBlocks, EventsBlock
from home.jsonld import events
from home.models import CampaignPage, HomePage
from tests.factories import make_picture
from tests.schemaorg import faults

PARIS = ZoneInfo("Europe/Paris")


def make_campaign(*body, **fields):
    """Return a live campaign whose body holds these (block name, value as stored)."""
    slug = "noel" if not CampaignPage.objects.exists() else f"noel-{CampaignPage.objects.count()}"
    fields = {"title": "Les marchés de Noël", "slug": slug, "intro": "Douze marchés, trois semaines.", **fields}
    page = CampaignPage(**fields)
    page.body = CampaignBlocks().to_python([{"type": name, "value": value} for name, value in body])
    HomePage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    return page


def read(client, page):
    response = client.get(page.public_path)
    assert response.status_code == 200
    return response.content.decode()


def market(title, start, end):
    event = {"title": title, "start": start.isoformat(), "end": end.isoformat(), "place": "Place de la République; Die"}
    return {"type": "item", "value": event, "id": "0c7f8f3e-6a4c-4e0e-9d0c-2b1a7e5f4a11"}


def test_a_campaign_shows_what_an_editor_put_in_it(client, places):
    html = read(
        client,
        make_campaign(
            ("figures", {"title": "En chiffres", "figures": [{"value": "12", "label": "marchés"}] * 2}),
            ("steps", {"title": "Comment faire", "steps": [{"title": "Venez", "text": "Samedi."}] * 2}),
            ("questions", {"title": "Questions", "questions": [{"question": "Quand ?", "answer": "<p>Samedi.</p>"}]}),
            ("town", {"town": places.privas.pk, "text": "Sous les platanes."}),
            ("search", {"title": "Cherchez", "words": "sapin", "town": places.privas.pk}),
            ("call_to_action", {"title": "Venez", "text": "", "button": "Voir les communes", "link": "/commerces/"}),
        ),
    )

    assert '<span class="stat__value">12</span>' in html
    assert '<h3 class="steps__title">Venez</h3>' in html
    assert "<summary" in html
    assert places.privas.get_absolute_url() in html
    assert 'value="sapin"' in html
    assert 'href="/commerces/">Voir les communes</a>' in html


def test_a_date_goes_into_a_calendar_and_vanishes_once_past(client, places):
    now = timezone.now()
    coming = market("Marché de Die", datetime(2040, 12, 8, 9, tzinfo=PARIS), datetime(2040, 12, 8, 18, tzinfo=PARIS))
    gone = market("Marché passé", now - timedelta(days=2), now - timedelta(days=1))
    gone["id"] = "5d0b7c0e-8f0e-4f57-a3a4-6d3f1f4f4b22"
    page = make_campaign(("events", {"title": "Agenda", "events": [coming, gone]}))

    html = read(client, page)
    assert "Marché de Die" in html
    assert "Marché passé" not in html

    address = f"/agenda/{page.pk}/{coming['id']}.ics"
    assert address in html
    calendar = client.get(address)
    assert calendar["Content-Type"].startswith("text/calendar")
    lines = calendar.content.decode().split("\r\n")
    assert "DTSTART;TZID=Europe/Paris:20401208T090000" in lines
    assert "BEGIN:VTIMEZONE" in lines
    assert "LOCATION:Place de la République\\; Die" in lines
    assert client.get(f"/agenda/{page.pk}/00000000-0000-0000-0000-000000000000.ics").status_code == 404

    page.unpublish()
    assert client.get(address).status_code == 404


def test_a_date_that_ends_before_it_begins_is_refused():
    block = EventsBlock()
    wrong = market("Marché", datetime(2040, 1, 2, tzinfo=PARIS), datetime(2040, 1, 1, tzinfo=PARIS))

    with pytest.raises(ValidationError):
        block.clean(block.to_python({"title": "Agenda", "events": [wrong]}))


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//ailleurs.example", "histoires"])
def test_a_button_leads_to_a_page_only(link):
    block = CallToActionBlock()

    with pytest.raises(ValidationError):
        block.clean(block.to_python({"title": "Venez", "text": "", "button": "Voir", "link": link}))


def test_a_campaign_is_an_editor_s_to_make_and_to_schedule(client, editor):
    client.force_login(editor)
    home = HomePage.objects.get()

    page = client.get(f"/gestion/pages/add/home/campaignpage/{home.pk}/").content.decode()

    assert 'name="go_live_at"' in page
    assert 'name="expire_at"' in page


def test_the_dates_to_come_are_events_for_search_engines(client, places):
    coming = market("Marché de Die", datetime(2040, 12, 8, 9, tzinfo=PARIS), datetime(2040, 12, 8, 18, tzinfo=PARIS))
    gone = market("Marché passé", datetime(2020, 1, 4, 9, tzinfo=PARIS), datetime(2020, 1, 4, 18, tzinfo=PARIS))
    gone["id"] = "5d0b7c0e-8f0e-4f57-a3a4-6d3f1f4f4b22"
    page = make_campaign(("events", {"title": "Agenda", "events": [coming, gone]}))

    (node,) = events(CampaignPage.objects.get(pk=page.pk))

    assert faults(node, root="Event") == []
    assert (node["name"], node["startDate"]) == ("Marché de Die", "2040-12-08T09:00:00+01:00")
    assert '"@type":"Event"' in read(client, page)


def test_a_date_that_lasts_into_the_next_day_says_so(client, places):
    night = market(
        "Nuit des étals", datetime(2040, 12, 8, 20, tzinfo=PARIS), datetime(2040, 12, 9, 2, 30, tzinfo=PARIS)
    )

    html = read(client, make_campaign(("events", {"title": "Agenda", "events": [night]})))

    assert "de 20\u00a0h au dimanche 9 décembre, 2\u00a0h\u00a030" in html


def test_each_campaign_shares_its_own_picture(client, places):
    one = make_campaign()
    picture = make_picture()
    shown = {"image": {"image": picture.pk, "decorative": False, "alt_text": "Un étal de fromages"}, "caption": ""}
    with_block = make_campaign(("picture", shown), title="Autre")

    assert CampaignPage.objects.get(pk=with_block.pk).shown_picture.pk == picture.pk
    pages = [read(client, page) for page in (one, with_block)]
    addresses = [html.split('property="og:image" content="')[1].split('"')[0] for html in pages]
    assert all("/partage/campagne/" in address for address in addresses)
    assert addresses[0] != addresses[1]


def test_the_front_page_shows_what_an_editor_put_in_it(client, places, bakery):
    assert "campaign__body" not in client.get("/").text
    home = HomePage.objects.get()
    home.body = CampaignBlocks().to_python(
        [
            {"type": "heading", "value": "Les foires d’automne"},
            {"type": "merchant_cards", "value": {"title": "À pousser", "merchants": [bakery.pk]}},
            {
                "type": "call_to_action",
                "value": {"title": "Venez", "text": "", "button": "Voir Le Fournil", "page": bakery.pk, "link": ""},
            },
        ]
    )
    home.save_revision().publish()

    html = client.get("/").text

    assert "<h2>Les foires d’automne</h2>" in html
    assert "À pousser" in html
    assert f'href="{bakery.public_path}">Voir Le Fournil</a>' in html
    bakery.unpublish()
    assert "Voir Le Fournil" not in client.get("/").text


@pytest.mark.parametrize(
    ("target", "fault"),
    [({}, "page"), ({"link": "ailleurs"}, "link"), ({"link": "javascript:alert(1)"}, "link"),
     ({"page": 2, "link": "/commerces/"}, "link")],
)  # fmt: skip
def test_a_button_leads_to_one_thing(db, target, fault):
    block = CallToActionBlock()
    target = target | ({"page": HomePage.objects.get().pk} if "page" in target else {})
    value = block.to_python({"title": "Venez", "text": "", "button": "Voir", "link": "", **target})

    with pytest.raises(ValidationError) as refusal:
        block.clean(value)

    assert fault in refusal.value.block_errors


def test_all_that_a_block_lacks_is_told_at_once():
    block = EventsBlock().child_blocks["events"].child_block
    start = datetime(2040, 1, 2, tzinfo=PARIS)

    with pytest.raises(ValidationError) as refusal:
        block.clean(block.to_python({"title": "", "start": start, "end": start, "place": ""}))

    assert set(refusal.value.block_errors) == {"title", "end", "place"}
