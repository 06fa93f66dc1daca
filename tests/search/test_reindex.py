"""An index that is in place is left to the workers; one that is not is built."""

from django.core.management import call_command

from search.engines import elastic
from search.models import Generation, IndexedEntry
from tests.search.conftest import up_to_date


def reindexed(capsys):
    call_command("reindex", if_missing=True)
    return capsys.readouterr().out.strip()


def test_an_index_in_place_is_not_built_again(elasticsearch, bakery, capsys):
    up_to_date()

    assert reindexed(capsys) == "Index en place."
    assert Generation.objects.count() == 1


def test_an_index_lost_by_elasticsearch_is_built_again(elasticsearch, bakery, capsys):
    up_to_date()
    elastic.drop(elasticsearch.pk)

    assert "1 fiches" in reindexed(capsys)
    assert elastic.published() > elasticsearch.pk


def test_without_elasticsearch_the_entries_are_built_once(without_elasticsearch, bakery, capsys):
    IndexedEntry.objects.all().delete()

    assert "1 fiches" in reindexed(capsys)
    assert reindexed(capsys) == "Index en place."
