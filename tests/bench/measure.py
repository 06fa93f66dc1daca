"""CPU time of processes per request, in interleaved rounds.

A shared machine drifts, so each round asks every page in turn, starting each time with another, and the cost is also
told as a ratio to the plain page of the same round. CPU comes from each process's own clock, in nanoseconds.
"""

import http.client
import json
import statistics
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil

from tests.bench.pages import HOST, Page

Clock = Callable[[], float]


def processes(pid: int) -> Clock:
    """Return a clock of the CPU seconds used by a process and all below it."""
    root = psutil.Process(pid)

    def seconds() -> float:
        return sum(map(_cpu_seconds, [root, *root.children(recursive=True)]))

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

    def ratio(self, unit: "Cost", clock: str) -> float:
        """Return the cost in units of another page, round by round, and the median of that."""
        rounds = zip(self.cpu[clock], unit.cpu[clock], strict=True)
        return statistics.median(mine / max(theirs, 1e-6) for mine, theirs in rounds)


def measure(pages: list[Page], port: int, clocks: dict[str, Clock], rounds: int, requests: int) -> dict[Page, Cost]:
    """Ask every page ``requests`` times a round, by one visitor, and return the costs.

    What the clocks burn while nobody asks anything is subtracted.
    """
    for page in pages:
        _ask(page, port, 5)  # gunicorn's workers load, caches fill
        _ask(page, port, 5)
    idle = _idle(clocks)
    costs = {page: Cost({clock: [] for clock in clocks}) for page in pages}
    for number in range(rounds):
        turn = number % len(pages)
        for page in pages[turn:] + pages[:turn]:
            before, started = {name: clock() for name, clock in clocks.items()}, time.perf_counter()
            waits = _ask(page, port, requests)
            spent = time.perf_counter() - started
            for name, clock in clocks.items():
                used = clock() - before[name] - idle[name] * spent
                costs[page].cpu[name].append(max(used, 0) * 1_000 / requests)
            costs[page].waits += waits
    return costs


def _ask(page: Page, port: int, requests: int) -> list[float]:
    """Return the milliseconds each request waited, over one connection."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    waits = []
    for _ in range(requests):
        started = time.perf_counter()
        connection.request("GET", page.path, headers={"Cookie": page.cookie} if page.cookie else {})
        response = connection.getresponse()
        response.read()
        waits.append((time.perf_counter() - started) * 1_000)
        if response.status != 200:
            raise SystemExit(f"{page.path} answers {response.status}.")
    connection.close()
    return waits


def _idle(clocks: dict[str, Clock], seconds: float = 3) -> dict[str, float]:
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
