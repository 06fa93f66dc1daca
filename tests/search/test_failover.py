"""Elasticsearch may stop, hang or lose its indexes: visitors get the same page from PostgreSQL."""

import pytest

from search.engines import Unavailable, elastic, failover
from search.engines.failover import FAILURES, REST, Breaker, Failover
from search.indexing import index
from search.models import Generation, IndexedEntry
from search.query import Kind, Query
from search.results import Results
from tests.drills import outages
from tests.drills.proxy import Proxy
from tests.search.conftest import up_to_date


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Scripted:
    """An engine that answers or fails as told; it counts how often it was asked."""

    def __init__(self, name):
        self.name, self.is_up, self.asked = name, True, 0

    def search(self, queries):
        self.asked += 1
        if not self.is_up:
            raise Unavailable("down")
        return [Results(query, (), 0, engine=self.name) for query in queries]


@pytest.fixture
def pair():
    clock = Clock()
    first, second = Scripted("first"), Scripted("second")
    return clock, first, second, Failover(first, second, Breaker(clock))


def who_answers(engine):
    (results,) = engine.search([Query()])
    return results.engine, results.is_fallback


def test_a_failure_is_answered_within_the_same_request(pair):
    _, first, _, both = pair
    first.is_up = False

    assert who_answers(both) == ("second", True)


def test_after_a_few_failures_in_a_row_the_first_is_left_alone(pair):
    clock, first, _, both = pair
    first.is_up = False

    for _ in range(10):
        assert who_answers(both) == ("second", True)
    assert first.asked == FAILURES

    clock.now += REST + 1
    assert who_answers(both) == ("second", True)
    assert who_answers(both) == ("second", True)
    assert first.asked == FAILURES + 1


def test_it_comes_back_by_itself(pair):
    clock, first, _, both = pair
    first.is_up = False
    for _ in range(FAILURES):
        both.search([Query()])
    first.is_up = True

    assert who_answers(both) == ("second", True)
    clock.now += REST + 1

    assert who_answers(both) == ("first", False)
    assert who_answers(both) == ("first", False)


def test_a_success_forgets_the_failures_before_it(pair):
    _, first, _, both = pair
    for _ in range(FAILURES * 2):
        first.is_up = not first.is_up
        both.search([Query()])
    first.is_up = True

    assert who_answers(both) == ("first", False)


@pytest.fixture
def proxy(elasticsearch, settings, bakery):
    """Elasticsearch behind a proxy, with the bakery in it."""
    proxy = Proxy(settings.ELASTICSEARCH_URL[0])
    settings.ELASTICSEARCH_URL = [proxy.url]
    up_to_date()
    yield proxy
    proxy.close()
    elastic._connect.cache_clear()


def page(client):
    response = client.get("/recherche/", {"q": "boulanger", "ou": "Privas"})
    assert response.status_code == 200
    (merchants, *_) = response.context["answer"].results.values()
    return response.content, merchants.engine


@pytest.mark.parametrize("accident", ["refuse", "hang", "slow"])
def test_visitors_see_the_same_page_while_elasticsearch_is_away(client, proxy, settings, monkeypatch, accident):
    before, engine = page(client)
    assert engine == "Elasticsearch"

    settings.ELASTICSEARCH_TIMEOUT = 0.3
    failover._failover.cache_clear()
    clock = Clock()
    monkeypatch.setattr(failover, "Breaker", lambda: Breaker(clock))
    proxy.set(accident)
    for _ in range(FAILURES + 1):
        assert page(client) == (before, "PostgreSQL")
    assert client.get("/sante/").json()["search"] == {"engine": "PostgreSQL", "fallback": True}

    proxy.set("open")
    settings.ELASTICSEARCH_TIMEOUT = 20
    clock.now += REST + 1
    assert page(client) == (before, "Elasticsearch")
    assert client.get("/sante/").json()["search"] == {"engine": "Elasticsearch", "fallback": False}


def test_changes_made_meanwhile_are_found_at_once_and_pushed_later(client, proxy, bakery):
    proxy.set("refuse")
    bakery.title = "Chez Maud"
    bakery.save()

    with pytest.raises(Unavailable):
        index.drain()
    assert b"Chez Maud" in page(client)[0]
    assert client.get("/sante/").json()["queue"]["unpushed"] == 1

    proxy.set("open")
    failover._failover.cache_clear()
    up_to_date()
    content, engine = page(client)
    assert engine == "Elasticsearch"
    assert b"Chez Maud" in content


def test_a_lost_index_is_no_error_and_writes_to_it_are_kept(client, elasticsearch, bakery):
    up_to_date()
    elastic.drop(elasticsearch.pk)
    bakery.title = "Chez Maud"
    bakery.save()

    with pytest.raises(Unavailable):
        index.drain()

    assert page(client)[1] == "PostgreSQL"
    assert IndexedEntry.objects.filter(version__gt=0, elastic_version__lt=1_000_000_000).exists()
    assert Generation.objects.get().state == Generation.State.LIVE


def test_a_red_index_is_no_error_and_comes_back_by_itself(client, elasticsearch, bakery, settings, monkeypatch):
    up_to_date()
    clock = Clock()
    monkeypatch.setattr(failover, "Breaker", lambda: Breaker(clock))
    before, engine = page(client)
    assert engine == "Elasticsearch"

    url = settings.ELASTICSEARCH_URL[0]
    with outages.red(url):
        assert page(client) == (before, "PostgreSQL")
        assert client.get("/sante/").json()["search"] == {"engine": "PostgreSQL", "fallback": True}

        assert outages.ask(url, "GET", f"/_cluster/health/{elastic.alias(Kind.MERCHANT)}")["status"] == "red"

    outages.ask(url, "GET", f"/_cluster/health/{elastic.alias(Kind.MERCHANT)}?wait_for_status=yellow&timeout=60s")
    clock.now += REST + 1
    assert page(client) == (before, "Elasticsearch")
    assert client.get("/sante/").json()["search"] == {"engine": "Elasticsearch", "fallback": False}


def test_on_a_full_disk_searches_go_on_and_writes_wait(client, elasticsearch, bakery, settings):
    up_to_date()
    url, indexes = settings.ELASTICSEARCH_URL[0], f"/{settings.ELASTICSEARCH_PREFIX}-*/_settings"
    outages.ask(url, "PUT", indexes, {"index.blocks.read_only_allow_delete": True})  # what the flood stage does
    bakery.title = "Chez Maud"
    bakery.save()

    with pytest.raises(Unavailable):
        index.drain()
    assert page(client)[1] == "Elasticsearch"
    assert client.get("/sante/").json()["queue"]["unpushed"] == 1

    outages.ask(url, "PUT", indexes, {"index.blocks.read_only_allow_delete": None})
    up_to_date()
    content, engine = page(client)
    assert engine == "Elasticsearch"
    assert b"Chez Maud" in content
