"""A process asks the database again only for what has changed."""

from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from directory.models import MerchantPage
from portal import memory
from portal.memory import Making, making, remembered
from portal.page_cache import shows
from tests.database import Slot

# Snapshots tell transactions apart, so that changes must be committed.
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def a_page():
    """What is asked inside is asked by a page that is being made; yield the page."""
    page = Making()
    page.start()
    token = making.set(page)
    try:
        yield page
    finally:
        making.reset(token)


@pytest.fixture
def asked():
    """How often the database was asked for which merchant."""
    return []


@pytest.fixture
def title_of(asked):
    @remembered
    def title_of(pk):
        asked.append(pk)
        shows("page", pk)
        return MerchantPage.objects.get(pk=pk).title

    return title_of


@pytest.fixture
def other_connection():
    with psycopg.connect(Slot.address(connection.settings_dict["NAME"]), autocommit=True) as other:
        yield other


def rename(merchant, title="Le Fournil du Palais"):
    MerchantPage.objects.filter(pk=merchant.pk).update(title=title)


def test_what_has_not_changed_is_asked_once(title_of, asked, bakery, cheesemonger):
    with a_page():
        title_of(bakery.pk)
    rename(cheesemonger)

    with a_page() as page:
        assert title_of(bakery.pk) == "Le Fournil des Mines"

    assert asked == [bakery.pk]
    assert f"page:{bakery.pk}" in page.tags


def test_an_argument_left_out_is_the_same_question(asked):
    @remembered
    def note(first, second=None, third=3):
        asked.append((first, second, third))

    with a_page():
        note(1)
        note(1, None)
        note(1, None, 3)
        note(1, None, 4)

    assert asked == [(1, None, 3), (1, None, 4)]


def test_what_has_changed_is_asked_again(title_of, bakery):
    with a_page():
        title_of(bakery.pk)
    rename(bakery)

    with a_page():
        assert title_of(bakery.pk) == "Le Fournil du Palais"


def test_a_change_that_is_committed_while_the_answer_is_sought_is_not_missed(title_of, bakery):
    """One page reads the old name, the change commits, another page learns of it, and only then is the answer kept."""

    @remembered
    def title_read_slowly(pk):
        title = title_of(pk)
        rename(bakery)
        memory.memory.learn()
        return title

    with a_page():
        assert title_read_slowly(bakery.pk) == "Le Fournil des Mines"

    with a_page():
        assert title_read_slowly(bakery.pk) == "Le Fournil du Palais"


def test_a_change_that_was_not_committed_when_others_were_learnt_is_not_missed(title_of, bakery, other_connection):
    with a_page():
        title_of(bakery.pk)
    with other_connection.transaction():
        other_connection.execute("update wagtailcore_page set title = 'Chez Nine' where id = %s", [bakery.pk])
        with a_page():
            assert title_of(bakery.pk) == "Le Fournil des Mines"

    with a_page():
        assert title_of(bakery.pk) == "Chez Nine"


def test_an_answer_made_of_others_changes_with_them(title_of, bakery):
    @remembered
    def sign_of(pk):
        return title_of(pk).upper()

    with a_page():
        sign_of(bakery.pk)
    rename(bakery)

    with a_page():
        assert sign_of(bakery.pk) == "LE FOURNIL DU PALAIS"


def test_nothing_is_remembered_outside_a_page(title_of, asked, bakery):
    title_of(bakery.pk)
    title_of(bakery.pk)

    assert asked == [bakery.pk] * 2


def test_a_process_that_slept_longer_than_changes_are_kept_forgets_all(title_of, asked, bakery, monkeypatch):
    with a_page():
        title_of(bakery.pk)
    monkeypatch.setattr(memory, "TRUSTED", 0)

    with a_page():
        title_of(bakery.pk)

    assert asked == [bakery.pk] * 2


def test_what_was_not_asked_for_the_longest_makes_room(monkeypatch):
    monkeypatch.setattr(memory, "MOST", 2)
    full = memory.Memory()
    for name in ("a", "b"):
        full.keep(name, name, frozenset(), full.moment)
    full.recall("a")

    full.keep("c", "c", frozenset(), full.moment)

    assert [full.recall(name) for name in ("a", "b", "c")] == [("a", frozenset()), None, ("c", frozenset())]
