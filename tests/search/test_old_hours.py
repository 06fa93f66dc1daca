"""What the search makes of hours that nobody confirms, month by month: lower, then asked for only; never gone for good.

The months are those of the contract that /fraicheur/ publishes (directory/freshness/stages.py), in both engines.
"""

import re
from datetime import date, datetime
from html import unescape
from itertools import product

import pytest
import time_machine
from django.urls import reverse

from directory.freshness.links import token_of
from directory.freshness.stages import CONTRACT, HIDDEN_AFTER, LOWER_AFTER, Place, stage_at
from directory.hours import PARIS
from directory.models import MerchantPage
from search import ranking
from search.engines import elastic
from search.engines.database import Database
from search.filters import read
from search.page.explain import explain
from search.query import Kind, Order, Query
from tests.factories import make_merchant
from tests.search.conftest import up_to_date
from tests.search.factories import titles
from tests.search.test_why import understood
from tests.shop.factories import make_product

CONFIRMED = date(2026, 3, 31)
LAST_AS_EVER, FIRST_LOWER = date(2026, 12, 30), date(2026, 12, 31)
LAST_LOWER, FIRST_HIDDEN = date(2027, 3, 30), date(2027, 3, 31)


def on(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=PARIS))


def confirmed(merchant, day, hours="Tu-Sa 09:00-12:00"):
    MerchantPage.objects.filter(pk=merchant.pk).update(confirmed_on=day, opening_hours=hours)
    return merchant


@pytest.fixture
def old(bakery):
    """A bakery of Privas that confirmed its hours on 31 March 2026, and never again."""
    return confirmed(bakery, CONFIRMED)


@pytest.fixture
def fresh(places):
    """Another bakery of Privas, whose hours are always confirmed."""
    return confirmed(make_merchant(title="Le Pétrin de Lise"), date(2040, 1, 1))


def test_the_contract_lowers_then_hides_then_never_removes():
    assert [term.place for term in CONTRACT] == sorted((term.place for term in CONTRACT), key=list(Place).index)
    assert (LOWER_AFTER, HIDDEN_AFTER) == (9, 12)
    assert stage_at(CONFIRMED, FIRST_LOWER) != stage_at(CONFIRMED, LAST_AS_EVER)


MONTHS = [
    (date(2026, 4, 1), 0, True),
    (date(2026, 10, 1), 0, True),  # « non confirmés », and nothing more yet
    (LAST_AS_EVER, 0, True),
    (FIRST_LOWER, ranking.STALE, True),
    (LAST_LOWER, ranking.STALE, True),
    (FIRST_HIDDEN, ranking.STALE, False),
    (date(2031, 1, 1), ranking.STALE, False),
]
QUESTIONS = [("boulangerie",), ("boulangerie", "Privas"), ("boulanger", "Ardèche"), ("", "Privas"), ()]


def test_month_by_month(ask, old, fresh):
    for (day, lost, is_shown), asked in product(MONTHS, QUESTIONS):
        with on(day):
            results = ask(understood(*asked))

            points = {hit.entry.id: hit.points for hit in results.hits}
            assert (old.pk in points) is is_shown
            assert results.total == 1 + is_shown
            if is_shown:
                assert points[fresh.pk] - points[old.pk] == lost
                assert not lost or titles(results) == [fresh.title, old.title]
                assert all(explain(results.query, hit).total == hit.points for hit in results.hits)


def test_a_name_finds_whoever_has_it_however_old_their_hours(ask, places, fresh):
    names = ("Boulangerie Moulin", "Le Fournil", "Poyet & Fils", "L’Épi d’Or")
    for name in names:
        confirmed(make_merchant(title=name), CONFIRMED)
    asked = {
        "Boulangerie Moulin": ["Boulangerie Moulin", "boulangerie moulin", "BOULANGERIE MOULIN privas"],
        "Le Fournil": ["le fournil", "Le Fournil"],
        "Poyet & Fils": ["poyet", "boulangerie Poyet", "poyet et fils", "Poyet & Fils"],
        "L’Épi d’Or": ["l'epi d'or", "épi d’or"],
    }
    with on(date(2031, 1, 1)):
        found = {typed: titles(ask(understood(typed))) for typings in asked.values() for typed in typings}

    assert [typed for name, typings in asked.items() for typed in typings if name not in found[typed]] == []


def test_a_name_that_is_being_typed_finds_all(ask, old):
    with on(date(2031, 1, 1)):
        assert titles(ask(Query(words=(old.title.split()[-1][:4].lower(),), unfinished=True))) == [old.title]


def test_a_trade_s_own_word_is_no_name(ask, places, fresh):
    confirmed(make_merchant(title="La Boulangerie"), CONFIRMED)
    with on(FIRST_HIDDEN):
        assert titles(ask(understood("boulangerie"))) == [fresh.title]


def test_who_asks_for_all_sees_all(ask, old, fresh):
    with on(date(2031, 1, 1)):
        for order in Order:
            asked = read({"tout": "1", "tri": order}).narrow(understood("boulangerie", "Privas"))

            assert sorted(titles(ask(asked))) == sorted([old.title, fresh.title])


def test_counts_are_of_those_shown(ask, old, fresh):
    with on(FIRST_HIDDEN):
        results = ask(understood(where="Ardèche", tiles=8))

        assert results.total == sum(results.tiles.values()) == sum(results.categories.values()) == 1
        assert sum(results.towns.values()) == 1


def test_nobody_loses_anything_by_not_telling_hours(ask, old, fresh):
    confirmed(old, None, hours="")
    with on(date(2031, 1, 1)):
        assert {hit.points for hit in ask(understood("boulangerie")).hits} == {ranking.TIERS["category"]}


def test_hours_never_confirmed_are_as_old_as_the_page(ask, old, fresh):
    MerchantPage.objects.filter(pk=old.pk).update(
        confirmed_on=None, first_published_at=datetime(2026, 3, 31, 23, tzinfo=PARIS)
    )
    with on(FIRST_LOWER):
        assert titles(ask(understood("boulangerie"))) == [fresh.title, old.title]
    with on(FIRST_HIDDEN):
        assert titles(ask(understood("boulangerie"))) == [fresh.title]


def test_old_hours_do_not_hide_articles_nor_stories(ask, old):
    make_product(old, title="Pain d’épeautre")
    with on(date(2031, 1, 1)):
        assert titles(ask(understood("pain", kind=Kind.PRODUCT))) == ["Pain d’épeautre"]


def test_lowering_never_costs_more_than_a_text_tier(ask, places, fresh):
    """Whoever answers the words better stands before whoever answers them less, whatever their hours."""
    named = confirmed(make_merchant(title="Zellige", category="restaurant"), CONFIRMED)
    says = confirmed(make_merchant(title="Chez Jo", category="caviste", story="<p>Du zellige.</p>"), date(2040, 1, 1))
    with on(FIRST_LOWER):
        assert titles(ask(understood("zellige"))) == [named.title, says.title]


def test_both_engines_agree_on_every_day(elasticsearch, old, fresh):
    make_product(old, title="Pain d’épeautre")
    up_to_date()
    asked = [understood(*words) for words in [(), ("boulangerie", "Privas"), ("pain", "Die"), (old.title,)]]
    for day in (LAST_AS_EVER, FIRST_LOWER, LAST_LOWER, FIRST_HIDDEN):
        with on(day):
            found = [[(r.total, [(h.entry.id, h.points) for h in r.hits], r.categories, r.open_now) for r in each]
                     for each in (elastic.Elastic().search(asked), Database().search(asked))]  # fmt: skip
            assert found[0] == found[1]


def test_one_link_without_login_brings_a_forgotten_merchant_back(ask, client, old, fresh):
    with on(FIRST_HIDDEN):
        assert titles(ask(understood("boulangerie"))) == [fresh.title]
        assert client.get(old.public_path).status_code == 200  # its page stays

        link = reverse("confirm_by_link", args=[token_of(MerchantPage.objects.get(pk=old.pk))])
        assert client.post(link).status_code == 200

        assert sorted(titles(ask(understood("boulangerie")))) == sorted([fresh.title, old.title])
        assert {hit.points for hit in ask(understood("boulangerie")).hits} == {ranking.TIERS["category"]}


def text(response):
    return re.sub(r"\s+", " ", unescape(response.content.decode()).replace("\u00a0", " "))


def test_the_public_pages_tell_the_very_table(client, db, strict_templates):
    ranking_page, contract = text(client.get("/classement/")), text(client.get("/fraicheur/"))

    for term in CONTRACT:
        assert term.visitors in contract
        if term.place != Place.AS_EVER:
            assert f"À partir de {term.months} mois : {term.visitors}" in ranking_page
    assert f"perd {ranking.STALE} points" in ranking_page


def test_a_results_page_offers_to_show_all_and_says_so_where_nothing_is_found(
    client, places, old, without_elasticsearch, strict_templates
):
    up_to_date()
    with on(FIRST_HIDDEN):
        nobody = text(client.get("/recherche/", {"q": "boulangerie", "ou": "Privas"}))
        assert old.title not in nobody
        assert "Avec ceux dont les horaires ne sont plus confirmés" in nobody
        link = re.search(r'href="([^"]*tout=1[^"]*)"', nobody)[1].replace("&amp;", "&")

        shown = text(client.get(link))
        assert old.title in shown
        assert "Personne n’a confirmé ses horaires depuis 9 mois" in shown
        assert f": −{ranking.STALE} points" in shown
        assert "Tout afficher" in shown
