"""From a question to the blocks of a page."""

import pytest

from directory.models import MerchantPage
from search.answer import NEIGHBOURS, answer
from search.query import Kind, Query
from search.understanding import gazetteer
from search.understanding.parse import parse
from tests.factories import make_merchant
from tests.search.conftest import up_to_date
from tests.shop.factories import make_product

IN_DIE = {"latitude": 44.7533, "longitude": 5.3703}
NEAR_DIE = {"latitude": 44.85, "longitude": 5.26}  # on the way to Romans


def test_facets_are_counted_for_the_first_kind_found(without_elasticsearch, cheesemonger, bakery):
    make_product(cheesemonger, title="Picodon fermier", description="<p>Affiné à la cave.</p>")
    up_to_date()
    known = gazetteer.current()

    everything = answer(known, Query()).results
    of_products = answer(known, Query(words=("affine",), phrase=("affine",))).results

    assert everything[Kind.MERCHANT].categories
    assert not everything[Kind.PRODUCT].categories
    assert not of_products[Kind.MERCHANT].total
    assert of_products[Kind.PRODUCT].categories


@pytest.fixture
def answered(engine, places):
    """``answered(q, where)``: the answer of each engine in turn, once everything written is searchable."""

    def answered(q, where):
        up_to_date()
        known = gazetteer.current()
        return answer(known, parse(known, q, where).query)

    return answered


def titles(found):
    return [hit.entry.title for hit in found.results[Kind.MERCHANT].hits]


def test_who_may_have_it_in_the_town_comes_before_the_neighbours(answered, places):
    make_merchant(title="Brasserie du Vercors", category="brasserie-distillerie", town=places.die, **IN_DIE)
    make_merchant(title="Cave de Romeyer", category="caviste", town=places.romans, **NEAR_DIE)
    make_merchant(title="Brasserie de Romeyer", category="brasserie-distillerie", town=places.romans, **NEAR_DIE)

    found = answered("chartreuse verte", "Die")

    assert titles(found) == ["Brasserie du Vercors", "Cave de Romeyer"]
    assert (found.related_shown, found.opened_to) == (("brasserie-distillerie",), NEIGHBOURS)


def test_nobody_stands_in_where_the_town_has_whom_one_looks_for(answered, places):
    make_merchant(title="Brasserie du Vercors", category="brasserie-distillerie", town=places.die)
    make_merchant(title="Cave de la Drôme", category="caviste", town=places.die)

    found = answered("chartreuse verte", "Die")

    assert titles(found) == ["Cave de la Drôme"]
    assert not found.related_shown


def test_nobody_stands_in_for_a_trade(answered, places):
    make_merchant(title="Brasserie du Vercors", category="brasserie-distillerie", town=places.die, **IN_DIE)
    make_merchant(title="Cave de Romeyer", category="caviste", town=places.romans, **NEAR_DIE)

    found = answered("caviste", "Die")

    assert titles(found) == ["Cave de Romeyer"]
    assert not found.related_shown


def test_a_word_in_a_presentation_does_not_keep_others_away(answered, places):
    make_merchant(title="Le Rasoir", category="barbier", town=places.die, story="<p>Mousse à la chartreuse verte.</p>")
    make_merchant(title="Brasserie du Vercors", category="brasserie-distillerie", town=places.die)

    found = answered("chartreuse verte", "Die")

    assert titles(found) == ["Brasserie du Vercors", "Le Rasoir"]
    assert not found.opened_to


CLOSE_TO_DIE = {"latitude": 44.828, "longitude": 5.31}  # nine kilometres


def test_the_right_trade_within_ten_kilometres_comes_before_who_stands_in(answered, places):
    make_merchant(title="Brasserie du Vercors", category="brasserie-distillerie", town=places.die, **IN_DIE)
    cave = make_merchant(title="Cave de Romeyer", category="caviste", town=places.romans)
    MerchantPage.objects.filter(pk=cave.pk).update(**CLOSE_TO_DIE)

    found = answered("chartreuse verte", "Die")

    assert titles(found) == ["Cave de Romeyer", "Brasserie du Vercors"]


def test_who_sells_it_comes_before_who_may(answered, places):
    others = [make_merchant(title=f"Crèmerie {n}", category="fromagerie-cremerie", town=places.die) for n in "ABC"]
    seller = make_merchant(title="Crèmerie Z", category="fromagerie-cremerie", town=places.die)
    make_product(seller, title="Rigotte de Condrieu")
    make_product(others[0], title="Picodon")

    found = answered("rigotte", "Die")

    assert titles(found)[0] == "Crèmerie Z"
    assert [hit.entry.title for hit in found.results[Kind.PRODUCT].hits] == ["Rigotte de Condrieu"]
    assert found.leads[0] == Kind.PRODUCT


def test_a_trade_asked_alone_is_no_matter_of_names(answered, places):
    make_merchant(title="Jean Boucher, plombier", category="plombier-chauffagiste", town=places.die)
    make_merchant(title="Maison Martin", category="boucherie-charcuterie", town=places.die)
    make_merchant(title="Le Boucher", category="boucherie-charcuterie", town=places.die)

    found = answered("boucher", "Die")

    assert {hit.entry.title: hit.points for hit in found.results[Kind.MERCHANT].hits[:2]}.keys() == {
        "Maison Martin",
        "Le Boucher",
    }
    assert len({hit.points for hit in found.results[Kind.MERCHANT].hits[:2]}) == 1


def test_what_is_sold_out_comes_last(answered, places):
    seller = make_merchant(title="Crèmerie Z", category="fromagerie-cremerie", town=places.die)
    make_product(seller, title="Rigotte de Condrieu", stock=0)
    make_product(seller, title="Petite rigotte du Pilat")

    found = answered("rigotte de Condrieu", "")

    assert found.results[Kind.PRODUCT].hits[-1].entry.title == "Rigotte de Condrieu"
