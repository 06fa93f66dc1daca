import json
import random
import re

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.utils import timezone

from directory.models import MerchantPage
from search.indexing import index
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


def today():
    """Return the day as an address has it; read when it is needed: a long run of the suite sees midnight."""
    return timezone.localdate().isoformat()


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
    assert "1 commerçant" in text(page)


def test_a_block_has_pages_of_its_own(search, places):
    for number in range(45):
        make_merchant(title=f"Four {number}")
    index.drain()

    together = search(q="four")
    third = search(q="four", type="commercants", page="3")

    assert "1–10 sur 45" in text(together)
    assert 'href="/recherche/?q=four&amp;type=commercants"' in together
    assert "41–45 sur 45" in text(third)
    assert f'href="/recherche/?q=four&amp;type=commercants&amp;jour={today()}&amp;page=2"' in third


def test_a_page_beyond_the_last_leads_back(search):
    page = search(q="fromage", type="commercants", page="7")

    assert "Cette page n’existe pas" in page
    assert f'href="/recherche/?q=fromage&amp;type=commercants&amp;jour={today()}&amp;page=1"' in page


def test_filters_are_counted_and_each_can_be_taken_away(search):
    page = search(q="", ou="42218", categorie="fromagerie-cremerie")

    assert re.search(r'name="categorie" value="fromagerie-cremerie" checked', page)
    assert 'href="/recherche/?ou=Saint-%C3%89tienne+%2842%29"' in page
    assert 'href="/recherche/?categorie=fromagerie-cremerie"' in page


def test_a_town_with_nothing_opens_to_its_neighbours_and_says_so(search, places):
    make_merchant(
        title="Cordonnerie du Pont", category="cordonnier-cles", town=places.romans, latitude=44.95, longitude=5.25
    )
    index.drain()

    page = search(q="cordonnier", ou="Die")

    assert "Rien à l’endroit demandé" in page
    assert "Cordonnerie du Pont" in page
    assert "km" in page


def test_a_town_without_the_shop_looked_for_says_who_stands_in(search, places):
    make_merchant(title="Brasserie du Vercors", category="brasserie-distillerie", town=places.die)
    index.drain()

    page = text(search(q="chartreuse verte", ou="Die"))

    assert "Personne à Die dans « Caviste »" in page
    assert "Voici, sur place, qui en est proche : « Brasserie artisanale &amp; distillerie »" in page
    assert "Brasserie du Vercors" in page
    assert "Sa catégorie est proche de celle que vous cherchez" in page


def test_an_unknown_town_is_said_and_nothing_typed_is_lost(search):
    page = search(q="fromage", ou="Trifouilly")

    assert "Nous ne connaissons pas «\u00a0Trifouilly\u00a0»" in page
    assert 'value="fromage"' in page
    assert 'value="Trifouilly"' in page
    assert 'href="/recherche/?q=fromage"' in page, "the whole region is one link away"
    assert "La Crèmerie du Gier" not in page, "what is elsewhere does not answer for a town"


def test_a_town_with_a_letter_wrong_is_mended_and_said(search):
    page = search(q="fromage", ou="Saint-Etiene")

    assert "Nous avons lu « Saint-Etiene » comme Saint-Étienne (42)" in text(page)
    assert 'value="Saint-Étienne (42)"' in page
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
    next_steps = page[page.index('class="next-steps"') :]
    assert len(re.findall(r'href="/recherche/\?[^"]*categorie=', next_steps)) >= 12


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


@pytest.mark.parametrize(
    ("asked", "clean"),
    [
        ({"q": "pain"}, "/recherche/"),
        ({"categorie": "boulangerie-patisserie"}, "/recherche/"),
        ({"ou": "Die"}, "/commerces/die-26/"),
        ({"ou": "Die", "rayon": "10"}, "/commerces/die-26/"),
        ({"ou": "Die", "retrait": "1"}, "/commerces/die-26/"),
        ({"ou": "Drôme"}, "/recherche/"),
        ({"autour": "44.75,4.60"}, "/recherche/"),
        ({"ouvert": "maintenant"}, "/recherche/"),
        ({"prix": "0-5"}, "/recherche/"),
        ({"type": "produits"}, "/recherche/"),
        ({"jour": "2026-11-24"}, "/recherche/"),
        ({"page": "2"}, "/recherche/"),
    ],
)
def test_whatever_is_asked_only_the_clean_page_is_indexed(search, asked, clean):
    page = search(**asked)

    assert '<meta name="robots" content="noindex, follow">' in page
    assert f'rel="canonical" href="http://127.0.0.1:8000{clean}"' in page


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


def test_a_sellers_products_are_folded_and_the_others_are_one_link_away(search, cheesemonger):
    for number in range(4):
        make_product(cheesemonger, title=f"Brimborion {number}")
    index.drain()

    page = search(q="brimborion")
    assert len(re.findall(r'class="product-card__name"', page)) == 2
    assert "Chez La Crèmerie du Gier : 2 autres" in text(page)

    alone = search(q="brimborion", type="produits", chez=str(cheesemonger.pk))
    assert f'href="/recherche/?q=brimborion&amp;type=produits&amp;chez={cheesemonger.pk}"' in page
    assert len(re.findall(r'class="product-card__name"', alone)) == 4
    assert "Chez La Crèmerie du Gier" in text(alone)


def test_a_position_finds_the_nearest_and_is_rounded_again(search, places):
    make_merchant(title="Tout près", town=places.die, **NEAR_DIE)
    index.drain()

    page = search(q="", autour="44.753217,5.402999")

    assert "Tout près" in page
    assert 'name="autour" value="44.75,5.40"' in page
    assert "44.753217" not in page
    assert "La Crèmerie du Gier" not in page
    assert '<meta name="robots" content="noindex, follow">' in page


def test_a_town_can_be_widened_to_a_radius(search, places):
    make_merchant(title="Tout près", category="pizzeria", town=places.romans, latitude=44.85, longitude=5.26)
    make_merchant(title="À Die", category="pizzeria", town=places.die)
    index.drain()

    assert "Tout près" not in search(q="pizzeria", ou="Die")
    wider = search(q="pizzeria", ou="Die", rayon="20")
    assert "Tout près" in wider
    assert "À moins de 20 km" in text(wider)


def test_a_day_and_an_hour_to_come_can_be_asked_for(tuesday, search):
    noon = search(quand="2026-11-25T13:00")
    as_chosen = search(**{"ouvert-le": "2026-11-25", "ouvert-a": "13:00"})
    too_far = search(quand="2027-06-01T13:00")
    now = search(ouvert="maintenant")

    for page in (noon, as_chosen):
        assert "La Crèmerie du Gier" in page
        assert "Le Fournil des Mines" not in page
        assert "Ouvert mercredi 25 novembre à 13 h" in text(page)
        assert '<option value="2026-11-25" selected>demain</option>' in page
        assert '<option value="13:00" selected>13\u00a0h</option>' in page
    assert "Le Fournil des Mines" in too_far
    assert "Le Fournil des Mines" in now
    assert re.search(r'name="ouvert" value="maintenant" checked', now)


def test_the_order_can_be_chosen_and_taken_away(search, places):
    make_merchant(title="Zinc", town=places.saint_etienne)
    index.drain()

    page = search(ou="Saint-Étienne", tri="nom")

    assert page.index("La Crèmerie du Gier</a>") < page.index("Zinc</a>")
    assert "Trié par nom" in page
    assert re.search(r'name="tri" value="nom" checked', page)
    assert 'name="tri" value="distance"' in page
    assert 'name="tri" value="distance"' not in search(q="fromage")


def test_services_and_labels_are_counted_shown_and_can_be_taken_away(search, bakery, cheesemonger):
    MerchantPage.objects.filter(pk=bakery.pk).update(delivers=True, step_free=True, labels=["bio", "artisan"])
    MerchantPage.objects.filter(pk=cheesemonger.pk).update(delivers=True)
    index.drain()

    page = search(livraison="1", acces="1", label="bio")

    assert "Le Fournil des Mines" in page
    assert "La Crèmerie du Gier" not in page
    assert "Livre à domicile 1" in text(page)
    assert 'href="/recherche/?livraison=1&amp;label=bio"' in page
    assert re.search(r'name="acces" value="1" checked', page)
    assert "Bio" in text(page[page.index('class="result__facts"') :])[:60]


def test_products_can_be_filtered_by_price(search, cheesemonger):
    make_product(cheesemonger, title="Fromage de garde", price=18)
    index.drain()

    page = search(q="fromage", type="produits", prix="15-30")

    assert "Fromage de garde" in page
    assert "Fromage de chèvre" not in page
    assert "Moins de 5 € 1" in text(page)


@pytest.mark.parametrize(
    "asked",
    [
        {"autour": "nan,inf"},
        {"autour": "91,0"},
        {"autour": "1,2,3"},
        {"rayon": "999999999999"},
        {"prix": "gratuit"},
        {"quand": "hier"},
        {"quand": "2026-13-45T99:99"},
        {"chez": "²"},
        {"jour": "2001-01-01"},
        {"label": "\0\x1b"},
        {"tri": "vendu"},
    ],
)
def test_a_filter_that_cannot_be_read_is_no_filter(search, asked):
    assert "La Crèmerie du Gier" in search(**asked)


def test_what_one_types_is_proposed_with_its_kind(client, region):
    def proposed(**asked):
        response = client.get("/recherche/suggestions", asked)
        assert not response.cookies
        return [(one["kind"], one["label"]) for one in response.json()["suggestions"]]

    assert proposed(q="priv") == [("Commune", "Privas (07)")]
    assert ("Métier", "Boulangerie – pâtisserie") in proposed(q="boulang")
    assert proposed(q="fournil des m") == [("Commerçant", "Le Fournil des Mines")]
    assert ("Produit", "Fromage de chèvre") in proposed(q="chev")
    assert proposed(q="étien", champ="ou") == [("Commune", "Saint-Étienne (42)")]
    assert proposed(q="p") == []
    assert proposed(q="*:*'\0") == []


def test_what_was_looked_for_is_marked_and_markup_in_a_text_is_not_markup(search, places):
    make_merchant(
        title="L’Épicerie <b>verte</b>", category="pizzeria", story="<p>Des épices &lt;i&gt;rares&lt;/i&gt;.</p>"
    )
    index.drain()

    page = search(q="epicerie verte")
    assert "L’<mark>Épicerie</mark> &lt;b&gt;<mark>verte</mark>&lt;/b&gt;" in page
    assert "<mark>épices</mark> " in search(q="épice")


def test_the_passage_that_holds_the_words_is_shown(search, places):
    long = "Une maison de famille, ouverte à tous. " * 20
    make_merchant(
        title="Loin", category="pizzeria", story=f"<p>{long}On y mange des œufs brouillés au matin. {long}</p>"
    )
    make_story("Au poulailler", intro="Deux lignes.", text=f"{long} Les œufs brouillés du dimanche. {long}")
    index.drain()

    page = search(q="oeuf brouillé")

    assert "des <mark>œufs</mark> <mark>brouillés</mark> au matin." in page
    assert "Les <mark>œufs</mark> <mark>brouillés</mark> du dimanche." in page
    assert "brouillés" not in search(q="pizzeria")


def test_results_without_a_map_lead_to_no_pin(client, region, places):
    story_and_product = client.get("/recherche/", {"q": "fromage", "type": "produits"}).content.decode()

    assert "#repere-" not in story_and_product


def test_the_map_and_the_list_lead_to_each_other(search, places):
    make_merchant(title="À Die", category="pizzeria", town=places.die, **NEAR_DIE)
    make_merchant(title="À Thiers", category="pizzeria", town=places.thiers)
    index.drain()

    page = search(q="pizzeria")

    for rank in (1, 2):
        assert f'id="resultat-{rank}"' in page
        assert f'href="#repere-{rank}"' in page
        assert f'id="repere-{rank}"' in page
        assert f'href="#resultat-{rank}"' in page


def test_clusters_and_pins_count_every_result_once_and_lead_to_a_search_around(search, places):
    for number in range(30):
        make_merchant(title=f"Four {number}", town=[places.romans, places.thiers][number % 2])
    index.drain()

    page = search(q="four")

    clusters = re.findall(r"<title>(\d+) autres? autour de ([^<]+)</title>", page)
    pins = re.findall(r'id="repere-(\d+)"', page)
    assert {town for _, town in clusters} == {"Romans-sur-Isère", "Thiers"}
    assert sum(int(count) for count, _ in clusters) + len(pins) == 30
    assert re.search(r'results-map__cluster" href="/recherche/\?q=four&amp;ou=Thiers[^"]*rayon=50"', page)
    in_town = search(q="four", ou="Thiers")
    assert "<title>5 autres</title>" in in_town


def test_a_filter_that_leaves_nothing_can_be_taken_away(tuesday, search):
    tuesday.shift(-6 * 3600)
    page = search(q="fromage", ouvert="maintenant")

    assert "rien pour l’instant" in text(page)
    assert "Sans l’un de vos filtres" in text(page)
    assert "À toute heure 1" in text(page)


def odd_questions(count):
    """Misspelled trades, towns nobody knows and words that mean nothing."""
    draw = random.Random(500)
    trades = ["boulangerie", "fromagerie", "cordonnier", "librairie", "fleuriste", "coutellerie", "apiculteur"]
    towns = ["Privas", "Saint-Étienne", "Die", "Thiers", "Romans", "", "", "Trifouilly-les-Oies", "99999"]
    for _ in range(count):
        word = list(draw.choice(trades))
        for _ in range(draw.randrange(3)):
            word[draw.randrange(len(word))] = draw.choice("abcdefghijklmnopqrstuvwxyz")
        absurd = "".join(draw.choice("bcdfgklmprstvz") + draw.choice("aeiou") for _ in range(draw.randrange(2, 6)))
        what = draw.choice(["".join(word), absurd, f"{''.join(word)} {absurd}", f"{absurd} à {absurd}"])
        yield what, draw.choice(towns)


def test_of_500_odd_questions_none_is_a_dead_end(search):
    for what, where in odd_questions(500):
        page = search(q=what, ou=where)
        found = 'class="result ' in page or 'class="product-card' in page
        steps = page.partition('class="next-steps"')[2]
        assert found or len(re.findall(r'href="/recherche/\?', steps)) >= 12, (what, where)


def test_a_fault_is_mended_and_what_was_typed_is_one_link_away(search):
    page = search(q="fromagrie", ou="Saint-Étienne")

    assert "Résultats pour fromagerie . Chercher plutôt fromagrie" in text(page)
    assert "La Crèmerie du Gier" in page
    (as_typed,) = re.findall(r'href="/recherche/\?(q=fromagrie[^"]*)"', page)
    assert "tel-quel=1" in as_typed
    assert "Résultats pour" not in search(**{"q": "fromagrie", "ou": "Saint-Étienne", "tel-quel": "1"})
