"""From a question to the blocks of a page."""

from search import gazetteer
from search.answer import answer
from search.query import Kind, Query
from tests.search.conftest import up_to_date
from tests.shop.factories import make_product


def test_facets_are_counted_for_the_first_kind_found(without_elasticsearch, cheesemonger, bakery):
    make_product(cheesemonger, title="Picodon fermier")
    up_to_date()
    known = gazetteer.current()

    everything = answer(known, Query()).results
    of_products = answer(known, Query(words=("picodon",), phrase=("picodon",))).results

    assert everything[Kind.MERCHANT].categories
    assert not everything[Kind.PRODUCT].categories
    assert not of_products[Kind.MERCHANT].total
    assert of_products[Kind.PRODUCT].categories
