"""Print what the main pages cost: python -m tests.bench [--peers FOLDER] [--rounds N] [--seconds S] [--port N]."""

import argparse
import os
from contextlib import ExitStack
from pathlib import Path

import django
import psutil
from django.db import connection

from tests.bench import peers, stack, targets


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What the main pages cost.")
    parser.add_argument("--peers", type=Path, help="folder of stock Wagtail and stock Oscar, to compare with")
    parser.add_argument("--rounds", type=int, default=10, help="times every page is asked in turn (%(default)s)")
    parser.add_argument("--seconds", type=float, default=0.6, help="a page is asked in a round (%(default)s)")
    parser.add_argument("--port", type=int, default=8010, help="of 127.0.0.1; up to three more follow (%(default)s)")
    options = parser.parse_args()
    with ExitStack() as started:
        variables = stack.environment(options.port, started)
        stack.prepare(variables)
        os.environ.update(variables)
        django.setup()
        report(options, variables, started)


def report(options: argparse.Namespace, variables: dict[str, str], started: ExitStack) -> None:
    from tests.bench import measure
    from tests.bench.pages import TEXT, Page, pages, queries

    start_seconds = stack.cold_start(variables, options.port)
    again = stack.web(variables, options.port, started, stack.MADE_ANEW)
    keeping = stack.web(variables, options.port + 1, started, stack.KEPT)
    rows, servers = pages(again.port, keeping.port), [again, keeping]
    counts = {page: queries(page) for page in rows}
    postgres = [measure.backends(postmaster(), connection.settings_dict["NAME"])]
    elasticsearch_url = variables["ELASTICSEARCH_URL"].split(",")[0]
    if options.peers:
        beside = peers.serve_peers(options.peers, options.port + 2, elasticsearch_url, started)
        rows += [Page(*row) for row in beside.rows()]
        servers += [beside.wagtail, beside.oscar]
        postgres.append(measure.processes(beside.postgres))
    clocks = {
        "web": measure.processes(*(server.pid for server in servers)),
        "postgres": lambda: sum(clock() for clock in postgres),
    }
    if elasticsearch_url:
        clocks["elastic"] = measure.elasticsearch(elasticsearch_url)
    costs = {page.name: cost for page, cost in measure.measure(rows, clocks, options.rounds, options.seconds).items()}

    print(f"\n{options.rounds} rounds of {options.seconds} s a page, one visitor; CPU in ms a request\n")
    print(f"{'page':<22}{'SQL':>5}{'web':>8}{'× text':>8}{'postgres':>10}{'elastic':>9}{'p50 ms':>9}{'p95 ms':>9}")
    for page in rows:
        cost = costs[page.name]
        elastic = f"{cost.median('elastic'):.1f}" if elasticsearch_url else "–"
        in_texts = middle(cost.ratios(costs[TEXT], "web"))
        print(
            f"{page.name:<22}{counts.get(page, '–'):>5}{cost.median('web'):>8.1f}{in_texts:>8.1f}"
            f"{cost.median('postgres'):>10.1f}{elastic:>9}{cost.wait(0.5):>9.1f}{cost.wait(0.95):>9.1f}"
        )

    print(f"\n{'':<47}{'median':>8}{'range':>15}{'most':>7}")
    for target in (*targets.BESIDE_OURS, *(targets.BESIDE_PEERS if options.peers else ())):
        ratios = costs[target.page].ratios(costs[target.other])
        spread = f"{min(ratios):.2f}–{max(ratios):.2f}"
        tell(f"{target.page} / {target.other}, CPU", middle(ratios), target.most, spread)
    for page in rows:
        if page.name in targets.QUERIES:
            tell(f"{page.name}, SQL queries", counts[page], targets.QUERIES[page.name])
    tell("memory of a worker, MB (PSS)", again.worker_megabytes(), targets.WORKER_MEGABYTES)
    tell("cold start, s", start_seconds, targets.START_SECONDS)


def tell(what: str, figure: float, most: float, spread: str = "") -> None:
    """Print a line of the second table: what was wanted, and whether it was reached."""
    print(f"{what:<47}{figure:>8.3g}{spread:>15}{most:>7g}  {'reached' if figure <= most else 'MISSED'}")


def middle(ratios: list[float]) -> float:
    return sorted(ratios)[len(ratios) // 2]


def postmaster() -> int:
    """Return the pid of the PostgreSQL server, which must run on this machine: the parent of our own connection."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return psutil.Process(cursor.fetchone()[0]).ppid()


if __name__ == "__main__":
    main()
