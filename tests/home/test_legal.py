"""What the law wants on every page, and what editors fill in once."""

import pytest

from home.site_settings import SiteSettings, _read
from tests.browser_forms import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_settings():
    _read.cache_clear()
    yield
    _read.cache_clear()


@pytest.mark.parametrize(
    "address", ["/mentions-legales/", "/donnees-personnelles/", "/cgu/", "/infos-plateforme/", "/contact-autorites/"]
)
def test_the_foot_of_every_page_leads_to_the_legal_pages(client, address):
    assert f'href="{address}"' in client.get("/").content.decode()

    response = client.get(address)
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1
    assert response.cookies == {}


def test_the_terms_have_the_parts_that_the_law_names(client):
    page = client.get("/cgu/").content.decode()

    assert all(f'id="{anchor}"' in page for anchor in ("moderation", "algorithmes", "reclamations"))


def test_what_an_editor_fills_in_appears_on_the_pages(client, editor):
    client.force_login(editor)
    address = f"/gestion/settings/home/sitesettings/{SiteSettings.load().pk}/"
    kept = filled_in(client.get(address), having="announcement")
    new = {"announcement": "Le portail fête l’Ardèche", "host": "Hébergeur d’essai, Lyon"}
    client.post(address, {**kept, **new, "menu-count": 0, "footer-count": 0})

    assert "Le portail fête l’Ardèche" in client.get("/").content.decode()
    assert "Hébergeur d’essai, Lyon" in client.get("/mentions-legales/").content.decode()


def test_without_an_announcement_there_is_no_bar(client):
    assert 'class="announcement"' not in client.get("/").content.decode()


def test_the_settings_cost_no_query_of_their_own(client, django_assert_num_queries):
    client.get("/compte/connexion/")

    with django_assert_num_queries(0):
        client.get("/compte/connexion/")


def test_the_platform_tells_the_seven_things_of_the_law(client):
    page = client.get("/infos-plateforme/").content.decode()

    assert [f"<h2>{number}." in page for number in range(1, 9)] == [True] * 7 + [False]


def test_a_version_of_the_terms_stays_at_its_own_address(client):
    version = client.get("/cgu/v/1/").content.decode()

    assert "Version 1, en vigueur depuis le 24 novembre 2026" in version
    assert '<link rel="canonical" href="http://127.0.0.1:8000/cgu/">' in version
    assert client.get("/cgu/v/2/").status_code == 404


def test_the_accessibility_scheme_is_linked_from_the_statement(client):
    assert 'href="/accessibilite/schema/"' in client.get("/accessibilite/").content.decode()
    assert "Plan d’action" in client.get("/accessibilite/schema/").content.decode()
