"""The environment is read once, and every mistake in it is told at once."""

import os
import subprocess
import sys

import pytest


def start(**environment: str) -> subprocess.CompletedProcess:
    """Import the settings in a fresh process that has only these variables."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "import portal.settings"],
        env={"PATH": os.environ["PATH"], "ENV_FILES": "", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_mistake_is_listed_together():
    answer = start(DATABASE_URL="sqlite:///db", HTTPS="peut-être", LOG_LEVEL="loud")

    assert answer.returncode != 0
    message = answer.stderr.splitlines()[-1]
    for variable in ("SECRET_KEY", "DATABASE_URL", "HTTPS", "LOG_LEVEL"):
        assert variable in message


@pytest.mark.parametrize("address", ["", "ici", "sqlite:///portal.db", "mysql://root@localhost/portal"])
def test_only_postgresql_is_a_database(address):
    answer = start(SECRET_KEY="x" * 50, DATABASE_URL=address)

    assert "DATABASE_URL" in answer.stderr.splitlines()[-1]


def test_a_secret_key_is_never_assumed_in_production():
    answer = start(DATABASE_URL="postgresql:///portal")

    assert "SECRET_KEY" in answer.stderr.splitlines()[-1]


def test_two_variables_are_enough():
    answer = start(SECRET_KEY="x" * 50, DATABASE_URL="postgresql:///portal")

    assert answer.returncode == 0, answer.stderr
