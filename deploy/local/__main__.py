"""Command line: ``python -m deploy.local demo|test|quick|check|audit|install|start|stop|status``.

The Makefile calls it, and so does ``manage.py services``. It needs nothing installed but Python.
"""

import argparse
import sys

if sys.version_info < (3, 11):  # noqa: UP036 — this very file meets the older ones
    sys.exit("This portal needs Python 3.11 or later: apt-get install python3 on Debian 12 or newer.")

from contextlib import ExitStack

from portal.progress import step

from . import Unavailable, places, run_audit, run_demo, run_tests, virtualenv
from .stack import demo_stack

RUNNING = ["requirements.txt"]
DEVELOPERS = ("install", "check", "quick", "test", "audit")  # actions that need the tools of development
DEVELOPING = ["requirements.txt", "requirements-dev.txt"]


def main(arguments=None):
    """Do what the command line says and return the exit status. A known trouble is one sentence, not a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="manage.py services", description="The portal's local services.")
    actions = ["status", "start", "stop", "install", "demo", "check", "quick", "test", "audit"]
    parser.add_argument("action", choices=actions)
    parser.add_argument("--port", type=int, default=8000, help="of the demo's web server (8000)")
    parser.add_argument("--site", default="", help="a portal that runs, to audit instead of the demo")
    parser.add_argument("--at", default="", help="the moment at which to test: +39 days, or 2027-03-28 02:30")
    parser.add_argument("--seed", default="", help="of a random order of the tests, a number")
    options, rest = parser.parse_known_args(arguments)
    try:
        return act(options, rest, arguments)
    except Unavailable as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        if not (said := places.said_of(error)):
            raise
        print(f"\n{said}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def act(options, rest, arguments):
    if options.action == "status":
        print("\n".join(demo_stack().lines()))
        return 0
    if options.action == "stop":
        if virtualenv.PYTHON.exists():
            virtualenv.enter(arguments)  # pg_ctl is there
        stopped = [*run_demo.stop_processes(), *demo_stack().stop()]
        print("Stopped: " + (", ".join(stopped) or "nothing ran") + ".")
        return 0

    places.need_own_checkout()
    if options.action == "demo":
        run_demo.need_port(options.port)
    virtualenv.install(*(DEVELOPING if options.action in DEVELOPERS else RUNNING))
    virtualenv.enter(arguments)
    if options.action == "demo":
        run_demo.run(options.port)
    if options.action == "test":
        return run_tests.run(rest, options.at, options.seed)
    if options.action == "quick":
        return run_tests.run_quick(rest, options.seed)
    if options.action == "audit":
        return run_audit.run(options.port, options.site, rest)
    if options.action == "check":
        return 0 if run_tests.check_alone() else 1
    if options.action == "start":
        start()
    return 0


def start():
    """Start both services and leave them running, for `make stop` to end."""
    stack, kept = demo_stack(), ExitStack()
    with step("PostgreSQL"):
        environment = {**run_demo.base_environment(8000), "DATABASE_URL": stack.start_postgres(kept)}
    environment["ELASTICSEARCH_URL"], without = run_demo.begin_elasticsearch(stack, kept)
    if environment["ELASTICSEARCH_URL"]:
        without = run_demo.await_elasticsearch(stack)
    kept.pop_all()
    run_demo.remember(environment)
    print("\n".join(stack.lines()) + (f"\n{without}" if without else ""))


if __name__ == "__main__":
    sys.exit(main())
