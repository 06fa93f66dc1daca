"""The engine to ask: Elasticsearch while it answers in time, PostgreSQL otherwise, within the same request."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import structlog
from django.conf import settings

from search.engines import Engine, Unavailable
from search.engines.database import Database
from search.engines.elastic import Elastic, is_configured
from search.query import Query
from search.results import Results

FAILURES = 3  # in a row, until the first engine is left alone
REST = 30  # seconds it is left alone; then one request tries it again

log = structlog.get_logger(__name__)


def engine() -> Engine:
    """Return the engine that answers visitors; it never raises Unavailable while the database is up."""
    return _failover(settings.ELASTICSEARCH_TIMEOUT) if is_configured() else Database()


class Breaker:
    """Remembers in this process whether something fails, so that not every request waits for it in vain.

    clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    def allows(self) -> bool:
        """Return whether to try. After a rest, one caller is let through; the others wait for how it fares."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._clock() < self._rests_until:
                return False
            self._rests_until = self._clock() + REST
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._rests_until = self._clock() + REST


class Failover:
    """Asks the first engine, and the second whenever the first is unavailable."""

    def __init__(self, first: Engine, second: Engine, breaker: Breaker) -> None:
        self.name = first.name
        self.first, self.second, self.breaker = first, second, breaker

    def search(self, queries: Sequence[Query]) -> list[Results]:
        """Answer the queries; results of the second engine are marked ``is_fallback``."""
        if self.breaker.allows():
            try:
                results = self.first.search(queries)
            except Unavailable as error:
                self.breaker.failed()
                log.warning("search_fallback", engine=self.first.name, reason=str(error))
            else:
                self.breaker.succeeded()
                return results
        return [replace(results, is_fallback=True) for results in self.second.search(queries)]


@lru_cache(maxsize=1)
def _failover(timeout: float) -> Failover:
    # One a process, for the breaker's memory.
    return Failover(Elastic(), Database(), Breaker())
