"""Whoever fills a table in bulk tells PostgreSQL's planner, which else plans for the emptiness that it counted last."""

import pytest
from django.db import connection

from directory.bulk import add_merchants
from directory.models import Category, DirectoryPage, MerchantPage, Town
from directory.places import town_changes
from portal import planner
from search.indexing.rebuild import refresh_all
from search.models import IndexedEntry
from tests.directory.test_bulk import drafts, let_online

pytestmark = pytest.mark.django_db
FEW = 20


def counted(table):
    """Return how many rows the planner believes that a table holds."""
    with connection.cursor() as cursor:
        cursor.execute("select reltuples from pg_class where oid = %s::regclass", [table])
        return cursor.fetchone()[0]


@pytest.fixture
def empty_counts(monkeypatch):
    """Every table below was counted when it was empty; FEW rows are many."""
    monkeypatch.setattr(planner, "MANY", FEW)

    def count_as_empty(*models):
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute("update pg_class set reltuples = 0 where oid = %s::regclass", [model._meta.db_table])

    return count_as_empty


def test_merchants_stored_in_bulk_are_counted(places, empty_counts):
    empty_counts(MerchantPage)
    add_merchants(drafts(places.die, FEW), DirectoryPage.objects.get(), vouch=let_online)
    assert counted("directory_merchantpage") == MerchantPage.objects.count()
    assert counted("wagtailcore_page") >= FEW


def test_a_few_rows_wait_for_autovacuum(places, empty_counts):
    empty_counts(MerchantPage)
    add_merchants(drafts(places.die, FEW - 1), DirectoryPage.objects.get(), vouch=let_online)
    assert counted("directory_merchantpage") == 0


def test_towns_that_were_loaded_are_counted(db, empty_counts):
    changes = town_changes()
    empty_counts(Town)
    changes.write()
    assert counted("directory_town") == Town.objects.count() > 1_000


def test_entries_that_were_rebuilt_are_counted(places, empty_counts):
    add_merchants(drafts(places.die, FEW), DirectoryPage.objects.get(), vouch=let_online)
    empty_counts(IndexedEntry)
    refresh_all()
    assert counted("regional_search_indexedentry") == IndexedEntry.objects.count() >= FEW


def test_a_model_without_parents_has_one_table():
    assert planner._tables_of(Category) == ["directory_category"]
