"""Elasticsearch absent, slow, red or full: visitors get the same page from PostgreSQL, and it comes back by itself."""

import json
import time
import urllib.request
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.conf import settings
from django.test import Client

from deploy.local.elasticsearch_cluster import Node
from directory.models import MerchantPage
from search.engines import Unavailable, elastic, failover
from search.indexing import index
from search.models import Generation
from search.query import Kind
from tests.drills.proxy import Proxy

PAGES = 6
BACK = 120  # seconds after which it does not come back by itself
SHARDS_STARTED = "cluster.routing.allocation.node_initial_primaries_recoveries"  # at once
WATERMARKS = "cluster.routing.allocation.disk"


def live_index(kind: Kind) -> str:
    return elastic.index_name(kind, Generation.objects.get(state=Generation.State.LIVE).pk)


def ask(url: str, method: str, path: str, body: dict | None = None) -> dict:
    """Return the answer to a request of Elasticsearch's REST interface. Raises OSError."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=90) as answer:
        return json.load(answer)


@contextmanager
def absent(server: Node) -> Iterator[None]:
    """The server is killed, and started again at the end."""
    server.kill()
    yield
    server.start()


@contextmanager
def slow(server: Node) -> Iterator[None]:
    """Each answer comes later than a visitor waits."""
    proxy = Proxy(server.url)
    settings.ELASTICSEARCH_URL = [proxy.url]
    proxy.set("slow")
    yield
    proxy.set("open")


@contextmanager
def red(url: str) -> Iterator[None]:
    """The merchants' index has a shard that no node holds.

    The server may start no shard meanwhile: a filter by node would not do, for it forces a lone primary past it.
    """
    name = live_index(Kind.MERCHANT)
    ask(url, "PUT", "/_cluster/settings", {"persistent": {SHARDS_STARTED: 0}})
    try:
        ask(url, "POST", f"/{name}/_close?wait_for_active_shards=0")
        ask(url, "POST", f"/{name}/_open?wait_for_active_shards=0")
        yield
    finally:
        ask(url, "PUT", "/_cluster/settings", {"persistent": {SHARDS_STARTED: None}})


@contextmanager
def full(server: Node) -> Iterator[None]:
    """The disk is past the flood stage, by Elasticsearch's own reckoning: all indexes turn read-only."""
    stages = {f"{WATERMARKS}.watermark.{stage}": f"{900 - rank}tb" for rank, stage in enumerate(("low", "high"))}
    flooded = {
        **stages,
        f"{WATERMARKS}.watermark.flood_stage": "800tb",
        f"{WATERMARKS}.threshold_enabled": True,
        "cluster.info.update.interval": "10s",
    }
    ask(server.url, "PUT", "/_cluster/settings", {"persistent": flooded})
    until(lambda: _is_blocked(server.url))
    yield
    ask(server.url, "PUT", "/_cluster/settings", {"persistent": dict.fromkeys(flooded)})


def _is_blocked(url: str) -> bool:
    name = live_index(Kind.MERCHANT)
    answer = ask(url, "GET", f"/{name}/_settings/index.blocks*?flat_settings=true")
    blocked = answer.get(name)  # left out while it has none
    return bool(blocked) and blocked["settings"].get("index.blocks.read_only_allow_delete") == "true"


def until(condition: Callable[[], bool]) -> float:
    """Wait until a condition holds, and return the seconds it took. Raises TimeoutError."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() > started + BACK:
            raise TimeoutError(f"Not within {BACK} s.")
        time.sleep(0.5)
    return time.monotonic() - started


def _page(client: Client) -> tuple[str, float]:
    """Return the engine that answered a page, and the milliseconds it took. Raises AssertionError for no page."""
    started = time.monotonic()
    response = client.get("/recherche/", {"q": "boulanger", "ou": "Privas"})
    assert response.status_code == 200, response.status_code
    (first, *_) = response.context["answer"].results.values()
    return first.engine, (time.monotonic() - started) * 1000


def _drain() -> bool:
    """Do a worker's work; return whether nothing is left to do."""
    try:
        index.drain()
    except Unavailable:
        return False
    return True


def play(server: Node, options: Namespace) -> bool:
    """Play the four accidents and print, of each, who answered and when all was as before; return whether it was."""
    accidents: dict[str, tuple[AbstractContextManager[None], str]] = {
        "absent": (absent(server), failover.Database.name),
        "slow": (slow(server), failover.Database.name),
        "red": (red(server.url), failover.Database.name),
        "full": (full(server), elastic.NAME),  # it cannot write, but it can search
    }
    client, sound = Client(), True
    titles = f"{'accident':<10}{'before':<26}{'during':<26}{'/sante/':<34}{'waiting':>8}"
    print(f"\n{titles}{'pages back':>12}{'writes back':>13}")
    for name, (accident, expected) in accidents.items():
        until(lambda: _page(client)[0] == elastic.NAME)
        before = _pages(client)
        with accident:
            MerchantPage.objects.filter(pk=MerchantPage.objects.live().first().pk).update(title=f"Pendant {name}")
            during = _pages(client)
            _drain()
            health = client.get("/sante/").json()
        pages_back = until(lambda: _page(client)[0] == elastic.NAME)
        writes_back = until(_drain)
        told = f"{health['search']['engine']}, fallback {health['search']['fallback']}"
        print(
            f"{name:<10}{_said(before):<26}{_said(during):<26}{told:<34}{health['queue']['unpushed']:>8}"
            f"{pages_back:>10.0f} s{writes_back:>11.0f} s"
        )
        sound &= {engine for engine, _ in during} == {expected}
        settings.ELASTICSEARCH_URL = [server.url]
    return sound


def _pages(client: Client) -> list[tuple[str, float]]:
    return [_page(client) for _ in range(PAGES)]


def _said(pages: list[tuple[str, float]]) -> str:
    times = [round(milliseconds) for _, milliseconds in pages]
    return f"{pages[0][0]} {min(times)}–{max(times)} ms"
