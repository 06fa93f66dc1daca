"""The portal, once closed."""

from datetime import date

import pytest

from home.site_settings import SiteSettings, _read
from tests.factories import PASSWORD


@pytest.fixture
def closed(bakery):
    site = SiteSettings.load()
    site.closed, site.closed_on = True, date(2026, 6, 30)
    site.closed_text = "La Région met fin à ce service."
    site.save()
    yield
    _read.cache_clear()


@pytest.mark.parametrize(
    "path",
    ["/", "/commercants/", "/commercants/le-fournil-des-mines-privas/", "/recherche/?q=pain", "/boutique/panier/"],
)
def test_every_public_page_is_gone_and_says_why_and_what_becomes_of_orders(client, closed, path):
    response = client.get(path)

    page = response.content.decode()
    assert response.status_code == 410
    assert "La Région met fin à ce service." in page
    assert "30 juin 2026" in page
    assert "Votre commande" in page
    assert page.count("<h1") == 1


def test_nothing_can_be_ordered_any_more(client, closed):
    assert client.post("/boutique/commande/", {}).status_code == 410


@pytest.mark.parametrize("path", ["/mentions-legales/", "/donnees-personnelles/", "/compte/connexion/", "/robots.txt"])
def test_what_the_law_and_the_people_need_stays_open(client, closed, path):
    assert client.get(path).status_code == 200


def test_a_merchant_still_takes_her_data_away(client, closed, baker, bakery):
    client.login(email=baker.email, password=PASSWORD)

    response = client.get(f"/espace/{bakery.pk}/mes-donnees.json")

    assert response.status_code == 200
    assert response.json()["fiche"]["title"] == "Le Fournil des Mines"


def test_an_editor_can_open_it_again(client, closed, editor):
    client.force_login(editor)

    assert client.get("/gestion/").status_code == 200


def test_an_open_portal_pays_no_query_for_the_switch(client, db, django_assert_num_queries):
    client.get("/opensearch.xml")

    with django_assert_num_queries(0):
        client.get("/opensearch.xml")
