"""How fast the index is built, how big it is, and how soon a change is found. Needs Django set up on the region."""

import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from deploy.local import virtualenv
from deploy.local.places import PROJECT
from deploy.local.processes import end
from directory.models import MerchantPage
from search.engines import elastic
from search.models import IndexedEntry
from search.query import Kind, Query
from tests.bench.measure import Clock
from tests.bench_search.regions import manage

CHANGES = 40
PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Rebuild:
    """A run of ``reindex``: entries compared with the tables, then new indexes filled. cpu: seconds by clock."""

    documents: int
    seconds: float
    cpu: dict[str, float]


def rebuild(variables: dict[str, str], clocks: dict[str, Clock]) -> Rebuild:
    """Run ``reindex`` on the whole region."""
    clocks = {"python": _python_seconds, **clocks}
    before = {name: clock() for name, clock in clocks.items()}
    seconds = manage(variables, "reindex")
    cpu = {name: clock() - before[name] for name, clock in clocks.items()}
    return Rebuild(IndexedEntry.objects.filter(deleted=False).count(), seconds, cpu)


def sizes() -> tuple[int, int]:
    """Return the bytes that the published indexes take in Elasticsearch, and the entries in PostgreSQL."""
    stats = elastic._client(PATIENCE).indices.stats(index=[elastic.alias(kind) for kind in Kind], metric="store")
    with connection.cursor() as cursor:
        cursor.execute("select pg_total_relation_size('regional_search_indexedentry')")
        (entries,) = cursor.fetchone()
    return stats["_all"]["primaries"]["store"]["size_in_bytes"], entries


def lags(variables: dict[str, str]) -> list[float]:
    """Return the seconds from each of some commits until a search finds what it wrote."""
    changed = list(MerchantPage.objects.filter(live=True).order_by("pk").values_list("pk", "title")[:CHANGES])
    with _worker(variables):
        try:
            _found_after(*changed[0], "echauffement")  # the worker has started
            return [_found_after(pk, title, f"retard{pk}") for pk, title in changed]
        finally:
            for pk, title in changed:
                MerchantPage.objects.filter(pk=pk).update(title=title)
            time.sleep(3)


def _found_after(pk: int, title: str, word: str) -> float:
    MerchantPage.objects.filter(pk=pk).update(title=f"{title} {word}")
    started = time.monotonic()
    while not elastic.Elastic().search([Query(words=(word,), phrase=(word,), size=1)])[0].total:
        if time.monotonic() - started > PATIENCE:
            raise SystemExit(f"« {word} » is not found {PATIENCE} s after its commit.")
        time.sleep(0.01)
    return time.monotonic() - started


@contextmanager
def _worker(variables: dict[str, str]) -> Iterator[None]:
    worker = subprocess.Popen([virtualenv.PYTHON, "manage.py", "worker"], cwd=PROJECT, env=variables)
    try:
        yield
    finally:
        end(worker.pid, lambda: worker.poll() is None, patience=10)


def _python_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
