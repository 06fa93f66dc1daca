"""The environment is read once, and every mistake in it is told at once."""

import os
import shutil
import subprocess
import sys

import pytest

from deploy.local.places import PROJECT
from tests.database import database_url

pytestmark = pytest.mark.process


def start(code: str = "import portal.settings", **environment: str) -> subprocess.CompletedProcess:
    """Import the settings, or run ``code``, in a fresh process that has only these variables."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
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


@pytest.mark.parametrize("address", ["mail.example", "smtp+tls://mail.example:587", "smtp://mail.example:port"])
def test_a_mail_server_that_cannot_be_read_is_told_with_other_mistakes(address):
    answer = start(DATABASE_URL="postgresql:///portal", EMAIL_URL=address)

    message = answer.stderr.splitlines()[-1]
    assert "EMAIL_URL" in message
    assert "SECRET_KEY" in message


def test_a_secret_key_is_never_assumed_in_production():
    answer = start(DATABASE_URL="postgresql:///portal")

    assert "SECRET_KEY" in answer.stderr.splitlines()[-1]


def test_two_variables_are_enough():
    answer = start(SECRET_KEY="x" * 50, DATABASE_URL="postgresql:///portal")

    assert answer.returncode == 0, answer.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(("module", "limits"), [("portal.wsgi", ["15s", "5s", "30s"]), ("django", ["0", "0", "0"])])
def test_a_web_request_waits_for_no_lock_for_ever_and_a_command_may(module, limits):
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    code = (
        f"import django, {module}; django.setup()\n"
        "from django.db import connection\n"
        "cursor = connection.cursor()\n"
        f"for name in {names}: cursor.execute('show ' + name); print(cursor.fetchone()[0])"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "portal.settings", "SECRET_KEY": "x" * 50, "DATABASE_URL": database_url()}

    answer = start(code, STATIC_ROOT=os.environ.get("STATIC_ROOT", "/tmp"), DEBUG="true", **environment)

    assert answer.stdout.split() == limits, answer.stderr


@pytest.mark.parametrize(
    ("configured", "database"),
    [({}, "left_behind"), ({"SECRET_KEY": "of the server", "DATABASE_URL": "postgresql:///portal"}, "portal")],
    ids=["laptop", "server"],
)
def test_a_configured_portal_reads_nothing_that_a_demo_left(tmp_path, configured, database):
    shutil.copytree(PROJECT / "portal", tmp_path / "portal", ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copytree(PROJECT / "regions", tmp_path / "regions")
    (tmp_path / ".services").mkdir()
    (tmp_path / ".services/env").write_text("SECRET_KEY=of-the-demo\nDATABASE_URL=postgresql:///left_behind\n")
    answer = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            "from portal.settings import DATABASES as d; print(d['default']['NAME'])",
        ],
        env={"PATH": os.environ["PATH"], **configured},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.stdout.strip() == database, answer.stderr
