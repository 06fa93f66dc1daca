"""A storm of changes, by every way, while workers and Elasticsearch are killed: see tests/drills/storm.py."""

import shutil

import pytest

from deploy.local import Unavailable
from deploy.local.elasticsearch_cluster import Node
from deploy.local.places import state_directory
from search.engines import elastic
from search.indexing import rebuild
from tests.drills.storm import storm
from tests.factories import make_merchant
from tests.search.conftest import up_to_date
from tests.shop.factories import make_product

SEED = 2026
CHANGES = 600


@pytest.fixture
def server(slot, settings):
    """An Elasticsearch of this test alone, that may be killed."""
    directory = state_directory() / f"test-storm-{slot.number}"
    server = Node(directory, 9400 + 4 * slot.number, "leader")
    try:
        server.start()
    except Unavailable as error:
        pytest.skip(str(error))
    settings.ELASTICSEARCH_URL = [server.url]
    yield server
    server.kill()
    shutil.rmtree(directory, ignore_errors=True)
    elastic._connect.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_a_storm_of_changes_under_kills_loses_nothing_and_shows_visitors_no_fault(db, server, places):
    merchants = [make_merchant(title=f"Four {number}") for number in range(40)]
    for number in range(120):
        make_product(merchants[number % 40], title=f"Pain {number}")
    rebuild.rebuild()
    up_to_date()

    told = storm(CHANGES, SEED, server)

    assert sum(told.changes.values()) == CHANGES
    assert told.workers_killed == 2
    assert told.elasticsearch_killed == 1
    assert told.faults == []
    assert told.pages
    assert told.differences == []
