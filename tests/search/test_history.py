"""An index of another history than the database's, older or newer, is not searched, and it is said what mends it."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from directory.models import MerchantPage
from portal import database_history
from search.engines import elastic, failover
from search.indexing import index, rebuild
from search.models import Generation, IndexedEntry
from search.query import Kind, Query
from search.understanding import gazetteer
from tests.factories import make_merchant
from tests.search.conftest import up_to_date


def restore():
    """Do to the mark what putting its table back does."""
    with connection.cursor() as cursor:
        cursor.execute("update portal_databasemark set id = id")


def answered(word):
    """Return the engine that answers a visitor who looks for a word, and the names that are found."""
    failover._failover.cache_clear()
    gazetteer.current()  # what every search asks first
    (results,) = failover.engine().search([Query(words=(word,))])
    return results.engine, [hit.entry.title for hit in results.hits]


def faults(client):
    failover._failover.cache_clear()
    report = client.get("/sante/").json()
    return {"search", "reindex", "restored"} & set(report["faults"]), report["run"]


@pytest.fixture
def live(elasticsearch, bakery, cheesemonger):
    up_to_date()
    return elasticsearch


def test_an_index_of_before_a_restore_is_not_searched(live, bakery, client):
    name = bakery.title
    assert answered("fournil") == ("Elasticsearch", [name])
    assert faults(client) == (set(), [])
    MerchantPage.objects.filter(pk=bakery.pk).update(title="Le Fournil du Futur")
    up_to_date()
    assert answered("futur") == ("Elasticsearch", ["Le Fournil du Futur"])

    MerchantPage.objects.filter(pk=bakery.pk).update(title=name)  # as the dump had it, its queue empty
    index.consume()
    IndexedEntry.objects.update(elastic_version=F("version"))
    restore()

    assert answered("fournil") == ("PostgreSQL", [name])
    assert answered("futur") == ("PostgreSQL", [])
    assert faults(client) == ({"search", "reindex", "restored"}, ["manage.py reindex"])

    call_command("reindex")

    assert answered("fournil") == ("Elasticsearch", [name])
    assert answered("futur") == ("Elasticsearch", [])
    assert faults(client) == (set(), [])


def test_after_a_restore_nothing_is_written_to_the_old_index(live, client):
    restore()
    added = make_merchant(title="Le Fournil Neuf")
    index.consume()
    assert index.push() == 0
    elastic.refresh(live.pk)
    assert added.pk not in dict(elastic.versions(Kind.MERCHANT, live.pk))

    call_command("reindex", if_missing=True)

    assert answered("neuf") == ("Elasticsearch", ["Le Fournil Neuf"])


def test_a_process_reads_the_places_again_after_a_restore(live):
    before = gazetteer.current()
    assert gazetteer.current() is before
    restore()
    assert gazetteer.current() is not before


def lose_one(live, bakery):
    elastic._client(5).delete(index=elastic.index_name(Kind.MERCHANT, live.pk), id=str(bakery.pk))


def hold_one_too_many(live, bakery):
    row = IndexedEntry.objects.get(kind=Kind.MERCHANT, object_id=bakery.pk)
    row.object_id = 999_999
    elastic.write([row], [live.pk])


def be_newer(live, bakery):
    row = IndexedEntry.objects.get(kind=Kind.MERCHANT, object_id=bakery.pk)
    row.version += 1
    elastic.write([row], [live.pk])


def be_older(live, bakery):
    IndexedEntry.objects.filter(object_id=bakery.pk).update(version=10**9, elastic_version=10**9)


def be_empty(live, bakery):
    elastic.create(live.pk)
    elastic.publish(live.pk)


@pytest.mark.parametrize(
    "differ", [lose_one, hold_one_too_many, be_newer, be_older, be_empty], ids=lambda differ: differ.__name__
)
def test_an_index_that_is_not_what_the_database_says_is_withdrawn(live, bakery, client, differ):
    assert rebuild.verify()
    differ(live, bakery)

    assert not rebuild.verify()

    assert answered("fournil") == ("PostgreSQL", [bakery.title])
    assert faults(client) == ({"search", "reindex"}, ["manage.py reindex"])
    call_command("reindex")
    assert rebuild.verify()
    assert answered("fournil") == ("Elasticsearch", [bakery.title])
    assert faults(client) == (set(), [])


def test_what_waits_to_be_written_is_no_difference(live, bakery):
    MerchantPage.objects.filter(pk=bakery.pk).update(title="Le Fournil d’à côté")
    index.consume()
    assert rebuild.verify()
    assert Generation.objects.get(pk=live.pk).history == database_history.current()


@pytest.mark.parametrize("kinds", [list(Kind), [Kind.PRODUCT]], ids=["all", "one"])
def test_a_missing_index_is_told(live, client, kinds):
    for kind in kinds:
        elastic._client(5).indices.delete(index=elastic.index_name(kind, live.pk))

    assert faults(client) == ({"search", "reindex"}, ["manage.py reindex"])
    call_command("reindex")
    assert faults(client) == (set(), [])


def test_without_elasticsearch_a_restore_asks_for_nothing(without_elasticsearch, places, bakery, client):
    index.drain()
    restore()
    assert faults(client) == (set(), [])
    assert answered("fournil") == ("PostgreSQL", [bakery.title])
