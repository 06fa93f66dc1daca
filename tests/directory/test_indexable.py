"""The quality gate of town pages."""

from directory.indexable import is_indexable, merchant_counts
from tests.factories import make_merchant


def test_the_third_live_merchant_makes_a_town_worth_indexing_and_losing_one_undoes_it(places):
    merchants = [make_merchant(town=places.die) for _ in range(3)]
    make_merchant(town=places.die, live=False)
    assert merchant_counts()[places.die.pk, None].is_indexable

    merchants[0].unpublish()

    assert not merchant_counts()[places.die.pk, None].is_indexable


def test_a_district_counts_for_its_commune(places):
    cheese = make_merchant(town=places.lyon_3, category="fromagerie-cremerie").category

    found = merchant_counts()

    trades = (None, cheese.pk, cheese.parent_id)
    assert set(found) == {(town.pk, trade) for town in (places.lyon, places.lyon_3) for trade in trades}
    assert found[places.lyon.pk, cheese.pk].count == found[places.lyon.pk, cheese.parent_id].count == 1


def test_a_town_changed_when_its_newest_merchant_did(places):
    first, second = make_merchant(town=places.die), make_merchant(town=places.die, category="librairie")

    found = merchant_counts()

    assert found[places.die.pk, None].newest == second.last_published_at
    assert found[places.die.pk, first.category_id].newest == first.last_published_at


def test_counting_takes_one_query_however_many_merchants(places, django_assert_num_queries):
    for town in (places.die, places.privas, places.lyon_3):
        make_merchant(town=town)

    with django_assert_num_queries(1):
        merchant_counts()


def test_the_bar_is_a_setting(settings):
    settings.INDEXABLE_FROM = 5

    assert not is_indexable(4)
    assert is_indexable(5)
