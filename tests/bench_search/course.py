"""The whole course of the bench, once regions are loaded. Needs Django set up on the region that is measured."""

import argparse
import urllib.request
from contextlib import ExitStack
from urllib.parse import urlsplit

from deploy.local.places import PROJECT
from deploy.local.run_demo import GUNICORN
from deploy.local.virtualenv import PYTHON
from tests.bench import measure as cpu
from tests.bench.__main__ import postmaster
from tests.bench.servers import serve
from tests.bench_search import indexing, measure, report
from tests.bench_search.measure import Costs, Request, Target
from tests.bench_search.questions import KINDS, Kind
from tests.bench_search.reading import cpu_of_reading
from tests.bench_search.recorded import requests_of
from tests.bench_search.regions import FILES

MANY = 8  # clients


def run(
    variables: dict[str, dict[str, str]],
    elasticsearch: str,
    elasticsearch_pid: int | None,
    options: argparse.Namespace,
    started: ExitStack,
) -> None:
    """Measure indexing, searches and lag, and print each as soon as it is known.

    variables: of each portal by name: "page", "small" (a tenth of the region), "database" (without Elasticsearch).
    elasticsearch_pid: of the server, or None where only it can tell what it used.
    """
    clocks = {
        "postgres": cpu.processes(postmaster()),
        "elastic": cpu.processes(elasticsearch_pid) if elasticsearch_pid else cpu.elasticsearch(elasticsearch),
    }
    if not options.no_rebuild:
        print(report.indexing(indexing.rebuild(variables["page"], clocks), indexing.sizes()), flush=True)
    ports = dict(zip(variables, range(options.port, options.port + 3), strict=True))
    for name, port in ports.items():
        server = serve(
            "portal.wsgi", GUNICORN, port, "/sante/", started,
            python=PYTHON, folder=PROJECT, variables=variables[name], log=FILES / f"{name}.log",
        )  # fmt: skip
        clocks[name] = cpu.processes(server.pid)
    keys, targets = _targets(ports, urlsplit(elasticsearch).port)

    def forget() -> None:
        # A question asked again must not be answered from memory.
        address = f"{elasticsearch}/_cache/clear?request=true"
        urllib.request.urlopen(urllib.request.Request(address, method="POST"), timeout=60).close()

    def costs(clients: int, rounds: int, asked: int, at_rest: dict[str, float]) -> Costs:
        found = measure.run(targets, clocks, at_rest, clients, rounds, asked, forget)
        return dict(zip(keys, found, strict=True))

    costs(MANY, 1, MANY * 3, dict.fromkeys(clocks, 0))  # processes load, caches fill
    spans = [cpu.idle(clocks) for _ in range(3)]  # a JVM goes on compiling for a while what was just asked
    at_rest = {name: min(span[name] for span in spans) for name in clocks}
    alone = costs(1, options.rounds, options.requests, at_rest)
    crowd = costs(MANY, max(options.rounds // 4, 1), MANY * 4, at_rest)
    print(report.searches(alone, crowd), flush=True)
    print(report.reading(cpu_of_reading()), flush=True)
    print(report.lags(indexing.lags(variables["page"])), flush=True)


def _targets(ports: dict[str, int], elasticsearch_port: int | None) -> tuple[list[tuple[Kind, str]], list[Target]]:
    """Return every kind of question for every portal, and for Elasticsearch alone, with the key of each."""
    found = {}
    for kind in KINDS:
        pages = [[Request(path)] for path in kind.paths]
        for name, port in ports.items():
            found[kind, name] = Target(port, pages, (name, "postgres", "elastic"))
        if raw := [recorded for path in kind.paths if (recorded := requests_of(path))]:
            found[kind, "elastic"] = Target(elasticsearch_port or 80, raw, ("elastic",))
    return list(found), list(found.values())
