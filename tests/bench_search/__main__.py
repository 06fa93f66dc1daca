"""Print what searches cost: python -m tests.bench_search [--full] [--rounds N] [--requests N] [--port N]."""

import argparse
import os
import subprocess
import urllib.request
from contextlib import ExitStack
from urllib.parse import urlsplit

import django

from portal.local_services.processes import end
from portal.local_services.run_demo import await_answer, web_command
from portal.local_services.stack import demo_stack, given
from tests.bench import measure as cpu
from tests.bench_search import measure
from tests.bench_search.measure import Request, Target
from tests.bench_search.questions import KINDS
from tests.bench_search.regions import FILES, PROJECT, Region

SMALL, REGION, FULL = Region(5_000, 30_000), Region(50_000, 300_000), Region(50_000, 1_000_000)
SERVERS = ("page", "small", "postgres")
MANY = 8  # clients


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_search", description="What searches cost.")
    parser.add_argument(
        "--full", action="store_true", help=f"{FULL.products:,} products"
    )
    parser.add_argument("--rounds", type=int, default=8, help="times every question is asked in turn (%(default)s)")
    parser.add_argument("--requests", type=int, default=12, help="questions of a kind in a round (%(default)s)")
    parser.add_argument("--port", type=int, default=8020, help="first of three of 127.0.0.1 (%(default)s)")
    parser.add_argument("--no-rebuild", action="store_true", help="leave the index as it is: searches alone")
    options = parser.parse_args()
    region = FULL if options.full else REGION
    with ExitStack() as started:
        stack = demo_stack()
        stack.start_postgres(started)
        elasticsearch = stack.begin_elasticsearch(started).split(",")[0]
        if not given("ELASTICSEARCH_URL"):
            stack.elasticsearch.wait()
        ports = dict(zip(SERVERS, range(options.port, options.port + 3), strict=True))
        variables = {
            "page": region.environment(stack, ports["page"], elasticsearch),
            "small": SMALL.environment(stack, ports["small"], elasticsearch),
            "postgres": region.environment(stack, ports["postgres"], ""),
        }
        SMALL.load(stack, variables["small"])
        region.load(stack, variables["page"])
        os.environ.update(variables["page"])
        django.setup()
        from tests.bench.__main__ import postmaster
        from tests.bench_search import indexing, report

        clocks = {"postgres": cpu.processes(postmaster()), "elastic": cpu.elasticsearch(elasticsearch)}
        if not options.no_rebuild:
            print(report.indexing(indexing.rebuild(variables["page"], clocks), indexing.sizes()), flush=True)
        for name in SERVERS:
            clocks[name] = cpu.processes(serve(name, variables[name], ports[name], started))
        print(report.searches(*asked(ports, elasticsearch, clocks, options)), flush=True)
        print(report.lags(indexing.lags(variables["page"])), flush=True)


def asked(ports: dict[str, int], elasticsearch: str, clocks: dict[str, cpu.Clock], options: argparse.Namespace):
    """Return what every kind of question cost every server, by one client and by many: {(kind, server): Cost}."""
    from tests.bench_search.recorded import requests_of

    keys, targets = [], []
    for kind in KINDS:
        pages = [[Request(path)] for path in kind.paths]
        raw = [recorded for path in kind.paths if (recorded := requests_of(path))]
        for server in SERVERS:
            keys.append((kind, server))
            targets.append(Target(ports[server], pages, (server, "postgres", "elastic")))
        if raw:
            keys.append((kind, "elastic"))
            targets.append(Target(urlsplit(elasticsearch).port, raw, ("elastic",)))

    def forget() -> None:
        # A question asked again must not be answered from memory.
        request = urllib.request.Request(f"{elasticsearch}/_cache/clear?request=true", method="POST")
        urllib.request.urlopen(request, timeout=60).close()

    measure.run(targets, clocks, dict.fromkeys(clocks, 0.0), MANY, 1, MANY * 4, forget)  # processes load, caches fill
    idle = cpu.idle(clocks)
    alone = measure.run(targets, clocks, idle, 1, options.rounds, options.requests, forget)
    crowd = measure.run(targets, clocks, idle, MANY, options.rounds // 2, MANY * 3, forget)
    return dict(zip(keys, alone, strict=True)), dict(zip(keys, crowd, strict=True))


def serve(name: str, variables: dict[str, str], port: int, started: ExitStack) -> int:
    """Start a web server as the demo does, wait until it answers, and return its pid."""
    with (FILES / f"{name}.log").open("w") as log:
        web = subprocess.Popen(
            web_command(port), cwd=PROJECT, env=variables, stdout=log, stderr=log, start_new_session=True
        )
    started.callback(end, web.pid, lambda: web.poll() is None, patience=10)
    await_answer(port, {name: web})
    return web.pid


if __name__ == "__main__":
    main()
