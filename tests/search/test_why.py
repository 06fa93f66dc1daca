"""Each result tells its points, and /classement/ tells the rules they come from."""

import random
import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from directory.models import MerchantManager, MerchantPage
from search import ranking
from search.indexing import index
from search.page.explain import explain
from search.query import Kind, Query, Within
from search.understanding.gazetteer import current
from search.understanding.parse import parse
from tests.factories import make_merchant, make_user
from tests.search.conftest import up_to_date
from tests.search.factories import make_story, titles
from tests.shop.factories import make_product

TRADES = ("boulangerie-patisserie", "restaurant", "caviste")


def understood(q="", where="", category="", **changes):
    return replace(parse(current(), q, where, category).query, **changes)


def told(results):
    return {hit.entry.title: [factor.text for factor in explain(results.query, hit).factors] for hit in results.hits}


def test_the_factors_of_every_result_add_up_to_the_points_it_was_sorted_by(ask, places):
    for number, town in enumerate([places.privas, places.die, places.lyon_3, places.romans] * 3):
        merchant = make_merchant(title=f"Pain et vin {number}", town=town, category=TRADES[number % 3])
        make_product(merchant, title=f"Pain de {town.name}")
    make_story("Le pain du jeudi", text="À Die.")
    questions = [
        understood(),
        understood("vin"),
        understood("pain et vin"),
        understood("pain romans"),
        understood("boulangerie sans gluten"),
        understood("pain", "Die", within=Within.ANYWHERE),
        understood("vin", "Lyon", within=Within.RADIUS, radius=50),
    ]

    for question in [replace(asked, kind=kind) for asked in questions for kind in Kind]:
        results = ask(question)

        for hit in results.hits:
            reasons = explain(question, hit)
            assert reasons.total == hit.points
            assert [factor.rule for factor in reasons.factors if factor.rule == "mots"] == ["mots"] * bool(
                question.words
            )


def test_each_text_tier_town_and_distance_is_told(ask, places):
    make_merchant(title="Pain au levain", category="restaurant")
    make_merchant(title="Levain, pain", category="restaurant")
    make_merchant(title="Maison Roux", story="<p>Tout au levain.</p>")
    make_merchant(title="Chez Jo", category="restaurant", story="<p>Du pain, et son levain.</p>")

    assert told(ask(understood("pain au levain", "Privas"))) == {
        title: [text, "Dans la commune demandée", "À moins de 1 km du centre de la commune demandée"]
        for title, text in {
            "Pain au levain": "Vos mots sont à la suite dans son nom",
            "Levain, pain": "Tous vos mots décrivent son activité, son vendeur ou sa commune",
            "Maison Roux": "Sa catégorie est celle que vous cherchez",
            "Chez Jo": "Tous vos mots sont dans sa présentation",
        }.items()
    }
    assert told(ask(understood("boulangerie sans gluten"))) == {
        "Maison Roux": ["Sa catégorie est celle qu’une partie de vos mots évoque"]
    }


def test_new_ids_dates_and_owners_change_nothing_but_the_draw(ask, places):
    facts = [
        {"title": f"{name} {town.name}", "town": town, "category": category}
        for name in ("Pain", "Four")
        for town in (places.privas, places.die, places.romans)
        for category in TRADES
    ]

    def points(seed):
        shuffled = random.Random(seed).sample(facts, len(facts))
        for number, merchant in enumerate(shuffled):
            make_merchant(**merchant, managers=[make_user()])
            MerchantPage.objects.filter(title=merchant["title"]).update(
                first_published_at=timezone.now() - timedelta(days=number * 100), last_published_at=timezone.now()
            )
        results = ask(understood("pain", "Die", within=Within.ANYWHERE))
        assert [hit.points for hit in results.hits] == sorted((hit.points for hit in results.hits), reverse=True)
        MerchantManager.objects.all().delete()
        for page in MerchantPage.objects.all():
            page.delete()
        return {hit.entry.title: hit.points for hit in results.hits}

    assert points(seed=1) == points(seed=2) != {}


def test_equals_stand_in_the_order_of_the_day_s_draw(engine, places):
    pages = [make_merchant(title=f"Four {number}") for number in range(6)]
    up_to_date()
    for day in (datetime(2026, 12, 1, 12, tzinfo=ZoneInfo("Europe/Paris")) + timedelta(days=n) for n in range(4)):
        draw = ranking.daily_shuffle(day.date())

        with time_machine.travel(day, tick=True):
            (results,) = engine.search([Query(words=("four",), phrase=("four",))])

        drawn = sorted(pages, key=lambda page: -draw.of(ranking.tiebreak("merchant", page.pk)))
        assert titles(results) == [page.title for page in drawn]


@pytest.fixture
def rules(client, db):
    response = client.get("/classement/")
    assert response.status_code == 200
    assert not response.cookies
    return re.sub(r"\s+", " ", response.content.decode().replace("&nbsp;", " "))


def test_the_published_rules_hold_every_number_of_the_table(rules):
    for points in ranking.TIERS.values():
        assert f"<td>{points}</td>" in rules
    for kilometres, points in ranking.BANDS:
        assert f'<th scope="row">{kilometres} km</th><td>{points}</td>' in rules
    assert f"reçoit {ranking.TOWN} points" in rules
    assert f"version {ranking.VERSION}, depuis le 30 novembre 2026" in rules


def test_the_published_rules_follow_the_table(client, db, monkeypatch):
    monkeypatch.setattr(ranking, "TOWN", 333)

    page = client.get("/classement/").content.decode()

    important = page[page.index('id="criteres"') : page.index('id="mots"')]
    assert important.index("La commune demandée") < important.index("Ce que vos mots trouvent")
    assert "333" in important


@pytest.mark.parametrize("anchor", ["criteres", "mots", "commune", "distance", "tirage", "referencement", "liens"])
def test_the_rules_have_the_anchors_that_the_law_and_the_results_point_to(rules, anchor):
    assert f'id="{anchor}"' in rules


def test_today_s_draw_is_published(rules):
    draw = ranking.daily_shuffle(timezone.localdate())

    assert f"× {draw.factor} + {draw.shift}) modulo {ranking.ROTATION_PRIME}" in rules


@pytest.mark.parametrize("path", ["/", "/recherche/?q=pain", "/commercants/", "/classement/", "/nulle-part/"])
def test_every_page_leads_to_the_rules(client, without_elasticsearch, bakery, path):
    assert 'href="/classement/"' in client.get(path).content.decode()


def test_results_that_the_draw_alone_orders_say_so_once(client, without_elasticsearch, cheesemonger):
    index.drain()

    page = client.get("/recherche/").content.decode()

    assert cheesemonger.title in page
    assert page.count("leur ordre est tiré au sort chaque jour") == 1
    assert "Pourquoi ce résultat" not in page


def test_each_kind_of_result_says_why_it_stands_there(client, without_elasticsearch, cheesemonger):
    make_product(cheesemonger, title="Fromage de chèvre")
    make_story("Le fromage du jeudi")
    index.drain()

    page = client.get("/recherche/", {"q": "fromage"}).content.decode()

    assert page.count("Pourquoi ce résultat") == 3
    assert page.count('<a href="/classement/#mots">') == 3
