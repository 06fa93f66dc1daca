"""An index that is in place is left to the workers; one that is not, or suits other code, is built beside it."""

import pytest
from django.core.management import call_command
from django.db import transaction

from search.engines import Unavailable, elastic, failover
from search.indexing import index, rebuild
from search.indexing.comparison import differences
from search.models import Generation, IndexedEntry
from search.query import Kind, Query
from tests.drills import outages
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


@pytest.mark.parametrize("lost", [list(Kind), [Kind.MERCHANT]], ids=["all", "one"])
def test_lost_indexes_that_changes_wait_for_are_built_again(elasticsearch, bakery, settings, capsys, lost):
    up_to_date()
    for kind in lost:
        outages.ask(settings.ELASTICSEARCH_URL[0], "DELETE", f"/{elastic.index_name(kind, elasticsearch.pk)}")
    bakery.title = "Chez Maud"
    bakery.save()
    with pytest.raises(Unavailable):
        index.drain()

    call_command("reindex")
    index.drain()

    assert elastic.published() == Generation.objects.get().pk > elasticsearch.pk
    assert list(differences()) == []


def test_without_elasticsearch_the_entries_are_built_once(without_elasticsearch, bakery, capsys):
    IndexedEntry.objects.all().delete()

    assert "1 fiches" in reindexed(capsys)
    assert reindexed(capsys) == "Index en place."


def test_indexes_that_differ_from_the_table_are_not_switched_to(elasticsearch, bakery, cheesemonger, monkeypatch):
    up_to_date()
    warm_up = elastic.warm_up

    def lose_one(generation):
        row = IndexedEntry.objects.get(object_id=bakery.pk)
        row.deleted, row.version = True, row.version + 1
        elastic.write([row], [generation])
        warm_up(generation)

    monkeypatch.setattr(elastic, "warm_up", lose_one)
    with pytest.raises(Unavailable, match=r"nombre et somme \(1, \d+\), non \(2, \d+\)"):
        rebuild.rebuild()

    assert elastic.published() == elasticsearch.pk
    assert Generation.objects.get(state=Generation.State.LIVE).pk == elasticsearch.pk


def test_a_stale_entry_is_told_though_the_count_is_right(elasticsearch, bakery):
    up_to_date()
    IndexedEntry.objects.filter(object_id=bakery.pk).update(version=1_000_000, elastic_version=1_000_000)

    with transaction.atomic(), pytest.raises(Unavailable, match=r"nombre et somme \(1, \d+\), non \(1, \d+\)"):
        rebuild._switch_to(elasticsearch)


@pytest.fixture
def deploy(monkeypatch):
    """``deploy(version)``: the code of this process has other mappings."""

    def deploy(version):
        for module in (elastic, index, rebuild):
            monkeypatch.setattr(module, "mapping_version", lambda: version)

    return deploy


def who_answers():
    failover._failover.cache_clear()
    (results,) = failover.engine().search([Query(words=("fournil",))])
    return results.engine, results.total


def test_code_with_other_mappings_asks_postgresql_until_reindex(elasticsearch, bakery, deploy, client, capsys):
    up_to_date()
    assert who_answers() == ("Elasticsearch", 1)
    assert not client.get("/sante/").json()["reindex"]

    deploy("another")
    assert who_answers() == ("PostgreSQL", 1)
    assert client.get("/sante/").json()["reindex"]

    call_command("reindex")
    assert who_answers() == ("Elasticsearch", 1)
    assert not client.get("/sante/").json()["reindex"]


def test_workers_of_older_and_newer_code_leave_the_others_indexes_alone(elasticsearch, bakery, deploy):
    up_to_date()
    deploy("newer")
    bakery.title = "Le Fournil de Maud"
    bakery.save()
    index.drain()
    assert IndexedEntry.objects.get().elastic_version < IndexedEntry.objects.get().version  # waits for the rebuild

    newer = rebuild.rebuild()
    assert dict(elastic.versions("merchant", newer.pk)) == {bakery.pk: IndexedEntry.objects.get().version}

    deploy("older")
    bakery.title = "Chez Maud"
    bakery.save()
    index.drain()
    assert IndexedEntry.objects.get().elastic_version < IndexedEntry.objects.get().version  # left to newer code

    deploy("newer")
    up_to_date()
    assert dict(elastic.versions("merchant", newer.pk)) == {bakery.pk: IndexedEntry.objects.get().version}
