"""Print what the main pages cost: python -m tests.bench [--rounds N] [--requests N] [--port N]."""

import argparse
import os
from contextlib import ExitStack

import django
import psutil
from django.db import connection

from tests.bench import stack


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What the main pages cost.")
    parser.add_argument("--rounds", type=int, default=10, help="times every page is asked in turn (%(default)s)")
    parser.add_argument("--requests", type=int, default=30, help="requests of a page in a round (%(default)s)")
    parser.add_argument("--port", type=int, default=8010, help="of 127.0.0.1, for the web server (%(default)s)")
    options = parser.parse_args()
    with ExitStack() as started:
        variables = stack.environment(options.port, started)
        stack.prepare(variables)
        os.environ.update(variables)
        django.setup()
        report(options, variables["ELASTICSEARCH_URL"], stack.serve(variables, options.port, started))


def report(options: argparse.Namespace, elasticsearch_url: str, web_pid: int) -> None:
    from tests.bench import measure
    from tests.bench.pages import pages, queries

    rows = pages()
    counts = {page: queries(page) for page in rows}
    clocks = {"web": measure.processes(web_pid), "postgres": measure.processes(postmaster())}
    if elasticsearch_url:
        clocks["elastic"] = measure.elasticsearch(elasticsearch_url.split(",")[0])
    costs = measure.measure(rows, options.port, clocks, options.rounds, options.requests)
    unit = costs[rows[0]]
    print(f"\n{options.rounds} rounds of {options.requests} requests, one visitor; CPU in ms a request")
    print(f"{'page':<18}{'SQL':>5}{'web':>8}{'× text':>8}{'postgres':>10}{'elastic':>9}{'p50 ms':>9}{'p95 ms':>9}")
    for page in rows:
        cost = costs[page]
        elastic = f"{cost.median('elastic'):.1f}" if elasticsearch_url else "–"
        print(
            f"{page.name:<18}{counts[page]:>5}{cost.median('web'):>8.1f}{cost.ratio(unit, 'web'):>8.1f}"
            f"{cost.median('postgres'):>10.1f}{elastic:>9}{cost.wait(0.5):>9.1f}{cost.wait(0.95):>9.1f}"
        )


def postmaster() -> int:
    """Return the pid of the PostgreSQL server, which must run on this machine: the parent of our own connection."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return psutil.Process(cursor.fetchone()[0]).ppid()


if __name__ == "__main__":
    main()
