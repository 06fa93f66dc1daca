"""Editors teach the search words and answers, and it knows them at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from directory.models import Category
from home.models import StoryPage
from search.editorial.models import PromotedAnswer, Synonym
from search.editorial.promoted import answers
from search.indexing import index
from search.understanding.gazetteer import current
from search.understanding.parse import parse
from tests.search.factories import make_story

pytestmark = pytest.mark.usefixtures("without_elasticsearch", "places")


@pytest.fixture
def office(client, editor):
    client.force_login(editor)
    return client


def inferred(typed):
    return parse(current(), typed).query.inferred


def test_a_synonym_counts_for_the_next_search(office):
    assert inferred("clavecin") == ()

    office.post(
        "/gestion/synonyms/new/", {"phrase": "Clavecins", "category": Category.objects.get(slug="coutelier").pk}
    )

    assert inferred("clavecin") == ("coutelier",)


def test_a_synonym_written_by_sql_counts_and_one_taken_away_does_not():
    category = Category.objects.get(slug="coutelier")
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into regional_search_synonym (phrase, category_id) values ('clavecin', %s)", [category.pk]
        )
    assert inferred("clavecin") == ("coutelier",)

    Synonym.objects.all().delete()

    assert inferred("clavecin") == ()


@pytest.mark.parametrize("phrase", ["", "de la", "acheter", "un deux trois quatre cinq six sept"])
def test_a_synonym_that_says_nothing_or_too_much_is_refused(phrase):
    with pytest.raises(ValidationError):
        Synonym(phrase=phrase, category=Category.objects.first()).full_clean()


@pytest.fixture
def markets():
    return make_story("Les marchés de Noël de la Drôme")


def promote(page, **facts):
    answer = PromotedAnswer(**{"title": "Douze marchés", "page": page, "phrases": ["marché de Noël", "cadeau"]} | facts)
    answer.full_clean()
    answer.save()
    return answer


def found(client, **asked):
    index.drain()
    return client.get("/recherche/", asked).content.decode()


@pytest.mark.parametrize("typed", ["marché de noël", "NOEL marches", "un cadeau", "cadeaux à Die"])
def test_a_promoted_answer_stands_above_the_results_and_is_labelled(client, markets, typed):
    promote(markets)

    page = found(client, q=typed)

    assert "Douze marchés" in page
    label = page.index('<span class="chip chip--label">Réponse de la rédaction</span>')
    assert label < page.index("Douze marchés")


@pytest.mark.parametrize("typed", ["marché", "pain", ""])
def test_other_words_do_not_call_it(client, markets, typed):
    promote(markets)

    assert "Douze marchés" not in found(client, q=typed)


def test_it_shows_only_in_its_time_and_while_its_page_is_public(client, markets):
    today = timezone.localdate()
    promote(markets, title="Demain", starts_on=today + timedelta(days=1))
    promote(markets, title="Hier", ends_on=today - timedelta(days=1))
    promote(markets, title="En cours", starts_on=today, ends_on=today)

    page = found(client, q="cadeau")
    assert "En cours" in page
    assert "Demain" not in page
    assert "Hier" not in page

    StoryPage.objects.get(pk=markets.pk).unpublish()
    assert "En cours" not in found(client, q="cadeau")


def test_a_merchant_is_never_promoted(bakery):
    with pytest.raises(ValidationError, match="Un commerçant ne peut pas être mis en avant"):
        promote(bakery)


def test_a_period_that_ends_before_it_begins_is_refused(markets):
    with pytest.raises(ValidationError, match="La fin vient avant le début"):
        promote(markets, starts_on=timezone.localdate(), ends_on=timezone.localdate() - timedelta(days=1))


def test_editors_write_answers_in_the_admin(office, client, markets):
    response = office.post(
        "/gestion/promoted_answers/new/",
        {"title": "Douze marchés", "text": "", "page": markets.pk, "phrases": "marché de noël, cadeau",
         "starts_on": "", "ends_on": ""},
    )  # fmt: skip

    assert response.status_code == 302
    assert PromotedAnswer.objects.get().phrases == ["marché de noël", "cadeau"]
    assert "Douze marchés" in found(client, q="cadeau")


@pytest.mark.parametrize("address", ["synonyms/", "synonyms/new/", "promoted_answers/", "promoted_answers/new/"])
def test_editors_open_the_lists_and_forms_and_merchants_do_not(office, client, baker, address):
    assert office.get(f"/gestion/{address}").status_code == 200

    client.force_login(baker)
    assert client.get(f"/gestion/{address}").status_code in (302, 403)


def test_a_question_that_calls_no_answer_costs_no_query(client, markets, django_assert_num_queries):
    promote(markets)
    known = current()
    answers(known, parse(known, "cadeau").query)

    with django_assert_num_queries(0):
        assert answers(known, parse(known, "pain").query) == []
