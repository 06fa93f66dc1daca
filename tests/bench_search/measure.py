"""Interleaved rounds: every question asked of every server in turn, so that a machine that drifts wrongs none."""

import http.client
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.bench.measure import Clock
from tests.bench_search.questions import Kind

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Request:
    """One request. body: newline-delimited JSON to post, or b"" to get."""

    path: str
    body: bytes = b""


@dataclass(frozen=True)
class Target:
    """A server, and the questions it is asked, each by one request or several. clocks: those that run for it."""

    port: int
    questions: Sequence[Sequence[Request]]
    clocks: tuple[str, ...]


@dataclass
class Cost:
    """What a question cost. waits: milliseconds. cpu: milliseconds a question by clock, one a round."""

    waits: list[float] = field(default_factory=list)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0

    def wait(self, share: float) -> float:
        """Return the wait that a ``share`` of the questions did not exceed."""
        return sorted(self.waits)[round(share * (len(self.waits) - 1))]

    def spent(self, clock: str) -> float:
        return statistics.median(self.cpu[clock])

    @property
    def a_second(self) -> float:
        return len(self.waits) / self.seconds


Costs = dict[tuple[Kind, str], Cost]  # by kind of question and name of what was asked


def run(
    targets: Sequence[Target],
    clocks: dict[str, Clock],
    idle: dict[str, float],
    clients: int,
    rounds: int,
    asked: int,
    forget: Callable[[], None],
) -> list[Cost]:
    """Ask each target ``asked`` questions a round by so many clients, and return what each cost.

    idle: CPU seconds a second that each clock counts at rest, which are subtracted. forget: called before each
    target's turn.
    """
    costs = [Cost() for _ in targets]
    with ThreadPoolExecutor(clients) as pool:
        for number in range(rounds):
            for index in _from(number, len(targets)):
                target, cost = targets[index], costs[index]
                parts = _shared(target, number * asked, asked, clients)
                forget()
                before, started = {name: clocks[name]() for name in target.clocks}, time.perf_counter()
                waits = [wait for waited in pool.map(_ask, [target.port] * clients, parts) for wait in waited]
                seconds = time.perf_counter() - started
                for name in target.clocks:
                    used = clocks[name]() - before[name] - idle[name] * seconds
                    cost.cpu.setdefault(name, []).append(max(used, 0) * 1_000 / len(waits))
                cost.waits += waits
                cost.seconds += seconds
    return costs


def _from(number: int, count: int) -> list[int]:
    """Return the numbers below ``count``, starting each time with another."""
    return [(number + index) % count for index in range(count)]


def _shared(target: Target, first: int, asked: int, clients: int) -> list[list[Sequence[Request]]]:
    """Return the questions of a round, dealt out to the clients."""
    questions = [target.questions[number % len(target.questions)] for number in range(first, first + asked)]
    return [questions[client::clients] for client in range(clients)]


def _ask(port: int, questions: Sequence[Sequence[Request]]) -> list[float]:
    """Return the milliseconds that each question waited, over one connection."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    waits = []
    for question in questions:
        started = time.perf_counter()
        for request in question:
            headers = {"Content-Type": "application/x-ndjson"} if request.body else {}
            connection.request("POST" if request.body else "GET", request.path, request.body or None, headers)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise SystemExit(f"{request.path} answers {response.status}.")
        waits.append((time.perf_counter() - started) * 1_000)
    connection.close()
    return waits
