import re
from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.bulk import add_merchants
from directory.hours import PARIS
from directory.models import Category, DirectoryPage, MerchantPage, MerchantPicture
from tests.factories import let_online, make_merchant, make_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def on_a_tuesday_morning():
    with time_machine.travel(TUESDAY, tick=False):
        yield


def many(town, count, category="caviste", **fields):
    """Store ``count`` live merchants of one trade in one town, with a position of their own."""
    category = Category.objects.get(slug=category)
    fields = {"postal_code": town.postal_codes[0], "opening_hours": "Mo-Sa 09:00-19:00", "live": True, **fields}
    pages = [
        MerchantPage(
            title=f"Cave {number:03}",
            town=town,
            category=category,
            latitude=town.latitude + number / 1000,
            longitude=town.longitude,
            **fields,
        )
        for number in range(count)
    ]
    return add_merchants(pages, DirectoryPage.objects.get(), vouch=let_online)


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return [query for query in queries if "home_" not in query["sql"]]  # the site's facts, read again now and then


def test_a_merchant_page_says_what_a_passer_by_wants_to_know(client, bakery):
    response = client.get("/commercants/le-fournil-des-mines-privas/")

    page = response.content.decode()
    assert "Ouvert jusqu’à 12\u00a0h\u00a030" in page
    assert "12 cours du Palais" in page
    assert "73282932000074" in page
    assert "Pain au levain" in page
    assert "Commerce fictif" not in page
    assert response.context["week"][0].ranges == ()
    assert "<title>Le Fournil des Mines, boulangerie – pâtisserie à Privas" in page
    assert '<link rel="canonical" href="http' in page
    assert not response.cookies


def test_a_page_without_hours_claims_nothing(client, places):
    merchant = make_merchant()
    MerchantPage.objects.filter(pk=merchant.pk).update(opening_hours="du mardi au samedi")

    response = client.get(merchant.public_path)

    assert response.context["state"] is None
    assert "Nous ne connaissons pas encore ses horaires" in response.content.decode()


def test_a_fictional_merchant_says_so(client, places):
    merchant = make_merchant(source=MerchantPage.Source.SYNTHETIC)

    assert "Commerce fictif de démonstration" in client.get(merchant.public_path).content.decode()


def test_neighbours_are_the_nearest_live_merchants(client, places):
    caves = many(places.die, 6)
    MerchantPage.objects.get(pk=caves[1].pk).unpublish()

    response = client.get(caves[0].public_path)

    cards = response.context["neighbours"]
    assert [card.title for card in cards] == ["Cave 002", "Cave 003", "Cave 004", "Cave 005"]
    assert cards[0].distance == pytest.approx(0.222, abs=0.001)


def test_pictures_have_their_alternative_text(client, bakery):
    bakery.pictures.add(MerchantPicture(image=make_picture("La vitrine un dimanche")))
    bakery.save_revision().publish()

    assert 'alt="La vitrine un dimanche"' in client.get(bakery.public_path).content.decode()


def test_a_draft_is_not_public(client, places):
    draft = make_merchant(live=False)

    assert client.get(draft.public_path).status_code == 404


def test_an_address_survives_a_change_of_name_category_and_town(client, bakery, places):
    bakery.title, bakery.category, bakery.town = "Le Fournil", Category.objects.get(slug="caviste"), places.die
    bakery.postal_code, bakery.latitude, bakery.longitude = "26150", None, None
    bakery.save_revision().publish()

    assert client.get("/commercants/le-fournil-des-mines-privas/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_renamed_address_leads_to_the_new_one_for_good(client, bakery):
    bakery.slug = "le-fournil-privas"
    bakery.save_revision().publish()

    response = client.get("/commercants/le-fournil-des-mines-privas/")

    assert response.status_code == 301
    assert response["Location"].endswith("/commercants/le-fournil-privas/")


def test_the_directory_lists_live_merchants_page_by_page(client, places):
    many(places.die, 30)
    make_merchant(title="Brouillon", live=False)

    first = client.get("/commercants/")
    second = client.get("/commercants/?page=2")

    assert first.context["page_obj"].paginator.count == 30
    assert len(first.context["merchants"]) == 24
    assert [card.title for card in second.context["merchants"]] == [f"Cave {number:03}" for number in range(24, 30)]
    assert 'href="http://127.0.0.1:8000/commercants/?page=2"' in second.content.decode().replace("testserver", "")
    assert client.get("/commercants/?page=3").status_code == 404
    assert client.get("/commercants/?page=deux").status_code == 404


def test_a_town_shows_who_is_open_and_counts_by_trade(client, bakery, cheesemonger, places):
    many(places.privas, 2)
    make_merchant(town=places.privas, opening_hours="Su 09:00-12:00", title="Le Dimanche")

    response = client.get("/commerces/privas-07/")

    assert response.context["page_obj"].paginator.count == 4
    assert {card.title for card in response.context["open_now"]} == {"Le Fournil des Mines", "Cave 000", "Cave 001"}
    assert [(link.name, link.count) for link in response.context["categories"]] == [
        ("Boulangerie – pâtisserie", 2),
        ("Caviste", 2),
    ]
    assert [link.name for link in response.context["neighbours"]] == ["Saint-Étienne"]
    assert response.context["canonical_url"].endswith("/commerces/privas-07/")


@pytest.mark.parametrize("address", ["/commerces/privas-07/", "/commerces/privas-07/fleuriste/"])
def test_the_search_of_a_town_tells_it_from_its_namesakes(client, bakery, address):
    assert 'name="ou" value="Privas (07)"' in client.get(address).content.decode()


def test_a_district_counts_for_its_commune(client, places):
    make_merchant(town=places.lyon_3, title="Cave de la Part-Dieu")

    assert [card.title for card in client.get("/commerces/lyon-69/").context["merchants"]] == ["Cave de la Part-Dieu"]
    assert client.get("/commerces/lyon-3e-arrondissement-69/").status_code == 200


def test_an_empty_town_proposes_its_neighbours_and_leaves_it_to_its_department_to_be_found(client, bakery, places):
    response = client.get("/commerces/die-26/")

    page = response.content.decode()
    assert "Aucun commerce de cette commune" in page
    assert '<a class="chip chip--action" href="/commerces/privas-07/">' in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/commerces/drome/">' in page
    assert '<meta name="robots" content="index, follow">' in page


def test_the_third_merchant_flips_what_a_town_and_a_trade_are_found_by(client, places):
    def canonical(path):
        return client.get(path).context["canonical_url"].removeprefix("http://127.0.0.1:8000")

    many(places.die, 2)
    assert canonical("/commerces/die-26/") == "/commerces/drome/"
    assert canonical("/commerces/die-26/caviste/") == "/commerces/drome/"
    assert canonical("/commerces/die-26/alimentation/") == "/commerces/drome/"
    assert canonical("/metiers/caviste/") == "/metiers/"

    make_merchant(town=places.die)
    assert canonical("/commerces/die-26/") == "/commerces/die-26/"
    assert canonical("/commerces/die-26/caviste/") == "/commerces/die-26/"

    make_merchant(town=places.die, category="caviste")
    assert canonical("/commerces/die-26/caviste/") == "/commerces/die-26/caviste/"
    assert canonical("/metiers/caviste/") == "/metiers/caviste/"


def test_a_trade_in_a_town_and_its_top_category_have_their_pages(client, bakery, places):
    many(places.privas, 3)

    trade = client.get("/commerces/privas-07/caviste/")
    top = client.get("/commerces/privas-07/alimentation/")

    assert [card.title for card in trade.context["merchants"]] == ["Cave 000", "Cave 001", "Cave 002"]
    assert [link.name for link in trade.context["other_categories"]] == ["Boulangerie – pâtisserie"]
    assert trade.context["canonical_url"].endswith(trade.request["PATH_INFO"])
    assert top.context["page_obj"].paginator.count == 4


def test_every_trade_of_every_town_answers_even_when_empty(client, places):
    for category in Category.objects.all():
        assert client.get(f"/commerces/thiers-63/{category.slug}/").status_code == 200


@pytest.mark.parametrize("path", ["atlantis-99/", "privas-07/licornes/", "atlantis-99/caviste/", "07186/"])
def test_an_unknown_place_or_trade_is_not_found(client, places, path):
    assert client.get(f"/commerces/{path}").status_code == 404


def test_the_region_and_its_departments_list_towns(client, bakery, cheesemonger, places):
    region = client.get("/commerces/")
    department = client.get("/commerces/ardeche/")

    groups = {
        group["name"]: [(link.name, link.count) for link in group["towns"]] for group in region.context["departments"]
    }
    assert len(groups) == 12
    assert groups["Ardèche"] == [("Privas", 1)]
    assert groups["Loire"] == [("Saint-Étienne", 1)]
    assert groups["Rhône"] == []
    assert [link.name for link in department.context["best"]] == ["Privas"]
    assert 'href="/commerces/privas-07/"' in department.content.decode()


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/commercants/cave-000-die/", 11),
        ("/commercants/", 12),
        ("/commerces/die-26/", 18),
        ("/commerces/die-26/caviste/", 14),
        ("/metiers/", 6),
        ("/metiers/caviste/", 16),
        ("/marches/mardi/", 6),
        ("/commerces/", 12),
        ("/commerces/drome/", 12),
    ],
)
def test_queries_do_not_grow_with_the_merchants(client, places, url, most):
    many(places.die, 25)
    many(places.romans, 25, category="librairie")
    client.get(url)
    few = queries_of(client, url)

    for merchant in many(places.die, 30)[:5]:
        merchant.pictures.add(MerchantPicture(image=make_picture()))
        merchant.pictures.commit()
    many(places.romans, 30, category="librairie")
    client.get(url)
    more = queries_of(client, url)

    sizes = 1  # of pictures, asked for only where there are pictures
    assert len(more) <= len(few) + sizes, [query["sql"] for query in more]
    assert len(more) <= most, [query["sql"] for query in more]


def test_a_description_is_written_from_facts(client, bakery):
    page = client.get(bakery.public_path).content.decode()

    description = re.search(r'<meta name="description" content="([^"]*)"', page)[1]
    for fact in ("Le Fournil des Mines", "boulangerie – pâtisserie", "à Privas (Ardèche)"):
        assert fact in description
