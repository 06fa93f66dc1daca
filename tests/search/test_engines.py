"""The contract: each engine gives the same answers to the same questions."""

import dataclasses
from datetime import date, datetime

import pytest
import time_machine

from directory.hours import PARIS
from directory.models import Category, MerchantPage
from search.engines import elastic
from search.engines.database import Database
from search.engines.elastic_query import build
from search.map_frame import zoom
from search.models import IndexedEntry
from search.query import Kind, Order, Place, Query, Within
from search.tiles import WHOLE_REGION
from search.understanding.gazetteer import current
from search.understanding.parse import parse
from shop.categories import mirror, missing_categories
from tests.factories import make_merchant
from tests.search.conftest import up_to_date
from tests.search.factories import make_story, titles
from tests.shop.factories import make_product

ELEVEN = datetime(2026, 11, 24, 11, 0, tzinfo=PARIS)  # of the fixture ``tuesday``
HERE = Place(name="Autour de vous", department_code="", department_name="", point=(44.75, 4.60))  # 2 km from Privas


def understood(q="", where="", category="", **changes):
    return dataclasses.replace(parse(current(), q, where, category).query, **changes)


def test_a_merchant_is_found_by_her_name_trade_and_presentation(ask, bakery, cheesemonger):
    assert titles(ask(understood("fournil"))) == ["Le Fournil des Mines"]
    assert titles(ask(understood("boulanger"))) == ["Le Fournil des Mines"]
    assert titles(ask(understood("levain bois"))) == ["Le Fournil des Mines"]
    assert titles(ask(understood("cordonnier"))) == []


@pytest.mark.parametrize(
    "typed", ["creme brulee", "Crème Brûlée", "CRÈMES BRÛLÉES", "« crème » brûlée !", "l’crème brûlée"]
)
def test_case_accents_plural_and_punctuation_do_not_matter(ask, cheesemonger, typed):
    make_product(cheesemonger, title="Crème brûlée")

    assert titles(ask(understood(typed, kind=Kind.PRODUCT))) == ["Crème brûlée"]


def test_ligatures_and_elisions_do_not_matter(ask, cheesemonger):
    make_product(cheesemonger, title="Œufs de l’étang")

    assert titles(ask(understood("oeufs etang", kind=Kind.PRODUCT))) == ["Œufs de l’étang"]


def test_all_words_must_be_found(ask, cheesemonger):
    make_product(cheesemonger, title="Bidule au foin")
    make_product(cheesemonger, title="Bidule à l’ail")

    assert titles(ask(understood("bidule ail", kind=Kind.PRODUCT))) == ["Bidule à l’ail"]


def test_whoever_is_called_like_a_good_comes_after_those_who_sell_it(ask, places):
    make_merchant(title="Maison Roux", category="boulangerie-patisserie", story="<p>Rien que du pain.</p>")
    make_merchant(title="Au bon pain", category="restaurant")
    make_merchant(title="Chez Jo", category="restaurant", story="<p>Avec du pain maison.</p>")

    results = ask(understood("pain"))

    assert titles(results) == ["Maison Roux", "Au bon pain", "Chez Jo"]
    assert [hit.points for hit in results.hits] == [68, 40, 20]


def test_a_category_still_answers_when_its_other_words_find_nothing(ask, bakery):
    results = ask(understood("boulangerie sans gluten"))

    assert titles(results) == ["Le Fournil des Mines"]
    assert results.hits[0].points == 10


def test_a_product_stands_where_its_seller_is_and_in_its_own_category(ask, cheesemonger):
    mirror(missing_categories())
    make_product(cheesemonger, title="Baguette", category=Category.objects.get(slug="boulangerie-patisserie"))

    (hit,) = ask(understood("baguette", "Saint-Étienne", kind=Kind.PRODUCT)).hits

    assert (hit.entry.town, hit.entry.seller, hit.entry.price) == ("42218", "La Crèmerie du Gier", 240)
    assert hit.entry.category == "boulangerie-patisserie"


def test_a_story_is_found_by_its_title_and_its_text(ask, db):
    make_story("Thiers aiguise", text="La lame et le manche.")
    make_story("Brouillon", text="La lame cassée.", live=False)

    assert titles(ask(Query(kind=Kind.STORY, words=("lame",), phrase=("lame",)))) == ["Thiers aiguise"]


def test_a_town_filters_and_a_commune_holds_its_districts(ask, places, bakery):
    make_merchant(title="Quais", town=places.lyon_3)

    assert titles(ask(understood(where="Privas"))) == ["Le Fournil des Mines"]
    assert titles(ask(understood(where="Lyon"))) == ["Quais"]
    assert titles(ask(understood(where="69003"))) == ["Quais"]
    assert titles(ask(understood(where="Thiers"))) == []
    assert titles(ask(understood(where="Ardèche"))) == ["Le Fournil des Mines"]


def test_a_radius_filters_by_distance_and_tells_it(ask, places):
    make_merchant(title="À Romans", town=places.romans)
    make_merchant(title="À Thiers", town=places.thiers)

    results = ask(understood(where="Die", within=Within.RADIUS, radius=60))

    assert titles(results) == ["À Romans"]
    assert results.hits[0].distance == pytest.approx(39.9, abs=1)


def test_the_nearest_come_first_when_asked(ask, places):
    for name in ("thiers", "romans", "lyon_3"):
        make_merchant(title=name, town=getattr(places, name))

    results = ask(understood(where="Die", within=Within.ANYWHERE, order=Order.DISTANCE))

    assert titles(results) == ["romans", "lyon_3", "thiers"]


def test_the_town_and_nearness_raise(ask, places):
    make_merchant(title="À Privas", town=places.privas)
    make_merchant(title="À Die", town=places.die)

    meant, asked = ask(understood(where="Die", within=Within.ANYWHERE)), ask(understood(where="Die"))

    assert [(hit.entry.title, hit.points) for hit in meant.hits] == [("À Die", 10), ("À Privas", 0)]
    assert [(hit.entry.title, hit.points) for hit in asked.hits] == [("À Die", 30)]


def test_each_facet_ignores_its_own_filter_and_honours_the_other(ask, places, bakery, cheesemonger):
    make_merchant(title="Au Peuple", town=places.saint_etienne, category="boulangerie-patisserie")

    results = ask(understood(where="Saint-Étienne", category="boulangerie-patisserie"))

    assert titles(results) == ["Au Peuple"]
    assert results.total == 1
    assert results.towns == {"07186": 1, "42218": 1}
    assert results.categories == {"boulangerie-patisserie": 1, "fromagerie-cremerie": 1}


def test_a_top_category_holds_those_below_it(ask, bakery, cheesemonger):
    make_merchant(title="Lames", category="coutelier")

    assert ask(understood(category="alimentation")).total == 2


def test_pages_follow_one_another_without_gap_or_double(ask, places):
    for number in range(7):
        make_merchant(title=f"Four {number}")

    pages = [ask(understood("four", page=page, size=3)) for page in (1, 2, 3, 4)]

    seen = [title for page in pages for title in titles(page)]
    assert sorted(seen) == [f"Four {number}" for number in range(7)]
    assert [page.total for page in pages] == [7] * 4
    assert [(page.first, page.last, page.pages) for page in pages[:3]] == [(1, 3, 3), (4, 6, 3), (7, 7, 3)]


@pytest.mark.parametrize(
    "typed",
    [
        "*",
        "pain AND",
        "(pain",
        '"pain',
        "pain:A | !lame",
        "\\",
        "~5",
        "a" * 5_000,
        "\0\x1b",
        "\u202epain",
        "<->",
        "'; --",
    ],
)
def test_no_text_is_query_syntax(ask, bakery, typed):
    results = ask(understood(typed))

    assert results.total in (0, 1)


def test_sold_out_products_are_shown_as_such(ask, cheesemonger):
    make_product(cheesemonger, title="Vacherin", stock=0)

    (hit,) = ask(understood("vacherin", kind=Kind.PRODUCT)).hits

    assert not hit.entry.is_available


def test_both_engines_give_the_same_page(tuesday, elasticsearch, places, bakery, cheesemonger):
    for number, town in enumerate([places.privas, places.die, places.lyon_3, places.romans] * 3):
        make_merchant(title=f"Pain et vin {number}", town=town, category=("caviste", "restaurant")[number % 2])
    for number, shop in enumerate([bakery, cheesemonger] * 4):
        make_product(shop, title=f"Pain d’épices {number}", price=number * 4 + 1, label=["", "AOP"][number % 3 == 0])
    up_to_date()
    products = {"kind": Kind.PRODUCT}
    asked = [
        understood(),
        understood(open_at=ELEVEN),
        understood(where="Die", open_at=ELEVEN, collect=True),
        understood("pain", folded=True, **products),
        understood("pain", folded=True, page=2, size=1, **products),
        understood("pain", price="5-15", label="aop", **products),
        understood("pain", folded=True, seller=bakery.pk, day=date(2026, 1, 6), **products),
        understood(place=HERE, within=Within.RADIUS, radius=20),
        understood("vin"),
        understood("pain romans"),
        understood("pain de Die"),
        understood("", "Lyon", "restauration"),
        understood("pain", "Drôme", page=2, size=2),
        understood("vin", "Die", within=Within.RADIUS, radius=50, tiles=10),
        understood(tiles=8, order=Order.NAME),
        understood(where="Drôme", tiles=12, label="bio", delivers=True),
    ]

    def seen(results):
        return [dataclasses.replace(found, engine="") for found in results]

    assert seen(elastic.Elastic().search(asked)) == seen(Database().search(asked))


def test_products_of_one_seller_are_folded_to_two_and_pages_count_sellers(ask, bakery, cheesemonger):
    for number in range(5):
        make_product(bakery, title=f"Pain {number}")
    make_product(cheesemonger, title="Pain perdu")

    folded = ask(understood("pain", kind=Kind.PRODUCT, folded=True))

    assert (folded.total, folded.sellers, folded.pages, folded.last) == (6, 2, 1, 2)
    sellers = [(hit.entry.seller, hit.others) for hit in folded.hits]
    assert sorted(sellers) == [("La Crèmerie du Gier", 0), ("Le Fournil des Mines", 0), ("Le Fournil des Mines", 3)]
    assert sellers.index(("Le Fournil des Mines", 3)) == sellers.index(("Le Fournil des Mines", 0)) + 1


def test_a_seller_who_goes_away_between_both_questions_is_left_out(elasticsearch, bakery, cheesemonger, monkeypatch):
    make_product(bakery, title="Pain de seigle")
    gone = make_product(cheesemonger, title="Pain aux noix")
    up_to_date()
    ask, answers = elastic._ask, []

    def then_she_goes(asked):
        answers.append(ask(asked))
        if len(answers) == 1:
            gone.delete()
            up_to_date()
        return answers[-1]

    monkeypatch.setattr(elastic, "_ask", then_she_goes)
    (results,) = elastic.Elastic().search([understood("pain", kind=Kind.PRODUCT, folded=True)])

    assert len(answers) == 2
    assert titles(results) == ["Pain de seigle"]


def test_folded_pages_follow_one_another_without_gap_or_double(ask, places):
    for number in range(5):
        make_product(make_merchant(title=f"Étal {number}"), title="Pain")

    pages = [ask(understood("pain", kind=Kind.PRODUCT, folded=True, page=page, size=2)) for page in (1, 2, 3)]

    assert sorted(hit.entry.seller for page in pages for hit in page.hits) == [f"Étal {number}" for number in range(5)]


def test_those_open_at_a_moment_are_found_and_counted(tuesday, ask, bakery, cheesemonger):
    make_merchant(title="Sans horaires")

    with time_machine.travel(ELEVEN, tick=False):
        assert ask(understood()).open_now == 2
    with time_machine.travel(ELEVEN.replace(hour=13), tick=False):
        assert ask(understood()).open_now == 1
    assert ask(understood(open_at=ELEVEN)).total == 2
    assert titles(ask(understood(open_at=ELEVEN.replace(hour=13)))) == ["La Crèmerie du Gier"]
    assert ask(understood(open_at=ELEVEN.replace(hour=22))).total == 0


def test_those_who_sell_online_are_found_and_counted(ask, bakery, cheesemonger):
    make_product(cheesemonger)

    assert ask(understood()).services["collect"] == 1
    assert titles(ask(understood(collect=True))) == ["La Crèmerie du Gier"]


def test_products_are_counted_by_price_and_label_whatever_is_chosen_of_them(ask, cheesemonger):
    for price, label in ((4, "AOP"), (5, "AOP"), (40, "")):
        make_product(cheesemonger, title=f"Tomme à {price} euros", price=price, label=label)

    results = ask(understood("tomme", kind=Kind.PRODUCT, price="5-15", label="aop"))

    assert titles(results) == ["Tomme à 5 euros"]
    assert results.prices == {"0-5": 1, "5-15": 1}
    assert results.labels == {"aop": 1}


def test_what_merchants_offer_filters_them_and_their_products_and_is_counted(ask, places, bakery, cheesemonger):
    for shop, services in ((bakery, {"delivers": True}), (cheesemonger, {"delivers": True, "step_free": True})):
        MerchantPage.objects.filter(pk=shop.pk).update(**services)
        make_product(shop, title="Pain")

    assert ask(understood()).services == {"collect": 2, "delivers": 2, "step_free": 1}
    without_a_step = ask(understood(delivers=True, step_free=True))
    assert titles(without_a_step) == ["La Crèmerie du Gier"]
    assert without_a_step.services == {"collect": 1, "delivers": 1, "step_free": 1}
    products = ask(understood("pain", kind=Kind.PRODUCT, step_free=True))
    assert [hit.entry.seller for hit in products.hits] == ["La Crèmerie du Gier"]

    MerchantPage.objects.filter(pk=cheesemonger.pk).update(step_free=False)
    assert ask(understood("pain", kind=Kind.PRODUCT, step_free=True)).total == 0


def test_labels_filter_and_are_counted_whichever_is_chosen(ask, bakery, cheesemonger):
    MerchantPage.objects.filter(pk=bakery.pk).update(labels=["bio", "artisan"])
    MerchantPage.objects.filter(pk=cheesemonger.pk).update(labels=["bio"])
    make_product(cheesemonger, title="Tomme", label="Lait AB")

    artisans = ask(understood(label="artisan"))

    assert titles(artisans) == ["Le Fournil des Mines"]
    assert artisans.labels == {"bio": 2, "artisan": 1}
    assert ask(understood("tomme", kind=Kind.PRODUCT)).labels == {"bio": 1}


def test_results_can_stand_by_name(ask, places):
    for name in ("Zoé", "École du pain", "eau vive", "À la ferme"):
        make_merchant(title=name)

    assert titles(ask(understood(order=Order.NAME))) == ["À la ferme", "eau vive", "École du pain", "Zoé"]


def test_all_results_are_counted_by_the_tiles_of_the_map(ask, places):
    for town in (places.privas, places.privas, places.die, places.thiers):
        make_merchant(town=town)

    results = ask(understood(size=1, tiles=9))

    assert sorted(results.tiles.values()) == [1, 1, 2]
    assert results.tiles[262, 184] == 2
    of_region = ask(understood(size=1, tiles=WHOLE_REGION))
    assert sorted(of_region.tiles.values()) == [1, 3]
    assert zoom(current(), understood("pain")) == WHOLE_REGION
    assert ask(understood()).tiles == {}


def test_where_the_visitor_stands_filters_and_raises(ask, places):
    make_merchant(title="À Privas", town=places.privas)
    make_merchant(title="À Thiers", town=places.thiers)

    (hit,) = ask(understood(place=HERE, within=Within.RADIUS, radius=20)).hits

    assert hit.entry.title == "À Privas"
    assert hit.points == 8


def test_one_query_costs_one_statement_whatever_it_finds(without_elasticsearch, places, django_assert_num_queries):
    for _ in range(30):
        make_merchant()
    up_to_date()
    asked = [understood("boulanger"), understood("boulanger", kind=Kind.PRODUCT)]

    with django_assert_num_queries(2):
        results = Database().search(asked)

    assert results[0].total == 30


def test_towns_are_counted_truly_however_many_pieces_an_index_is_cut_into(db, settings, request):
    settings.ELASTICSEARCH_SHARDS = 2
    generation = request.getfixturevalue("elasticsearch")
    towns = [f"{number:05}" for number in range(1_000, 1_100)] + ["99999"] * 4
    rows = [
        IndexedEntry(
            kind=Kind.MERCHANT, object_id=number, version=1, deleted=False, town=town,
            document={"title": "", "headline": "", "text": ""},
        )
        for number, town in enumerate(towns)
    ]  # fmt: skip
    elastic.write(rows, [generation.pk])
    elastic.refresh(generation.pk)

    (answer,) = elastic._ask([(Kind.MERCHANT, build(Query(size=0))[0])])

    fullest, *others = answer["aggregations"]["towns"]["buckets"]
    assert fullest == {"key": "99999", "doc_count": 4}
    assert {town["doc_count"] for town in others} == {1}
