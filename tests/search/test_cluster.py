"""Two nodes of Elasticsearch, each index cut in two and each half kept twice: either node may be killed."""

import pytest
from django.db.models import F

from deploy.local import Unavailable
from deploy.local.elasticsearch_cluster import Cluster
from deploy.local.places import state_directory
from search.engines import elastic
from search.indexing import index, rebuild
from search.indexing.comparison import differences
from search.models import IndexedEntry
from search.query import Kind
from tests.drills.outages import until
from tests.drills.storm import wait_for_the_queue
from tests.drills.workers import Workers
from tests.factories import make_merchant
from tests.search.conftest import PATIENT, up_to_date
from tests.shop.factories import make_product

QUESTIONS = [
    {"q": "boulanger privas"},
    {"q": "pain au levain"},
    {"ou": "Privas", "type": "commercants"},
    {"q": "brioche", "type": "produits"},
]


@pytest.fixture
def cluster(slot, settings):
    """Two nodes of this test alone."""
    cluster = Cluster(state_directory() / f"test-cluster-{slot.number}", 9400 + 4 * slot.number + 2)
    try:
        cluster.start()
        settings.ELASTICSEARCH_URL = cluster.urls
        settings.ELASTICSEARCH_SHARDS, settings.ELASTICSEARCH_REPLICAS = 2, 1
        settings.ELASTICSEARCH_TIMEOUT = PATIENT
        yield cluster
    except Unavailable as error:
        pytest.skip(str(error))
    finally:
        cluster.throw_away()
        elastic._connect.cache_clear()


@pytest.fixture
def region(bakery, cheesemonger):
    """Enough merchants and products for every piece of an index to hold some."""
    for number in range(8):
        make_merchant(title=f"Four {number}")
        make_product(bakery, title=f"Brioche {number}")


@pytest.fixture
def worker(cluster, region):
    """The real process, on indexes just built."""
    rebuild.rebuild()
    up_to_date()
    workers = Workers(1)
    yield
    workers.end()


def seen(client):
    """Return what a visitor sees: hits, facets and suggestions. All must come from Elasticsearch."""
    pages = []
    for asked in QUESTIONS:
        found = client.get("/recherche/", asked).context["answer"].results
        assert {results.engine for results in found.values()} == {"Elasticsearch"}
        pages += [([hit.entry.id for hit in results.hits], results.total, results.categories, results.towns)
                  for results in found.values()]  # fmt: skip
    assert client.get("/sante/").json()["search"] == {"engine": "Elasticsearch", "fallback": False}
    return pages, client.get("/recherche/suggestions", {"q": "four"}).json()


def rename(merchant, title):
    merchant.title = title
    merchant.save()


def titles(client, words):
    results = client.get("/recherche/", {"q": words, "type": "commercants"}).context["answer"].results[Kind.MERCHANT]
    assert results.engine == "Elasticsearch"
    return [hit.entry.title for hit in results.hits]


def both_hold_everything(cluster):
    return cluster.ask("GET", "/_cluster/health")["status"] == "green"


@pytest.mark.django_db(transaction=True)
def test_searches_go_on_whichever_node_is_killed_and_nothing_written_is_lost(cluster, worker, bakery, client):
    until(lambda: both_hold_everything(cluster))
    before = seen(client)

    cluster.leader.kill()
    assert seen(client) == before
    rename(bakery, "Au Four à Bois")
    until(lambda: not index.waiting()[0])
    waiting = IndexedEntry.objects.filter(version__gt=F("elastic_version"))
    assert bakery.pk in waiting.values_list("object_id", flat=True)
    cluster.leader.start()
    wait_for_the_queue()
    until(lambda: titles(client, "au four à bois")[:1] == ["Au Four à Bois"])

    until(lambda: both_hold_everything(cluster))
    before = seen(client)
    cluster.follower.kill()
    assert seen(client) == before
    rename(bakery, "Chez Maud")
    wait_for_the_queue()
    until(lambda: titles(client, "chez maud")[:1] == ["Chez Maud"])
    assert list(differences()) == []
