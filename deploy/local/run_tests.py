"""``make test``: install, start services of its own, check the code, run the whole suite, stop the services."""

import os
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from portal.progress import step

from . import Unavailable, chromium, other_clock, virtualenv
from .places import PROJECT
from .processes import interrupted_once
from .stack import given, test_stack

CHECKS = {
    "Lint": ["ruff", "check", "--quiet"],
    "Format": ["ruff", "format", "--check", "--quiet"],
    "Templates": ["djlint", "--lint", "--quiet", "."],
    "Style sheets and scripts": ["biome", "lint", "--error-on-warnings"],
    "Types": ["mypy", "--no-error-summary", "."],
    "Import contracts": ["lint-imports"],
    "Migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "Django checks": ["python", "manage.py", "check", "--deploy", "--fail-level=WARNING"],
}
AS_IN_PRODUCTION = {
    "HTTPS": "true",
    "SITE_URL": "https://portail.example",
    "ALLOWED_HOSTS": "portail.example",
    "TRUSTED_PROXIES": "1",
    "EMAIL_URL": "submission://portail:secret@mail.example:587",
}
WORKERS = min(8, max(2, os.cpu_count() or 2))  # each has a database and indexes of its own
WITHOUT_SERVICES = "not (browser or database or process)"
UNTRIED = (
    "Without Elasticsearch, nothing was tried of its engine: its mapping and queries, rebuilds, failover between the "
    "engines, clusters. The tests shown as skipped are those."
)


def run(arguments, at="", seed=""):
    """Run the checks, then pytest with the arguments, whatever the checks said. Return 0 if all passed.

    at: the moment at which the tests and their PostgreSQL live (other_clock.offset); "": now. seed: of the random order
    of the tests; "": as they are written. Raises Unavailable.
    """
    clock = other_clock.variables(at) if at else {}
    arguments = [*other_clock.LEFT_OUT, *arguments] if at else arguments
    if "not browser" not in arguments and (advice := chromium.ensure()):
        raise Unavailable(f"{advice} Or leave the journeys out: make test ARGS=\"-m 'not browser'\"")
    with ExitStack() as started, interrupted_once():
        environment = services(started, clock)
        sound = check(environment)
        status = pytest([*in_order_of(seed), *arguments], {**environment, **clock}) or (0 if sound else 1)
        if not environment["ELASTICSEARCH_URL"]:
            print(UNTRIED, flush=True)
        return status


def run_quick(arguments, seed=""):
    """Run the checks, then the tests that need no service, no browser and no other process. Return 0 if all passed."""
    sound = check_alone()
    status = pytest(["-m", WITHOUT_SERVICES, *in_order_of(seed), *arguments], alone())
    return status or (0 if sound else 1)


def pytest(arguments, environment):
    """Run pytest and return its exit status.

    Each process begins with a stretch of its own and takes from the others' ends when it is done: what a module makes
    once, a demo region of 500 merchants, is then made by one of them.
    """
    command = [virtualenv.PYTHON, "-m", "pytest", f"--numprocesses={WORKERS}", "--dist=worksteal", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment).returncode


def in_order_of(seed):
    """Return pytest's arguments for the random order of a seed, a number; none for ""."""
    return ["-p", "randomly", f"--randomly-seed={seed}"] if seed else []


def services(started, clock):
    """Start the services of the tests and return the environment that points to them.

    clock: variables of another clock, {} for the machine's.
    """
    stack = test_stack("test-at" if clock else "test")
    environment = {**os.environ, **base_environment()}
    if clock and given("DATABASE_URL"):
        raise Unavailable("AT=… needs a PostgreSQL of its own, whose clock it sets: unset DATABASE_URL.")
    with step("PostgreSQL"), other_clock.living_at(clock):
        environment["DATABASE_URL"] = stack.start_postgres(started)
    try:
        with step("Elasticsearch") as outcome:
            environment["ELASTICSEARCH_URL"] = stack.begin_elasticsearch(started)
            if not given("ELASTICSEARCH_URL"):
                outcome(stack.elasticsearch.wait())
    except Unavailable as error:
        if os.environ.get("REQUIRE_ELASTICSEARCH"):
            raise
        environment["ELASTICSEARCH_URL"] = ""
        print(f"  The tests that need Elasticsearch will be skipped. {error}", flush=True)
    return environment


def base_environment():
    """Return the variables the settings ask for, without those of the two services."""
    scratch = PROJECT / ".services/test"
    (scratch / "static").mkdir(parents=True, exist_ok=True)
    return {
        "SECRET_KEY": "only-for-tests",
        "HTTPS": "false",
        "SITE_URL": "http://127.0.0.1:8000",
        "MEDIA_ROOT": str(scratch / "media"),
        "STATIC_ROOT": str(scratch / "static"),
        "REGISTER_URL": "",  # no test asks the State's registers
        "BODACC_URL": "",
    }


def check_alone():
    """Run the checks without any service: they only read the code. Return True if all pass."""
    return check(alone())


def alone():
    """Return the environment of what uses no service."""
    return {**os.environ, **base_environment(), "DATABASE_URL": "postgresql:///unused", "ELASTICSEARCH_URL": ""}


def check(environment):
    """Run lint, types, contracts and Django's checks. Return True if all pass; show the words of those that fail."""
    environment = {**environment, **AS_IN_PRODUCTION, "SECRET_KEY": secrets.token_urlsafe(50)}
    with ThreadPoolExecutor(WORKERS) as pool:
        running = {name: pool.submit(run_check, command, environment) for name, command in CHECKS.items()}
        passed = [report(name, future) for name, future in running.items()]
    return all(passed)


def run_check(command, environment):
    program, *arguments = command
    return subprocess.run(
        [virtualenv.ENVIRONMENT / "bin" / program, *arguments],
        cwd=PROJECT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def report(name, future):
    """Show how long a check was waited for, and what it says if it fails. Return True if it passes."""
    with step(name) as outcome:
        done = future.result()
        outcome("" if done.returncode == 0 else "FAILED")
    if done.returncode:
        print(done.stdout, file=sys.stderr, flush=True)
    return done.returncode == 0
