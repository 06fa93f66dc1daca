"""Editors say that words mean other words: both engines find by either, no more, and tell so."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection

from directory.models import Category
from search.editorial.models import Synonym
from search.page.explain import explain
from search.page.highlight import marked
from search.query import Kind, Wording
from search.understanding.gazetteer import current
from search.understanding.parse import parse
from search.understanding.synonyms import Synonyms
from tests.factories import make_merchant
from tests.search.conftest import up_to_date
from tests.search.factories import make_story, titles
from tests.shop.factories import make_product

pytestmark = pytest.mark.usefixtures("places")


def understood(q="", where="", **changes):
    return replace(parse(current(), q, where).query, **changes)


def say(phrase, meaning, category=None):
    synonym = Synonym(phrase=phrase, meaning=meaning, category=category)
    synonym.full_clean()
    synonym.save()
    return synonym


def test_products_and_texts_are_found_by_either_words_with_the_same_points(ask):
    make_product(make_merchant(title="Chez Jo", category="restaurant"), title="Zigoulis du jeudi")
    make_product(make_merchant(title="Chez Lou", category="restaurant"), title="Farandoles du jeudi")
    make_story("Les farandoles de mamie")
    say("zigouli", "farandole")

    products, stories = (ask(understood("zigoulis", kind=kind)) for kind in (Kind.PRODUCT, Kind.STORY))

    assert set(titles(products)) == {"Zigoulis du jeudi", "Farandoles du jeudi"}
    assert len({hit.points for hit in products.hits}) == 1
    assert titles(stories) == ["Les farandoles de mamie"]
    assert titles(ask(understood("farandoles", kind=Kind.PRODUCT))) == ["Farandoles du jeudi"]


def test_the_other_words_of_the_question_are_asked_for_all_the_same(ask):
    shop = make_merchant(title="Chez Jo", category="restaurant")
    make_product(shop, title="Farandoles dorées à la cannelle")
    make_product(shop, title="Farandoles")
    say("zigoulis dorés", "farandoles dorées")

    assert titles(ask(understood("zigoulis dorés cannelle", kind=Kind.PRODUCT))) == ["Farandoles dorées à la cannelle"]


def test_a_synonym_that_names_a_town_asks_for_no_place_and_the_place_asked_for_stays(ask, places):
    make_product(make_merchant(title="Chez Jo", town=places.die, category="restaurant"), title="Boules de Romans")
    make_product(make_merchant(title="Chez Lou", town=places.romans, category="restaurant"), title="Boules de Romans")
    say("zigouli", "boules de Romans")

    results = ask(understood("zigouli à Die", kind=Kind.PRODUCT))

    assert results.query.place == current().places[places.die.insee_code]
    assert [(hit.entry.seller, hit.entry.title) for hit in results.hits] == [("Chez Jo", "Boules de Romans")]


def test_what_the_words_mean_raises_its_category_before_what_the_typed_ones_mean(ask):
    make_merchant(title="Maison Roux", category="boulangerie-patisserie")
    make_merchant(title="Lames Pons", category="coutelier")
    say("zigouli", "couteaux")

    results = ask(understood("zigouli"))

    assert results.query.inferred[0] == "coutelier"
    assert titles(results) == ["Lames Pons"]


def test_the_points_add_up_and_the_reason_names_the_synonym(ask):
    shop = make_merchant(title="Chez Jo", category="restaurant", story="<p>Des farandoles, le jeudi.</p>")
    make_product(shop, title="Farandoles du jeudi")
    say("Zigoulis", "farandoles")

    for kind in (Kind.MERCHANT, Kind.PRODUCT):
        question = understood("zigoulis", "Privas", kind=kind)
        (hit,) = ask(question).hits
        reasons = explain(question, hit)
        assert reasons.total == hit.points
        assert reasons.factors[0].text.endswith(", en lisant aussi «\xa0farandoles\xa0» pour «\xa0Zigoulis\xa0»")
    assert "<mark>Farandoles</mark>" in marked("Farandoles du jeudi", question)


def test_the_results_page_tells_it(client, without_elasticsearch):
    make_product(make_merchant(title="Chez Jo", category="restaurant"), title="Farandoles du jeudi")
    say("zigouli", "farandoles")
    up_to_date()

    page = client.get("/recherche/", {"q": "zigoulis"}).content.decode()

    assert "Farandoles du jeudi" in page
    assert "en lisant aussi «\xa0farandoles\xa0» pour «\xa0zigouli\xa0»" in page


def test_no_synonym_leads_to_another_and_one_counts_a_question_the_longest():
    synonyms = Synonyms([("un", "seul"), ("zigouli", "bricole"), ("bricole", "zigouli"), ("zigouli de Noël", "bûche")])

    assert synonyms.exchange(["zigoulis"]).words == ("bricole",)
    assert synonyms.exchange(["bricole", "et", "zigouli", "noel"]).words == ("bricole", "et", "buche")
    assert synonyms.exchange(["zigouli", "bricole"]).words == ("bricole", "bricole")
    assert synonyms.exchange(["un", "pain"]) is None


def test_the_words_of_a_synonym_are_spelled_right_and_name_no_place():
    assert parse(current(), "zigoulis").query.synonym is None
    say("zigoulis de Romans", "farandoles")

    reading = parse(current(), "zigoulis de Romans")

    assert reading.corrected is None
    assert not reading.query.within
    assert reading.query.synonym == Wording(
        ("farandoles",), ("farandoles",), ("farandoles",), "zigoulis de Romans", "farandoles"
    )
    assert parse(current(), "zigouliss de Romans").corrected.query.synonym == reading.query.synonym


def test_words_changed_or_taken_away_by_sql_count_for_the_next_search():
    say("zigouli", "farandoles")
    assert understood("zigouli").synonym.words == ("farandoles",)

    with connection.cursor() as cursor:
        cursor.execute("update regional_search_synonym set meaning = 'bricoles'")
    assert understood("zigouli").synonym.words == ("bricoles",)

    Synonym.objects.all().delete()
    assert understood("zigouli").synonym is None


@pytest.mark.parametrize(
    ("meaning", "message"),
    [
        ("", "au moins l’un des deux"),
        ("de la", "Écrivez au moins un mot"),
        ("un deux trois quatre cinq six sept", "Gardez 5 mots au plus"),
        ("les zigoulis", "Ce sont les mots que les gens tapent déjà"),
    ],
)
def test_words_that_say_nothing_too_much_or_the_same_are_refused(client, editor, meaning, message):
    client.force_login(editor)

    page = client.post("/gestion/synonyms/new/", {"phrase": "zigouli", "category": "", "meaning": meaning})

    assert message in page.content.decode()
    assert not Synonym.objects.exists()


def test_the_database_refuses_a_synonym_of_nothing():
    with pytest.raises(IntegrityError, match="synonym_means_something"):
        Synonym.objects.create(phrase="zigouli")


def test_editors_write_words_with_or_without_a_category(client, editor):
    client.force_login(editor)
    cutler = Category.objects.get(slug="coutelier")
    for phrase, category in (("zigouli", ""), ("bricole", cutler.pk)):
        client.post("/gestion/synonyms/new/", {"phrase": phrase, "category": category, "meaning": "farandoles"})

    listed = client.get("/gestion/synonyms/").content.decode()

    assert [str(synonym) for synonym in Synonym.objects.all()] == [
        f"bricole → {cutler}, « farandoles »",
        "zigouli → « farandoles »",
    ]
    assert listed.count("farandoles") >= 2
    assert understood("bricole").inferred == ("coutelier",)
