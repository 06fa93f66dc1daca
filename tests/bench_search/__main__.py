"""Print what searches cost: python -m tests.bench_search [--full] [--rounds N] [--requests N] [--port N]."""

import argparse
import os
from contextlib import ExitStack

import django

from deploy.local.stack import demo_stack, given
from tests.bench_search.regions import Region, manage

SMALL, REGION = Region(5_000, 30_000), Region(50_000, 300_000)
FULL = Region(90_000, 1_000_000)  # the shelves of 50,000 merchants hold 584,350


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_search", description="What searches cost.")
    parser.add_argument("--full", action="store_true", help=f"{FULL.products:,} products")
    parser.add_argument("--rounds", type=int, default=8, help="times every question is asked in turn (%(default)s)")
    parser.add_argument("--requests", type=int, default=12, help="questions of a kind in a round (%(default)s)")
    parser.add_argument("--port", type=int, default=8020, help="first of three of 127.0.0.1 (%(default)s)")
    parser.add_argument("--no-rebuild", action="store_true", help="leave indexes that suit the code: searches alone")
    options = parser.parse_args()
    region = FULL if options.full else REGION
    with ExitStack() as started:
        stack = demo_stack()
        stack.start_postgres(started)
        elasticsearch = stack.begin_elasticsearch(started).split(",")[0]
        if not given("ELASTICSEARCH_URL"):
            stack.elasticsearch.wait()
        elasticsearch_pid = None if given("ELASTICSEARCH_URL") else stack.elasticsearch.pid()
        variables = {
            "page": region.environment(stack, options.port, elasticsearch),
            "small": SMALL.environment(stack, options.port + 1, elasticsearch),
            "database": region.environment(stack, options.port + 2, ""),
        }
        SMALL.load(stack, variables["small"])
        region.load(stack, variables["page"])
        manage(variables["small"], "reindex", "--if-missing")
        if options.no_rebuild:
            manage(variables["page"], "reindex", "--if-missing")
        os.environ.update(variables["page"])
        django.setup()
        from tests.bench_search.course import run

        run(
            variables,
            elasticsearch,
            elasticsearch_pid,
            options,
            started,
        )


if __name__ == "__main__":
    main()
