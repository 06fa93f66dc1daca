"""Try README's two commands on bare Debians: python3 -m tests.fresh [--release bookworm] [--keep] …

Standard library only: this runs before anything is installed.
"""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.processes import port_is_free
from tests.fresh.root import CHECKOUT, Refused, Root, need_tools

PROJECT = Path(__file__).resolve().parents[2]
RELEASES = ("bookworm", "trixie")  # Debian 12 and 13
# What README.md asks for; tests/portal/test_documented_commands.py holds the two together.
FOR_THE_DEMO = ["git", "make", "python3-venv"]
FOR_THE_TESTS = ["chromium", "libatomic1"]
DEMO_MINUTES, TEST_MINUTES = 25, 90
LAST_LINES = 15


def main() -> int:
    options = parsed()
    try:
        need_tools()
        results = [fresh(release, options) for release in options.release or RELEASES]
    except Refused as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return 0 if all(results) else 1


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fresh", description=__doc__.splitlines()[0])
    parser.add_argument("--release", action="append", choices=RELEASES, help="one Debian (both)")
    parser.add_argument("--keep", action="store_true", help="keep the root, and go on from it at the next run")
    parser.add_argument("--only", choices=["demo", "test"], help="one of the two commands")
    parser.add_argument("--with", dest="also", default="", metavar="PACKAGES", help="Debian packages to add")
    parser.add_argument("--tests", default="", metavar="ARGS", help="given to make test, for example: -k basket")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/portal-fresh"), help="of the roots (%(default)s)")
    return parser.parse_args()


def fresh(release: str, options: argparse.Namespace) -> bool:
    """Try both commands in one release; say how long each took and how it ended. Return True if both went well."""
    root = Root(options.folder / release, release)
    if git_status():
        print("  Changes that are not committed are not tried.")
    try:
        timed(f"{release}: minimal root", lambda: root.build([*FOR_THE_DEMO, *shlex.split(options.also)]))
        commit = root.clone(PROJECT)
        print(f"  {release}: {commit}", flush=True)
        good = True
        if options.only != "test":
            good = demo(root, options.folder / f"{release}-demo.log")
        if options.only != "demo":
            timed(f"{release}: {' '.join(FOR_THE_TESTS)}", lambda: root.install(FOR_THE_TESTS))
            good = test(root, options.tests, options.folder / f"{release}-test.log") and good
        return good
    finally:
        if not options.keep:
            root.remove()


def demo(root: Root, log: Path) -> bool:
    """Run make demo until all of it answers, then press Ctrl-C. Return True if it answered and left nothing behind."""
    port = next(port for port in range(8100, 8200) if port_is_free(port))
    begun, page = time.monotonic(), None
    with running(root, log, "make", "demo", f"PORT={port}") as process:
        while process.poll() is None and time.monotonic() - begun < 60 * DEMO_MINUTES:
            if page is None and answers(port):
                page = time.monotonic() - begun
                print(f"  {root.release}: make demo, first page{page:20.1f} s", flush=True)
            if page is not None and "Ctrl-C stops everything" in log.read_text():
                break
            time.sleep(0.2)
        print(f"  {root.release}: make demo, all of it{time.monotonic() - begun:21.1f} s", flush=True)
        asked = time.monotonic()
        interrupt(process)
        print(f"  {root.release}: Ctrl-C{time.monotonic() - asked:35.1f} s", flush=True)
    good = page is not None and "LEFT RUNNING" not in log.read_text() and port_is_free(port)
    return tell(root, "make demo", good, log)


def test(root: Root, arguments: str, log: Path) -> bool:
    """Run make test to its end. Return True if it passed and left nothing behind."""
    begun = time.monotonic()
    command = ["make", "test", *([f"ARGS={arguments}"] if arguments else [])]
    with running(root, log, *command) as process, suppress(subprocess.TimeoutExpired):
        process.wait(timeout=60 * TEST_MINUTES)
    print(f"  {root.release}: make test{time.monotonic() - begun:32.1f} s", flush=True)
    return tell(root, "make test", process.returncode == 0 and "LEFT RUNNING" not in log.read_text(), log)


@contextmanager
def running(root: Root, log: Path, *command: str) -> Iterator[subprocess.Popen]:
    """Run a command in the user's clone, as a terminal would, until the block ends: Ctrl-C reaches all of its group."""
    print(f"  {root.release}: {shlex.join(command)}, from {datetime.now(UTC):%H:%M:%S} UTC, log in {log}", flush=True)
    inside = root.command(("sh", "-c", f'cd {CHECKOUT} && exec "$@"', "sh", *command))
    with open(log, "w") as output:
        process = subprocess.Popen(
            inside, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        interrupt(process)


def interrupt(process: subprocess.Popen) -> None:
    """Press Ctrl-C on what still runs; after a minute, end it with all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=60)
    if process.poll() is None:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    """True if a visitor gets the front page."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            return page.status == 200 and b"<h1" in page.read()
    except OSError:
        return False


def tell(root: Root, what: str, good: bool, log: Path) -> bool:
    lines = log.read_text(errors="replace").rstrip().splitlines()[-LAST_LINES:]
    print(f"  {root.release}: {what} {'holds' if good else 'FAILED'}; its last lines:")
    print("\n".join(f"    | {line}" for line in lines), flush=True)
    return good


def timed(name: str, work) -> None:
    begun = time.monotonic()
    work()
    print(f"  {name:<45}{time.monotonic() - begun:6.1f} s", flush=True)


def git_status() -> str:
    command = ["git", "-c", "safe.directory=*", "-C", PROJECT, "status", "--porcelain", "--untracked-files=no"]
    return subprocess.run(command, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
