"""The clock of another day, for the suite and its PostgreSQL: libfaketime, preloaded into both.

Elasticsearch, browsers and clusters keep the machine's clock: a JVM and Chromium do not bear another one.
"""

import os
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from . import Unavailable

PARIS = ZoneInfo("Europe/Paris")
LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1")
LEFT_OUT = ["-m", "not browser", "--ignore=tests/search/test_cluster.py"]


def offset(at: str, now: datetime) -> timedelta:
    """Return how far ``at`` is from now: ``+39 days``, ``-2 hours``, or ``2027-03-28 02:30`` in Paris.

    Raises Unavailable when it is none of these.
    """
    if found := re.fullmatch(r"([+-]\d+) ?(days?|hours?|minutes?)", at.strip()):
        return timedelta(**{found[2].rstrip("s") + "s": int(found[1])})
    try:
        return datetime.fromisoformat(at.strip()).replace(tzinfo=PARIS) - now
    except ValueError as error:
        raise Unavailable(f"AT=« {at} »: write it as +39 days, -2 hours or 2027-03-28 02:30.") from error


def library() -> Path | None:
    """Return where libfaketime is, None where it is not installed."""
    return next((path for pattern in LIBRARIES for path in Path("/").glob(pattern[1:])), None)


def variables(at: str) -> dict[str, str]:
    """Return the variables of a process that lives at another moment, see ``offset``."""
    found = library()
    if found is None:
        raise Unavailable("AT=… needs libfaketime: apt-get install libfaketime")
    seconds = round(offset(at, datetime.now(UTC)).total_seconds())
    # Files are of that day too; waiting is waiting.
    return {
        "LD_PRELOAD": str(found),
        "FAKETIME": f"{seconds:+d}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKE_UTIME": "1",
    }


@contextmanager
def living_at(environment: dict[str, str]):
    """Let what is started within the block, and does not end with it, have these variables."""
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
