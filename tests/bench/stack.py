"""The real stack under the bench: PostgreSQL, Elasticsearch, the demo region, gunicorn."""

import os
import subprocess
import time
import urllib.request
from contextlib import ExitStack

from portal.local_services import virtualenv
from portal.local_services.places import PROJECT
from portal.local_services.processes import end
from portal.local_services.run_demo import GUNICORN, base_environment
from portal.local_services.stack import demo_stack, given

DATABASE = "portal_bench"
FILES = PROJECT / ".services/bench"
READY_SECONDS = 60


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
    }


def prepare(variables: dict[str, str]) -> None:
    """Bring tables, static files, the demo region and the index up to date."""
    for arguments in (["--demo", f"--report={FILES / 'accounts.txt'}"], ["--index"]):
        subprocess.run([virtualenv.PYTHON, "manage.py", "prepare", *arguments], cwd=PROJECT, env=variables, check=True)


def serve(variables: dict[str, str], port: int, started: ExitStack) -> int:
    """Start the web server as the demo does, wait until it answers, and return its pid."""
    command = [virtualenv.ENVIRONMENT / "bin/gunicorn", "portal.wsgi", f"--bind=127.0.0.1:{port}", *GUNICORN]
    with (FILES / "web.log").open("w") as log:
        web = subprocess.Popen(command, cwd=PROJECT, env=variables, stdout=log, stderr=log, start_new_session=True)
    started.callback(end, web.pid, lambda: web.poll() is None, patience=10)
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/texte/", timeout=10).close()
            return web.pid
        except OSError:
            if web.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"The web server does not answer: see {FILES / 'web.log'}.") from None
            time.sleep(0.2)
