"""The real stack under the bench: PostgreSQL, Elasticsearch, the demo region, our web servers."""

import os
import statistics
import subprocess
from contextlib import ExitStack

from deploy.local import virtualenv
from deploy.local.places import PROJECT
from deploy.local.run_demo import GUNICORN, base_environment
from deploy.local.stack import demo_stack, given
from tests.bench.servers import Server, serve

DATABASE = "portal_bench"
FILES = PROJECT / ".services/bench"
STARTS = 3
MADE_ANEW, KEPT = "0", "3600"  # PAGE_SECONDS: each page made for each request, or once


def environment(port: int, started: ExitStack) -> dict[str, str]:
    """Start the services unless DATABASE_URL and ELASTICSEARCH_URL name others; return the variables that lead there.

    A database given is filled with the demo region; without one, the bench has its own.
    """
    stack = demo_stack()
    database = stack.start_postgres(started)
    if not given("DATABASE_URL"):
        stack.postgres.create_database(DATABASE)
        database = stack.postgres.url(DATABASE)
    elasticsearch = stack.begin_elasticsearch(started)
    if not given("ELASTICSEARCH_URL"):
        stack.elasticsearch.wait()
    FILES.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        **base_environment(port),
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "DATABASE_URL": database,
        "ELASTICSEARCH_URL": elasticsearch,
        "ELASTICSEARCH_PREFIX": "bench",
        "MEDIA_ROOT": str(FILES / "media"),
        "STATIC_ROOT": str(FILES / "static"),
        "EMAIL_URL": "dummy:",
        "LOG_LEVEL": "WARNING",
        "PAGE_SECONDS": MADE_ANEW,
    }


def prepare(variables: dict[str, str]) -> None:
    """Bring tables, static files, the demo region and the index up to date."""
    for arguments in (["--demo", f"--report={FILES / 'accounts.txt'}"], ["--index"]):
        subprocess.run([virtualenv.PYTHON, "manage.py", "prepare", *arguments], cwd=PROJECT, env=variables, check=True)


def web(variables: dict[str, str], port: int, started: ExitStack, page_seconds: str) -> Server:
    """Start the portal's web server as the demo does; its first answer is the front page."""
    return serve(
        "portal.wsgi", GUNICORN, port, "/", started,
        python=virtualenv.PYTHON, folder=PROJECT, log=FILES / f"web-{port}.log",
        variables={**variables, "PAGE_SECONDS": page_seconds},
    )  # fmt: skip


def cold_start(variables: dict[str, str], port: int) -> float:
    """Return the median seconds from the launch of the web server to its first page."""
    seconds = []
    for _ in range(STARTS):
        with ExitStack() as started:
            seconds.append(web(variables, port, started, MADE_ANEW).seconds)
    return statistics.median(seconds)
