import json
import re

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection

from search import index
from tests.factories import make_merchant
from tests.search.conftest import up_to_date
from tests.search.factories import make_story
from tests.shop.factories import make_product


@pytest.fixture
def region(without_elasticsearch, bakery, cheesemonger):
    """A few merchants, products and a story, searchable."""
    make_product(cheesemonger, title="Fromage de chèvre")
    make_story("Le fromage du jeudi", intro="Au marché de Die.", text="Un fromage.")
    index.drain()


@pytest.fixture
def search(client, region):
    """``search(q="pain", ou="Die")``: the page, as text."""

    def search(status=200, **asked):
        response = client.get("/recherche/", asked)
        assert response.status_code == status
        return response.content.decode()

    return search


NEAR_DIE = {"latitude": 44.75, "longitude": 5.40}


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("&nbsp;", " ")))


def test_one_page_shows_merchants_products_and_stories(search):
    page = search(q="fromage", ou="St Etienne")

    assert "La Crèmerie du Gier" in page
    assert "Fromage de chèvre" in page
    assert "Le fromage du jeudi" in page
    assert 'value="Saint-Étienne (42)"' in page
    assert "« fromage » à Saint-Étienne" in text(page)
    assert "1–1 sur 1" in text(page)


def test_a_block_has_pages_of_its_own(search, places):
    for number in range(45):
        make_merchant(title=f"Four {number}")
    index.drain()

    together = search(q="four")
    third = search(q="four", type="commercants", page="3")

    assert "1–10 sur 45" in text(together)
    assert 'href="/recherche/?q=four&amp;type=commercants"' in together
    assert "41–45 sur 45" in text(third)
    assert 'href="/recherche/?q=four&amp;type=commercants&amp;page=2"' in third


def test_a_page_beyond_the_last_leads_back(search):
    page = search(q="fromage", type="commercants", page="7")

    assert "Cette page n’existe pas" in page
    assert 'href="/recherche/?q=fromage&amp;type=commercants&amp;page=1"' in page


def test_filters_are_counted_and_each_can_be_taken_away(search):
    page = search(q="", ou="42218", categorie="fromagerie-cremerie")

    assert re.search(r'name="categorie" value="fromagerie-cremerie" checked', page)
    assert 'href="/recherche/?ou=Saint-%C3%89tienne+%2842%29"' in page
    assert 'href="/recherche/?categorie=fromagerie-cremerie"' in page


def test_a_town_with_nothing_opens_to_its_neighbours_and_says_so(search, places):
    make_merchant(
        title="Cordonnerie du Pont", category="cordonnier-cles", town=places.romans, latitude=44.75, longitude=5.40
    )
    index.drain()

    page = search(q="cordonnier", ou="Die")

    assert "Rien dans la commune même" in page
    assert "Cordonnerie du Pont" in page
    assert "km" in page


def test_an_unknown_town_is_said_and_nothing_typed_is_lost(search):
    page = search(q="fromage", ou="Privaz")

    assert "Nous ne connaissons pas cette commune" in page
    assert 'value="Privaz"' in page
    assert 'href="/recherche/?q=fromage&amp;ou=Privas+%2807%29"' in page
    assert "La Crèmerie du Gier" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "luthier baroque", "ou": "Die"},
        {"q": "xyzzy"},
        {"q": "xyzzy", "ou": "Privaz"},
        {"q": "levain disparu", "ou": "Thiers", "categorie": "pizzeria"},
        {"q": "luthier", "ou": "07"},
        {"type": "produits", "q": "luthier"},
    ],
)
def test_nothing_found_is_never_a_dead_end(search, asked):
    page = search(**asked)

    assert "rien pour l’instant" in text(page)
    ladder = page[page.index('class="ladder"') :]
    assert len(re.findall(r'href="/recherche/\?[^"]*categorie=', ladder)) >= 12


def test_the_nearest_is_shown_when_the_place_has_none(search):
    page = search(q="fromage", ou="Thiers")

    assert "Le plus proche : Saint-Étienne" in text(page)
    assert "toute la région" in page


def test_a_search_is_not_indexed_and_names_the_clean_page(search):
    assert '<meta name="robots" content="index, follow">' in search()
    assert 'rel="canonical" href="http://127.0.0.1:8000/recherche/"' in search(q="pain")
    page = search(q="pain", ou="Die", categorie="boulangerie-patisserie")
    assert '<meta name="robots" content="noindex, follow">' in page
    assert 'rel="canonical" href="http://127.0.0.1:8000/commerces/die-26/boulangerie-patisserie/"' in page


def test_a_search_sets_no_cookie_and_holds_no_inline_code(client, region):
    response = client.get("/recherche/", {"q": "fromage"})

    assert not response.cookies
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", response.content.decode())


HOSTILE = [
    {"q": "a" * 10_000, "ou": "b" * 10_000, "categorie": "c" * 10_000},
    {"q": "\0\x01\x1b[31m", "ou": "\0"},
    {"q": "*?~^\\/:[]{}()\"'", "ou": "*"},
    {"q": "\u202efromage\u202c \u200b", "ou": "\u2066Die\u2069"},
    {"q": "<script>alert(1)</script>", "ou": "<b>"},
    {"q": "' or 1=1 --", "ou": "%"},
    {"q": "pain " * 2_000},
    {"categorie": "\0"},
    {"type": "tout", "page": ""},
    {"q": "𝕗𝕣𝕠𝕞𝕒𝕘𝕖 ½ ①"},
]


@pytest.mark.parametrize("asked", HOSTILE)
def test_hostile_questions_get_a_page(search, asked):
    page = search(**asked)

    assert "<script>alert" not in page


@pytest.mark.parametrize("page", ["0", "-1", "x", "101", "9" * 5_000, "\0"])
def test_impossible_pages_get_a_clear_refusal(search, page):
    assert "Recherche impossible" in search(status=400, page=page)


def test_bytes_that_are_no_text_get_a_page(client, region):
    assert client.get("/recherche/?q=%ff%fe&ou=%c3").status_code == 200


def test_queries_do_not_grow_with_results(client, region, places, django_assert_max_num_queries):
    for _ in range(25):
        make_product(make_merchant(title="Four"))
    index.drain()
    client.get("/recherche/")
    cache.clear()

    with django_assert_max_num_queries(6):
        client.get("/recherche/", {"q": "boulanger", "ou": "Privas"})


def test_elasticsearch_answers_the_page_when_it_is_there(client, elasticsearch, bakery):
    up_to_date()

    response = client.get("/recherche/", {"q": "boulanger"})

    assert [found.engine for found in response.context["answer"].results.values()] == ["Elasticsearch"] * 3
    assert "Le Fournil des Mines" in response.content.decode()


def health(client):
    response = client.get("/sante/")
    return response, json.loads(response.content)


def test_health_tells_which_engine_answers_and_how_long_the_queue_is(client, without_elasticsearch, bakery):
    response, state = health(client)

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert state["database"] == "ok"
    assert state["search"] == {"engine": "PostgreSQL", "fallback": False}
    assert state["queue"]["changes"] > 0

    index.drain()
    assert health(client)[1]["queue"] == {"changes": 0, "oldest_seconds": 0, "unpushed": 0}


def test_health_names_elasticsearch(client, elasticsearch):
    assert health(client)[1]["search"] == {"engine": "Elasticsearch", "fallback": False}


def test_health_fails_without_a_database(client, db, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("no route")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        response, state = health(client)

    assert response.status_code == 503
    assert state == {"database": "down"}
