"""What people look for is counted, and nobody can be found in it."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from search.demand.log import KEPT, roll_up
from search.demand.models import DailyDemand, Demand
from search.demand.personal import is_personal
from search.indexing import index
from search.understanding.gazetteer import current
from tests.factories import SAME_ORIGIN
from tests.jobs import do

TODAY = date(2026, 11, 24)


@pytest.fixture
def search(client, without_elasticsearch, bakery):
    """``search(q="pain")``: the one row that the search leaves, or None."""
    index.drain()

    def search(**asked):
        Demand.objects.all().delete()
        assert client.get("/recherche/", asked).status_code == 200
        return Demand.objects.first()

    return search


def test_a_search_is_noted_by_what_it_asks_and_how_much_it_found(search):
    row = search(q="Boulangeries", ou="Privas")

    assert (row.words, row.category, row.place) == ("boulangerie", "boulangerie-patisserie", "07186")
    assert (row.results, row.rank, row.day) == (1, None, timezone.localdate())


def test_what_only_neighbours_have_was_not_found_in_town(search):
    row = search(q="boulangerie", ou="Die")

    assert (row.place, row.results) == ("26113", 0)


def test_a_place_named_in_the_question_is_noted_as_its_town(search):
    for question in ("boulangerie à Privas", "boulangerie près de Privas"):
        row = search(q=question)

        assert (row.words, row.place, row.results) == ("boulangerie", "07186", 1), question


def test_a_department_and_a_category_are_noted_too(search):
    row = search(ou="Ardèche", categorie="boulangerie-patisserie")

    assert (row.words, row.category, row.place, row.results) == ("", "boulangerie-patisserie", "07", 1)


@pytest.mark.parametrize("asked", [{}, {"q": "pain", "page": "2"}, {"q": "pain", "type": "produits"}])
def test_opening_the_page_and_turning_it_is_no_search(search, asked):
    assert search(**asked) is None


def test_a_robot_looks_for_nothing(client, search):
    robot = "Mozilla/5.0 (compatible; Examplebot/2.1; +http://examplebot.example/bot.html)"

    client.get("/recherche/", {"q": "pain"}, headers={"User-Agent": robot})
    assert not Demand.objects.exists()

    client.get("/recherche/", {"q": "pain"}, headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"})
    assert Demand.objects.count() == 1


def test_the_log_has_no_column_that_tells_who(db):
    assert {field.name for field in Demand._meta.get_fields()} == {
        "id", "day", "words", "category", "place", "results", "rank"
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        "maud.vernet@fournil.example",
        "06 12 34 56 78",
        "né le 12/04/1987",
        "Dr Faure",
        "madame vernet",
        "marc faure",
        "Faure Vernet",
        "boulangerie de marc faure",
        "FAURE Idris",
    ],
)
def test_words_that_may_tell_who_are_not_kept(search, typed):
    row = search(q=typed)

    assert row is None or row.words == ""


@pytest.mark.parametrize(
    "typed", ["pain", "Pain Bio", "pain de campagne", "fromagerie 42000", "jean", "luthier baroque"]
)
def test_words_that_tell_nobody_are_kept(places, typed):
    assert not is_personal(typed, current().is_trade_word)


@pytest.fixture
def click(client, without_elasticsearch, bakery):
    """``click(rang="3")``: what a page sends when a result is opened."""

    def click(headers=SAME_ORIGIN, **sent):
        return client.post("/recherche/clic/", sent, headers=headers)

    return click


def test_the_rank_opened_is_counted_without_a_cookie(click):
    response = click(q="pain", ou="Privas", rang="3")

    row = Demand.objects.get()
    assert (response.status_code, response.content, dict(response.cookies)) == (204, b"", {})
    assert (row.words, row.place, row.rank, row.results) == ("pain", "07186", 3, None)


@pytest.mark.parametrize("rank", ["", "0", "-1", "x", "²", "99999", "9" * 5_000])
def test_a_rank_that_cannot_be_is_refused(click, rank):
    assert click(q="pain", rang=rank).status_code == 400
    assert not Demand.objects.exists()


def test_another_site_cannot_count(click):
    assert click(headers={"Sec-Fetch-Site": "cross-site"}, q="pain", rang="1").status_code == 403
    assert not Demand.objects.exists()


def demands(count, day=TODAY, words="pain", category="", place="07186", results=0, rank=None):
    Demand.objects.bulk_create(
        Demand(day=day, words=words, category=category, place=place, results=results, rank=rank) for _ in range(count)
    )


def test_after_ninety_days_only_sums_by_day_remain(db):
    old, kept = TODAY - KEPT - timedelta(days=1), TODAY - KEPT
    demands(6, day=old)
    demands(4, day=old, results=2)
    demands(2, day=old, results=None, rank=3)
    demands(1, day=kept)

    assert roll_up(TODAY) == 12
    assert roll_up(TODAY) == 0

    assert list(Demand.objects.values_list("day", flat=True)) == [kept]
    row = DailyDemand.objects.get()
    assert (row.day, row.words, row.place) == (old, "pain", "07186")
    assert (row.searches, row.unanswered, row.clicks, row.ranks) == (10, 6, 2, 6)


def test_rare_words_do_not_outlive_the_ninety_days(db):
    old = TODAY - KEPT - timedelta(days=1)
    demands(4, day=old, words="clavecin")
    demands(4, day=old, words="luthier")
    demands(1, day=TODAY, words="luthier")

    roll_up(TODAY)

    assert dict(DailyDemand.objects.values_list("words", "searches")) == {"": 4, "luthier": 4}


def test_the_worker_sums_up_each_minute(db):
    demands(1, day=timezone.localdate() - KEPT - timedelta(days=1))

    do("sum_up_searches")

    assert not Demand.objects.exists()
    assert DailyDemand.objects.count() == 1


@pytest.fixture
def office(client, editor, places):
    client.force_login(editor)
    return client


ADDRESS = "/gestion/reports/recherches/"


def table(page, title):
    start = page.index(f"<h2>{title}</h2>")
    return page[start : page.find("<h2>", start + 1)]


def test_editors_see_what_is_not_found_by_words_town_and_category(office):
    today = timezone.localdate()
    demands(7, day=today, words="luthier", category="loisirs")
    demands(6, day=today, words="pain", category="boulangerie-patisserie", place="26113", results=3)

    page = office.get(ADDRESS).content.decode()

    assert '<th scope="row">luthier</th><td>7</td><td>7</td>' in table(page, "Par mots")
    assert '<th scope="row">Privas (07)</th><td>7</td><td>7</td>' in table(page, "Par commune")
    assert "<td>6</td><td>0</td>" in table(page, "Par catégorie")
    assert page.count('role="img"') >= 2


def test_what_fewer_than_five_look_for_is_hidden_everywhere(office):
    today = timezone.localdate()
    demands(4, day=today, words="clavecin", category="coutelier", place="26113")
    demands(5, day=today, words="pain", results=3)
    demands(2, day=today, words="pain")

    page, lines = office.get(ADDRESS).content.decode(), office.get(ADDRESS, {"format": "csv"}).content.decode()

    assert "clavecin" not in page + lines
    assert "Die (26)" not in page + lines
    assert '<th scope="row">pain</th><td>7</td><td>quelques-unes</td>' in table(page, "Par mots")
    assert "pain;;Privas (07);7;moins de 5;0;" in lines


def test_sums_and_recent_searches_count_together(office):
    today = timezone.localdate()
    demands(3, day=today)
    DailyDemand.objects.create(
        day=today - timedelta(days=200), words="pain", category="", place="07186",
        searches=8, unanswered=5, clicks=0, ranks=0,
    )  # fmt: skip

    assert "<td>11</td><td>8</td>" in office.get(ADDRESS, {"jours": "365"}).content.decode()
    assert "Rien qui soit assez demandé" in office.get(ADDRESS, {"jours": "30"}).content.decode()


def test_a_town_and_a_category_narrow_the_report(office):
    today = timezone.localdate()
    demands(5, day=today, words="luthier", place="26113")
    demands(5, day=today, words="pain", category="boulangerie-patisserie")

    in_die = office.get(ADDRESS, {"ou": "Die"}).content.decode()
    bakeries = office.get(ADDRESS, {"categorie": "boulangerie-patisserie"}).content.decode()

    assert "luthier" in table(in_die, "Par mots")
    assert "pain" not in table(in_die, "Par mots")
    assert "luthier" not in table(bakeries, "Par mots")
    assert "Nous ne connaissons pas « Trifouilly »" in office.get(ADDRESS, {"ou": "Trifouilly"}).content.decode()


def test_the_table_can_be_taken_away(office):
    demands(6, day=timezone.localdate(), words="luthier")
    demands(5, day=timezone.localdate(), words="luthier", results=None, rank=3)

    response = office.get(ADDRESS, {"format": "csv"})

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert rows[1] == ["luthier", "", "Privas (07)", "6", "6", "5", "3,0"]


def test_those_who_are_no_editors_do_not_see_it(client, shopper):
    client.force_login(shopper)

    assert client.get(ADDRESS).status_code == 302
