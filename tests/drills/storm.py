"""Nothing is lost: changes by the thousand while workers and Elasticsearch are killed at any moment.

The same seed on the same region makes the same changes, and kills after the same ones.
"""

import threading
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from django.db import connection
from django.db.models import F
from django.test import Client
from tqdm import tqdm

from deploy.local.elasticsearch_cluster import Node
from search.indexing import index
from search.indexing.comparison import differences
from search.models import IndexedEntry
from tests.drills.workers import Workers
from tests.drills.writer import Writer

WORKERS = 2
A_WORKER_EVERY, ELASTICSEARCH_EVERY = 300, 3_000  # changes
PAUSE = 1.0  # seconds between two pages of the visitor
RECOVERY = 300  # seconds after which what still waits is lost


@dataclass
class Storm:
    """What happened. pages: how many pages each engine answered; faults: those that were no page."""

    changes: Counter[str] = field(default_factory=Counter)
    workers_killed: int = 0
    elasticsearch_killed: int = 0
    pages: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0
    recovery: float = 0
    differences: list[str] = field(default_factory=list)


def storm(changes: int, seed: int, server: Node, progress: Callable[[int], object] = lambda count: None) -> Storm:
    """Make so many changes under kills, let the survivors catch up, and compare; return what happened.

    The database and the indexes of ``server`` must be in step before.
    """
    random, told = Random(seed), Storm()
    writer = Writer(random)
    workers_at = set(random.sample(range(changes), changes // A_WORKER_EVERY))
    elasticsearch_at = set(random.sample(range(changes), max(1, changes // ELASTICSEARCH_EVERY)))
    workers, done = Workers(WORKERS), threading.Event()
    visitor = threading.Thread(target=_visit, args=(told, done))
    visitor.start()
    killers: list[threading.Thread] = []
    started = time.monotonic()
    try:
        for number in range(changes):
            if number in workers_at:
                workers.kill(random.randrange(WORKERS))
                told.workers_killed += 1
            if number in elasticsearch_at:
                killers.append(_kill_within_a_second(server, random.random()))
                told.elasticsearch_killed += 1
            told.changes[writer.write()] += 1
            progress(1)
        told.seconds = time.monotonic() - started
        for killer in killers:
            killer.join()
        server.wait()
        told.recovery = wait_for_the_queue()
        told.differences = list(differences())
    finally:
        done.set()
        visitor.join()
        workers.end()
    return told


def _kill_within_a_second(server: Node, moment: float) -> threading.Thread:
    def kill() -> None:
        time.sleep(moment)
        server.kill()
        server.begin()

    killer = threading.Thread(target=kill)
    killer.start()
    return killer


def _visit(told: Storm, done: threading.Event) -> None:
    client, random = Client(), Random()
    while not done.is_set():
        asked = {"q": random.choice(["boulanger", "halle", "fromage", ""]), "ou": random.choice(["Privas", ""])}
        try:
            response = client.get("/recherche/", asked)
            assert response.status_code == 200, response.status_code
            (first, *_) = response.context["answer"].results.values()
        except Exception as error:  # whatever it is, a visitor must not see it
            told.faults.append(f"{asked}: {error!r}")
        else:
            told.pages[first.engine] += 1
        time.sleep(PAUSE)
    connection.close()


def wait_for_the_queue() -> float:
    """Wait until all is gathered and pushed; return the seconds it took. Raises TimeoutError."""
    started = time.monotonic()
    while index.waiting()[0] or IndexedEntry.objects.filter(version__gt=F("elastic_version")).exists():
        if time.monotonic() > started + RECOVERY:
            raise TimeoutError(f"{index.waiting()[0]} changes still wait after {RECOVERY} s")
        time.sleep(0.2)
    return time.monotonic() - started


def play(server: Node, options: Namespace) -> bool:
    """Play the drill, print what happened, and return whether nothing was lost."""
    seed = Random().randrange(1_000_000) if options.seed is None else options.seed
    with tqdm(total=options.changes, desc="Storm", unit="") as bar:
        told = storm(options.changes, seed, server, bar.update)
    print(f"\nseed {seed}: {options.changes} changes in {told.seconds:.0f} s, of {len(told.changes)} kinds")
    for name, count in told.changes.most_common():
        print(f"  {count:6} {name}")
    print(f"killed: workers {told.workers_killed} times, Elasticsearch {told.elasticsearch_killed} times")
    print(f"pages answered meanwhile: {dict(told.pages)}; faults: {len(told.faults) or 'none'}")
    print(*told.faults[:5], sep="\n")
    print(f"caught up {told.recovery:.0f} s after the last change and the last start of Elasticsearch")
    print(*told.differences[:20], sep="\n")
    print(f"{len(told.differences)} différence{'s' if len(told.differences) > 1 else ''}")
    return bool(told.pages) and not (told.differences or told.faults)
