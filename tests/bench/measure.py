"""CPU time of processes per request, in interleaved rounds.

A shared machine drifts, so each round asks every page in turn, starting each time with another, and costs are compared
inside a round. CPU comes from each process's own clock, in nanoseconds.
"""

import http.client
import json
import statistics
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil

from tests.bench.pages import Page
from tests.bench.servers import HOST

Clock = Callable[[], float]

FEWEST, MOST = 4, 60  # requests of a page in a round
WARM_UPS = 8


def processes(*pids: int) -> Clock:
    """Return a clock of the CPU seconds used by some processes and all below them, those that ended included."""
    roots = [psutil.Process(pid) for pid in pids]

    def seconds() -> float:
        alive = sum(_cpu_seconds(process) for root in roots for process in [root, *root.children(recursive=True)])
        return alive + sum(root.cpu_times().children_user + root.cpu_times().children_system for root in roots)

    return seconds


def backends(postmaster: int, database: str) -> Clock:
    """Return a clock of the CPU seconds used by those who serve one database; its PostgreSQL may hold others."""
    server = psutil.Process(postmaster)

    def seconds() -> float:
        return sum(_cpu_seconds(process) for process in server.children() if f" {database} " in _title(process))

    return seconds


def elasticsearch(url: str) -> Clock:
    """Return a clock of the CPU seconds that Elasticsearch says it used."""

    def seconds() -> float:
        with urllib.request.urlopen(f"{url}/_nodes/stats/process", timeout=10) as answer:
            nodes = json.load(answer)["nodes"].values()
        return sum(node["process"]["cpu"]["total_in_millis"] for node in nodes) / 1_000

    return seconds


@dataclass
class Cost:
    """What one page cost. cpu: milliseconds a request by clock, one a round. waits: milliseconds."""

    cpu: dict[str, list[float]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    def median(self, clock: str) -> float:
        return statistics.median(self.cpu[clock])

    def wait(self, share: float) -> float:
        """Return the wait that a ``share`` of the requests did not exceed."""
        return sorted(self.waits)[round(share * (len(self.waits) - 1))]

    def ratios(self, unit: "Cost", *clocks: str) -> list[float]:
        """Return the cost in units of another page, round by round; by all clocks together unless some are named."""
        return [
            mine / max(theirs, 1e-6) for mine, theirs in zip(self._rounds(clocks), unit._rounds(clocks), strict=True)
        ]

    def _rounds(self, clocks: tuple[str, ...]) -> list[float]:
        return [sum(each) for each in zip(*(self.cpu[clock] for clock in clocks or self.cpu), strict=True)]


def measure(pages: list[Page], clocks: dict[str, Clock], rounds: int, seconds: float) -> dict[Page, Cost]:
    """Ask every page for about ``seconds`` a round, by one visitor, and return the costs.

    What the clocks burn while nobody asks anything is subtracted.
    """
    times = {page: _how_often(page, seconds) for page in pages}
    at_rest = idle(clocks)
    costs = {page: Cost({clock: [] for clock in clocks}) for page in pages}
    for number in range(rounds):
        turn = number % len(pages)
        for page in pages[turn:] + pages[:turn]:
            before, started = {name: clock() for name, clock in clocks.items()}, time.perf_counter()
            waits = _ask(page, times[page])
            spent = time.perf_counter() - started
            for name, clock in clocks.items():
                used = clock() - before[name] - at_rest[name] * spent
                costs[page].cpu[name].append(max(used, 0) * 1_000 / times[page])
            costs[page].waits += waits
    return costs


def _how_often(page: Page, seconds: float) -> int:
    """Return how many requests fill ``seconds``, once gunicorn's workers are loaded and caches full."""
    for _ in range(WARM_UPS):  # a connection each, so that every worker gets its share
        waits = _ask(page, 3)
    return max(FEWEST, min(MOST, round(seconds * 1_000 / min(waits))))


def _ask(page: Page, requests: int) -> list[float]:
    """Return the milliseconds each request waited, over one connection."""
    connection = http.client.HTTPConnection(HOST, page.port, timeout=60)
    waits = []
    for _ in range(requests):
        started = time.perf_counter()
        connection.request("GET", page.path, headers=dict(page.headers))
        response = connection.getresponse()
        response.read()
        waits.append((time.perf_counter() - started) * 1_000)
        if response.status != 200:
            raise SystemExit(f"{page.path} answers {response.status}.")
    connection.close()
    return waits


def idle(clocks: dict[str, Clock], seconds: float = 3) -> dict[str, float]:
    """Return the CPU seconds a second that each clock counts at rest: a JVM never sleeps."""
    before = {name: clock() for name, clock in clocks.items()}
    time.sleep(seconds)
    return {name: (clock() - before[name]) / seconds for name, clock in clocks.items()}


def _cpu_seconds(process: psutil.Process) -> float:
    clock = (~process.pid << 3) | 2  # the process's own, as clock_getcpuclockid(3) computes it
    try:
        return time.clock_gettime_ns(clock) / 1e9
    except OSError:
        return 0.0  # it ended meanwhile


def _title(process: psutil.Process) -> str:
    """Return what a PostgreSQL process says of itself: "postgres: user database host state"."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""
