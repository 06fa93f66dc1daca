"""Readers of the log learn of each change once they can see it, and of none before."""

import psycopg
import pytest
from django.db import connection, transaction

from directory.models import Category, MerchantPage, Town
from portal import changes
from portal.models import ChangeReader
from search.editorial.models import Synonym
from tests.database import Slot

COUNT = """
    select count(*), count(distinct (tgrelid, tgtype)) from pg_trigger trigger
    join pg_proc function on function.oid = trigger.tgfoid
    where not trigger.tgisinternal and function.prosrc like '%insert into portal_change %'
"""


@pytest.fixture
def other_connection():
    with psycopg.connect(Slot.address(connection.settings_dict["NAME"]), autocommit=True) as other:
        yield other


def rename(merchant, title):
    MerchantPage.objects.filter(pk=merchant.pk).update(title=title)


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_once(bakery):
    before = changes.now()
    rename(bakery, "Chez Maud")

    position, tags = changes.since(before)

    assert f"page:{bakery.pk}" in tags
    assert changes.since(position).tags == frozenset()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_committed_after_later_ones_is_not_missed(bakery, cheesemonger, other_connection):
    before = changes.now()
    with other_connection.transaction():
        other_connection.execute("update wagtailcore_page set title = 'Avant' where id = %s", [bakery.pk])
        rename(cheesemonger, "Après")
        between, tags = changes.since(before)
        assert f"page:{cheesemonger.pk}" in tags
        assert f"page:{bakery.pk}" not in tags

    _, tags = changes.since(between)

    assert f"page:{bakery.pk}" in tags
    assert f"page:{cheesemonger.pk}" not in tags


@pytest.mark.django_db
def test_inside_a_transaction_its_own_changes_are_told_once_too(bakery):
    position = changes.now()
    for title in ("Un", "Deux", "Trois"):
        rename(bakery, title)
        position, tags = changes.since(position)
        assert f"page:{bakery.pk}" in tags
        assert changes.since(position).tags == frozenset()


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_changes_after_its_question_is_told_once_it_has_ended(bakery):
    with transaction.atomic():
        rename(bakery, "Un")
        position = changes.now()
        rename(bakery, "Deux")

    assert f"page:{bakery.pk}" in changes.since(position).tags


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("among", [["page:0"], ["site", "merchants"]])
def test_only_what_matters_is_told(bakery, among):
    before = changes.now()
    rename(bakery, "Chez Maud")

    assert changes.since(before, among).tags == frozenset(among) & {"merchants"}


@pytest.mark.django_db(transaction=True)
def test_more_than_is_worth_telling_is_everything(bakery):
    before = changes.now()
    changes.note(*(f"page:{number}" for number in range(5)))

    assert changes.since(before, most=4).tags is None
    assert len(changes.since(before, most=5).tags) == 5


@pytest.mark.django_db(transaction=True)
def test_after_a_restore_a_position_tells_nothing(bakery):
    before = changes.now()
    with connection.cursor() as cursor:
        cursor.execute("update portal_databasemark set id = id")

    assert changes.since(before).tags is None
    assert changes.waiting(before)[0] > 0  # all that is still kept


@pytest.mark.django_db(transaction=True)
def test_changes_of_another_history_that_lies_ahead_are_read_once(bakery):
    with connection.cursor() as cursor:
        cursor.execute("insert into portal_change (tag, changed_in) values ('page:99', '999999999')")

    assert "page:99" in changes.all_kept()
    assert "page:99" not in changes.all_kept()


@pytest.mark.django_db
def test_a_position_is_stored_as_text():
    changes.move("test", here := changes.now())

    assert changes.position_of("test") == here
    assert changes.position_of("nobody") is None
    ChangeReader.objects.filter(name="test").update(position="older")
    assert changes.position_of("test") is None


@pytest.mark.django_db(transaction=True)
def test_old_changes_wait_for_a_reader_that_has_not_passed_them(bakery):
    def kept():
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from portal_change where tag = 'page:99'")
            return cursor.fetchone()[0]

    ChangeReader.objects.all().delete()
    changes.move("slow", changes.now())
    with connection.cursor() as cursor:
        cursor.execute("insert into portal_change (tag, noted_at) values ('page:99', now() - interval '2 hours')")

    changes.forget_old()
    assert kept() == 1

    changes.move("slow", changes.now())
    changes.forget_old()
    assert kept() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", ["town", "category", "synonym", "merchant"])
def test_words_are_read_again_when_they_change_and_only_then(bakery, write):
    made = []
    words = changes.Followed(lambda: made.append(None) or len(made), "vocabulary")
    assert (words.get(), words.get()) == (1, 1)

    if write == "town":
        Town.objects.filter(pk=bakery.town_id).update(name="Privas-Ville")
    elif write == "category":
        Category.objects.filter(pk=bakery.category_id).update(synonyms=["fournil"])
    elif write == "synonym":
        Synonym.objects.create(phrase="miche", meaning="pain")
    else:
        rename(bakery, "Chez Maud")

    assert (words.get(), words.get()) == ((1, 1) if write == "merchant" else (2, 2))


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_made_is_tried_again(db):
    answers = [1, ZeroDivisionError(), 3]

    def make():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    words = changes.Followed(make, "vocabulary")
    words.get()
    changes.note("vocabulary")
    with pytest.raises(ZeroDivisionError):
        words.get()

    assert words.get() == 3


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_for_changes_is_woken(bakery, other_connection):
    other_connection.execute("listen portal_change")
    rename(bakery, "Chez Maud")

    assert [note.channel for note in other_connection.notifies(timeout=10, stop_after=1)] == ["portal_change"]


@pytest.mark.django_db
def test_no_table_is_watched_twice_by_as_few_triggers_as_can_be():
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        triggers, writes = cursor.fetchone()

    assert triggers == writes <= 113  # 95 of the first tables, three a table that pages have shown since
