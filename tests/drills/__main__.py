"""python -m tests.drills storm [--changes 10000] [--seed N] | lag | outages | restore | migrations | front | jobs
| merchants --file FILE.csv.

Each has a database of its own on the server of DATABASE_URL (else on the one of ``make services``, started if need
be), filled with a small demo region, and an Elasticsearch of its own, a Java process that may be killed.
"""

import argparse
import os
import sys
from contextlib import ExitStack

import django

from deploy.local.run_tests import base_environment
from deploy.local.stack import demo_stack


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description="Accidents played on purpose.")
    parser.add_argument(
        "drill", choices=["storm", "lag", "outages", "restore", "migrations", "front", "jobs", "merchants"]
    )
    parser.add_argument("--file", help="of the merchants: as import_merchants reads it")
    parser.add_argument("--rate", type=int, default=200, help="questions a second to the register (%(default)s)")
    parser.add_argument("--changes", type=int, default=10_000, help="of the storm (%(default)s)")
    parser.add_argument("--seed", type=int, help="of the storm and the jobs; drawn if not given")
    parser.add_argument("--mails", type=int, default=300, help="written while workers are killed (%(default)s)")
    parser.add_argument("--seconds", type=int, default=30, help="of the stream whose lag is measured (%(default)s)")
    parser.add_argument("--merchants", type=int, default=500, help="in the region (%(default)s)")
    parser.add_argument("--products", type=int, default=2_000, help="in the region (%(default)s)")
    parser.add_argument("--port", type=int, default=9480, help="of the Elasticsearch that is killed (%(default)s)")
    options = parser.parse_args()
    with ExitStack() as started:
        database = demo_stack().start_postgres(started)
        variables = {"DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": database, "LOG_LEVEL": "ERROR"}
        os.environ.update({**base_environment(), **variables})
        django.setup()
        from tests.drills import front_server, ground, jobs, lag, merchants, migrations, outages, restore, storm

        if options.drill == "front":
            return 0 if front_server.play(options) else 1
        if options.drill == "jobs":
            return 0 if jobs.play(options) else 1
        if options.drill == "merchants":
            return 0 if merchants.play(options) else 1
        if options.drill == "migrations":
            return 0 if migrations.play(options) else 1
        server = started.enter_context(ground.region(options))
        drill = {"storm": storm, "lag": lag, "outages": outages, "restore": restore}[options.drill]
        return 0 if drill.play(server, options) else 1


if __name__ == "__main__":
    sys.exit(main())
