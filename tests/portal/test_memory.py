"""A process asks the database again only for what has changed."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import psycopg
import pytest
from django.db import connection

from directory.models import MerchantPage, Town
from portal import memory
from portal.dependencies import RenderState, depends_on, rendering
from portal.memory import memoized, memoized_rows, start
from tests.database import Slot

# Snapshots tell transactions apart, so that changes must be committed.
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def a_page():
    """What is asked inside is asked by a page that is being made; yield the page."""
    page = RenderState()
    start(page)
    token = rendering.set(page)
    try:
        yield page
    finally:
        rendering.reset(token)


@pytest.fixture
def asked():
    """How often the database was asked for which merchant."""
    return []


@pytest.fixture
def title_of(asked):
    @memoized
    def title_of(pk):
        asked.append(pk)
        depends_on("page", pk)
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
    @memoized
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

    @memoized
    def title_read_slowly(pk):
        title = title_of(pk)
        rename(bakery)
        memory.process_cache.refresh()
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
    @memoized
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
    monkeypatch.setattr(memory, "MAX_ANSWERS", 2)
    full = memory.ProcessCache()
    for name in ("a", "b"):
        full.set(name, name, frozenset(), full.generation)
    full.get("a")

    full.set("c", "c", frozenset(), full.generation)

    assert [full.get(name) for name in ("a", "b", "c")] == [("a", frozenset()), None, ("c", frozenset())]


@dataclass(frozen=True)
class Card:
    title: str
    tags: tuple[str, ...] = ()


def immutable():
    yield from (None, 1, 2.5, "a", Decimal(3), date(2026, 11, 30), (), ("a", (1, None)), frozenset({1}))
    yield from (Card("a"), (Card("a", ("b",)),), MappingProxyType({1: ("a",)}), MerchantPage.Label.BIO)


def mutable():
    yield from ([], {}, {1}, ([],), Card("a", ["b"]), MappingProxyType({1: []}), Town(), (Town(),), object())


@pytest.mark.parametrize("answer", list(immutable()), ids=repr)
def test_an_answer_that_nobody_can_alter_is_handed_to_all(answer):
    @memoized
    def ask():
        return answer

    with a_page():
        assert ask() is answer
        assert ask() is answer


@pytest.mark.parametrize("answer", list(mutable()), ids=lambda answer: type(answer).__name__)
def test_an_answer_that_somebody_could_alter_is_refused(answer):
    @memoized
    def ask():
        return answer

    with a_page(), pytest.raises(TypeError, match="immutable"):
        ask()


def test_of_memoized_rows_each_caller_gets_copies_of_its_own(bakery):
    @memoized_rows
    def ask():
        return (MerchantPage.objects.with_place().get(),)

    with a_page():
        (mine,), (yours,) = ask(), ask()
        mine.title, mine.town.name = "Autre", "Ailleurs"
        (theirs,) = ask()

    assert mine == yours == theirs
    assert (yours.title, yours.town.name) == (theirs.title, theirs.town.name) == (bakery.title, "Privas")


def test_a_page_among_the_arguments_is_depended_on(asked, bakery):
    @memoized
    def street_of(merchant):
        asked.append(merchant.pk)
        return merchant.street

    with a_page() as page:
        street_of(bakery)
    assert f"page:{bakery.pk}" in page.tags
    rename(bakery)

    with a_page():
        street_of(bakery)

    assert asked == [bakery.pk] * 2
