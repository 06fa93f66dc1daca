"""Singular and plural are one question, words that only share a stem are not: both engines, a whole region."""

import pytest

from search.answer import ENOUGH, answer, choose_reading
from search.engines import elastic
from search.engines.database import Database
from search.query import Kind, Query
from search.ranking import TIERS
from search.understanding.gazetteer import current
from search.understanding.normalize import words_of
from search.understanding.parse import parse
from search.understanding.terms import indexed
from shop.models import ProductDetails
from tests.factories import make_merchant
from tests.search.conftest import up_to_date
from tests.search.factories import make_story, titles
from tests.search.test_inflection import PLURALS, STRANGERS
from tests.shop.factories import make_product

NEUTRAL = "pressing-laverie"  # a trade that none of the words mean


def index_all():
    """Index what was made, all of it on sale: what its name makes the portal ask about allergens is not tried here."""
    ProductDetails.objects.update(is_food=False, question="", confirmed="")
    up_to_date()


@pytest.fixture
def asked(engine, monkeypatch):
    """``asked(question)``: the page's results by kind, from one engine alone."""
    monkeypatch.setattr("search.answer.engine", lambda: engine)

    def asked(question):
        known = current()
        return answer(known, choose_reading(parse(known, question), engine).query).results

    return asked


def shown(results):
    return {kind: [(hit.entry.kind, hit.entry.id, hit.points) for hit in found.hits] for kind, found in results.items()}


def test_a_word_and_its_plural_are_one_question(asked, places):
    shops = [make_merchant(title=f"Étal {number}", category=NEUTRAL, town=town)
             for number, town in enumerate([places.privas, places.die, places.thiers, places.lyon_3])]  # fmt: skip
    for number, (one, several) in enumerate(PLURALS):
        make_product(shops[number % 4], title=f"{one} du pays".capitalize())
        make_product(shops[(number + 1) % 4], title=f"Nos {several}")
    for number in range(ENOUGH):  # of who says the word: what is typed is answered, however it may be spelled
        make_story(f"Histoire {number}", text=", ".join(several for _, several in PLURALS))
        make_merchant(title=f"Maison {number}", story=f"<p>{', '.join(one for one, _ in PLURALS)}</p>")
    index_all()

    differ = {}
    for one, several in PLURALS:
        first, second = asked(one), asked(several)
        if shown(first) != shown(second):
            differ[one] = several
        found = titles(first[Kind.PRODUCT])
        if not {f"{one} du pays".capitalize(), f"Nos {several}"} <= set(found) or not first[Kind.STORY].total:
            differ[one] = found

    assert differ == {}


def test_words_that_share_a_stem_are_not_found_for_one_another(asked, places):
    shop, other = (make_merchant(title=name, category=NEUTRAL) for name in ("Chez Jo", "Chez Lou"))
    for word, stranger in STRANGERS:
        make_product(shop, title=f"Bidule {word}")
        make_product(other, title=f"Truc {stranger}")
        make_merchant(title=f"Maison {stranger}", category=NEUTRAL)
    for number in range(ENOUGH):
        make_merchant(title=f"Hameau {number}", story=f"<p>{', '.join(word for word, _ in STRANGERS)}</p>")
    index_all()

    wrong = {}
    for word, stranger in STRANGERS:
        results = asked(word)
        first = titles(results[Kind.PRODUCT])[0]
        if indexed(word) not in indexed(first):
            wrong[word] = first
        for hit in (*results[Kind.PRODUCT].hits, *results[Kind.MERCHANT].hits):
            if stranger in hit.entry.title.split() and hit.points > TIERS["related"]:
                wrong[word] = stranger

    assert wrong == {}


def test_what_is_denied_is_not_found_by_its_name(asked, places):
    jo = make_merchant(title="Chez Jo", category=NEUTRAL, story="<p>Des pizzas sans fromage ni crème.</p>")
    lou = make_merchant(title="Chez Lou", category=NEUTRAL, story="<p>Du fromage et de la crème.</p>")
    make_product(jo, title="Pizza sans fromage")
    make_product(lou, title="Pizza au fromage")
    make_product(jo, title="Pain sans gluten")
    make_product(lou, title="Pain riche en gluten", description="Ne convient pas à qui mange sans gluten.")
    index_all()

    for word in ("fromage", "fromages", "crème"):
        results = asked(word)
        assert titles(results[Kind.MERCHANT])[:1] == ["Chez Lou"], word
        assert "Chez Jo" not in titles(results[Kind.MERCHANT])
        assert "Pizza sans fromage" not in titles(results[Kind.PRODUCT])
    assert titles(asked("sans fromage")[Kind.PRODUCT]) == ["Pizza sans fromage"]
    assert titles(asked("pizzas sans fromages")[Kind.PRODUCT]) == ["Pizza sans fromage"]
    assert titles(asked("sans gluten")[Kind.PRODUCT])[0] == "Pain sans gluten"
    assert titles(asked("pain sans gluten")[Kind.PRODUCT])[0] == "Pain sans gluten"
    assert titles(asked("gluten")[Kind.PRODUCT]) == ["Pain riche en gluten"]
    assert titles(asked("sans crème")[Kind.MERCHANT]) == ["Chez Jo"]


def test_the_only_pastry_shop_comes_first_for_a_cake(asked, places):
    make_merchant(title="Pâtisserie Fayard", category="boulangerie-patisserie", story="<p>Gâteaux sur commande.</p>")
    for number in range(3):
        make_merchant(title=f"Gratin {number}", category="restaurant", story="<p>Un gâteau en dessert.</p>")
    index_all()

    for word in ("gâteau", "gâteaux", "gateau", "gateaux"):
        assert titles(asked(word)[Kind.MERCHANT])[0] == "Pâtisserie Fayard"


@pytest.mark.parametrize(
    "typed", ["boulanger", "boulangère", "boulangères", "boulangerie", "boulangeries", "boulangere"]
)
def test_a_trade_is_found_in_either_gender_and_by_its_shop(asked, bakery, typed):
    index_all()

    (hit,) = asked(typed)[Kind.MERCHANT].hits

    assert (hit.entry.title, hit.points) == ("Le Fournil des Mines", TIERS["category"])


@pytest.mark.parametrize("begun", ["chev", "chevau", "chevaux", "cheval", "vend", "vendeuse", "sans glu", "gateaux"])
def test_names_are_proposed_alike_by_both_engines(elasticsearch, places, begun):
    shop = make_merchant(title="Chevaux et vendeuses", category=NEUTRAL)
    make_product(shop, title="Gâteau de cheval sans gluten")
    index_all()
    asked = [Query(kind=kind, words=tuple(words_of(begun)), unfinished=True) for kind in (Kind.MERCHANT, Kind.PRODUCT)]

    first, second = elastic.Elastic().search(asked), Database().search(asked)

    assert [titles(found) for found in first] == [titles(found) for found in second]
    assert sum(found.total for found in first) >= 1
