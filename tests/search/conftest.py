"""Search tests run on real engines; those of Elasticsearch need ELASTICSEARCH_URL."""

import os
from datetime import datetime

import pytest
import time_machine
from django.conf import settings as django_settings

from directory.hours import PARIS
from directory.places import category_changes, town_changes
from search.engines import elastic, failover
from search.engines.database import Database
from search.indexing import index, rebuild
from search.models import Generation
from search.understanding.gazetteer import Gazetteer

PATIENT = 20  # seconds: a busy test machine is slow, and these tests are not about time


@pytest.fixture(scope="session")
def gazetteer(django_db_setup, django_db_blocker):
    """The whole region, from the data files; nothing is stored."""
    with django_db_blocker.unblock():
        return Gazetteer(town_changes().created, category_changes().created)


@pytest.fixture(autouse=True)
def fresh_breaker():
    """No test inherits the failures of another."""
    failover._failover.cache_clear()
    yield
    failover._failover.cache_clear()


@pytest.fixture
def tuesday():
    """Nine in the morning of 24 November 2026, since before anything was indexed: hours cover the days that follow."""
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=PARIS)) as travelled:
        yield travelled


@pytest.fixture
def without_elasticsearch(settings):
    settings.ELASTICSEARCH_URL = []


@pytest.fixture
def elasticsearch(db, settings):
    """Live, empty indexes of this test alone."""
    if not django_settings.ELASTICSEARCH_URL:
        if os.environ.get("REQUIRE_ELASTICSEARCH"):
            pytest.fail("ELASTICSEARCH_URL is not set")
        pytest.skip("ELASTICSEARCH_URL is not set")
    settings.ELASTICSEARCH_TIMEOUT = PATIENT
    addresses = settings.ELASTICSEARCH_URL
    yield rebuild.rebuild()
    settings.ELASTICSEARCH_URL = addresses
    for generation in Generation.objects.all():
        elastic.drop(generation.pk)


@pytest.fixture(params=["Elasticsearch", "PostgreSQL"])
def engine(request):
    """Each engine in turn."""
    if request.param == "PostgreSQL":
        request.getfixturevalue("without_elasticsearch")
        return Database()
    request.getfixturevalue("elasticsearch")
    return elastic.Elastic()


@pytest.fixture
def ask(engine, db):
    """``ask(query)``: the engine's results once everything written is searchable."""

    def ask(query):
        up_to_date()
        (results,) = engine.search([query])
        return results

    return ask


def up_to_date():
    """Drain the queue, and make Elasticsearch show what it was given."""
    index.drain()
    for generation in Generation.objects.filter(state=Generation.State.LIVE) if elastic.is_configured() else []:
        elastic.refresh(generation.pk)
