"""How long a change takes from its commit until a search finds it, under a believable stream of changes."""

import json
import threading
import time
import urllib.request
from argparse import Namespace
from random import Random

from deploy.local.elasticsearch_cluster import Node
from directory.models import MerchantPage
from search.engines import elastic
from search.query import Kind
from tests.drills.workers import Workers
from tests.drills.writer import Writer

RATE = 20  # changes a second
RENAMED = 4  # one change in so many renames a merchant, which is followed
LOOK = 0.05  # seconds between two looks at the index
PATIENCE = 60  # seconds after the stream
PROMISED = 3.0  # seconds, 95th percentile


def lag(server: Node, seconds: int, seed: int = 1) -> list[float]:
    """Return, ascending, the seconds that each renaming took to be found, in a stream of so many seconds."""
    random = Random(seed)
    writer = Writer(random)
    merchants = random.sample(writer.merchants, min(len(writer.merchants), seconds * RATE // RENAMED))
    MerchantPage.objects.filter(pk__in=merchants).update(live=True, expired=False)
    workers, watcher = Workers(1), _Watcher(server)
    try:
        time.sleep(PATIENCE / 6)  # the worker starts, and does what is above
        watcher.start()
        started = time.monotonic()
        for number in range(seconds * RATE):
            if number % RENAMED or not merchants:
                writer.restock() if number % 2 else writer.retell()
            else:
                pk, title = merchants.pop(), f"Nouveau nom {number}"
                MerchantPage.objects.filter(pk=pk).update(title=title)
                watcher.expect(pk, title)
            time.sleep(max(0, started + (number + 1) / RATE - time.monotonic()))
        watcher.finish(PATIENCE)
    finally:
        workers.end()
    return sorted(watcher.lags)


class _Watcher(threading.Thread):
    """Looks what the index shows, and notes when it shows what is expected."""

    def __init__(self, server: Node) -> None:
        super().__init__(daemon=True)
        self.url = f"{server.url}/{elastic.alias(Kind.MERCHANT)}/_search"
        self.waiting: dict[int, tuple[str, float]] = {}
        self.lags: list[float] = []
        self.ended = False

    def expect(self, pk: int, title: str) -> None:
        """Note that a merchant's new title was committed now."""
        self.waiting[pk] = title, time.monotonic()

    def finish(self, patience: float) -> None:
        """Wait until all is found. Raises TimeoutError."""
        until = time.monotonic() + patience
        while self.waiting:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.waiting)} changes were not found {patience} s after the last")
            time.sleep(LOOK)
        self.ended = True

    def run(self) -> None:
        while not self.ended:
            for pk, title in self._shown(list(self.waiting)):
                if title == self.waiting[pk][0]:
                    self.lags.append(time.monotonic() - self.waiting.pop(pk)[1])
            time.sleep(LOOK)

    def _shown(self, ids: list[int]) -> list[tuple[int, str]]:
        body = {"query": {"terms": {"object_id": ids}}, "size": 10_000, "_source": ["entry", "object_id"]}
        request = urllib.request.Request(
            self.url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            found = json.load(answer)["hits"]["hits"]
        return [(hit["_source"]["object_id"], hit["_source"]["entry"]["title"]) for hit in found]


def play(server: Node, options: Namespace) -> bool:
    """Play the drill, print the lags, and return whether they keep the promise."""
    lags = lag(server, options.seconds)
    p50, p95 = lags[len(lags) // 2], lags[int(len(lags) * 0.95)]
    print(f"\n{RATE} changes a second for {options.seconds} s; {len(lags)} renamings followed from commit to search:")
    print(f"p50 {p50:.2f} s, p95 {p95:.2f} s, longest {lags[-1]:.2f} s (promised: p95 {PROMISED:.0f} s)")
    return p95 <= PROMISED
