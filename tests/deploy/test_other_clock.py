"""The suite may live on another day, and so does the PostgreSQL that it starts."""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local import Unavailable, other_clock
from deploy.local.postgres import Postgres

pytestmark = pytest.mark.process

DAYS = 400 if other_clock.library() else 0  # libfaketime need not be installed where nobody runs `make test AT=…`
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("+39 days", "2027-01-08T12:00"),
        ("+1 day", "2026-12-01T12:00"),
        ("-2 hours", "2026-11-30T10:00"),
        ("+400days", "2028-01-04T12:00"),
        ("2027-07-14 10:00", "2027-07-14T08:00"),
        ("2027-03-28 02:30", "2027-03-28T01:30"),  # the hour that France skips: half an hour after it
        ("2028-02-29", "2028-02-28T23:00"),
    ],
)
def test_a_moment_is_said_in_two_ways(at, moment):
    assert NOW + other_clock.offset(at, NOW) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("at", ["demain", "39 days", "+39", "2027-02-30", "28/03/2027"])
def test_what_is_no_moment_is_told(at):
    with pytest.raises(Unavailable, match="write it as"):
        other_clock.offset(at, NOW)


def test_without_the_library_it_is_told_how_to_have_it(monkeypatch):
    monkeypatch.setattr(other_clock, "LIBRARIES", ())
    with pytest.raises(Unavailable, match="apt-get install libfaketime"):
        other_clock.variables("+400 days")


def test_python_and_postgresql_live_on_that_day():
    clock = other_clock.variables(f"+{DAYS} days") if DAYS else {}
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o755)
    server = Postgres(folder, throwaway=True)
    try:
        with other_clock.living_at(clock):
            server.start()
        told = [
            server.query("select (now() at time zone 'UTC')::date"),
            subprocess.run(
                [sys.executable, "-c", "import datetime; print(datetime.datetime.now(datetime.UTC).date())"],
                env={**os.environ, **clock}, text=True, capture_output=True, check=True,
            ).stdout.strip(),
        ]  # fmt: skip
    finally:
        server.stop()
        shutil.rmtree(folder)
    wanted = datetime.now(UTC) + timedelta(days=DAYS)
    assert set(told) <= {(wanted + timedelta(days=away)).date().isoformat() for away in (0, -1)}
    assert "FAKETIME" not in os.environ
