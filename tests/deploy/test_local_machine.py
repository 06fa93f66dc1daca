"""Machines that nobody prepared: moved checkouts, closed folders, full disks, power cuts. One sentence each."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from psycopg.errors import DiskFull

from deploy.local import Unavailable, __main__, processes, run_demo, virtualenv
from deploy.local.places import PROJECT
from portal.management.commands import prepare

pytestmark = pytest.mark.process

SLEEP = "import time; time.sleep(60)"


@pytest.fixture
def closed():
    """A folder where an ordinary user may write nothing, in a place that any user can reach."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def as_ordinary_user(code, **paths):
    """Run Python code that knows these paths, as nobody where the tests run as root; return what it did."""
    begin = "import os, pathlib\nfrom deploy.local import __main__, elasticsearch_archive, places\n"
    begin += "".join(f"{name} = pathlib.Path({str(path)!r})\n" for name, path in paths.items())
    if not os.geteuid():
        begin += "os.setgid(65534); os.setuid(65534)\n"
    return subprocess.run([sys.executable, "-c", begin + code], cwd=PROJECT, capture_output=True, text=True)


@pytest.mark.parametrize("name", ["", ".venv", ".services"])
def test_a_checkout_of_another_user_is_one_sentence(closed, name):
    closed.chmod(0o755)
    (closed / name).mkdir(exist_ok=True)
    (closed / name).chmod(0o555)
    if name:
        closed.chmod(0o777)

    done = as_ordinary_user("places.PROJECT = folder\nraise SystemExit(__main__.main(['demo']))", folder=closed)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"{closed / name} belongs to " in done.stderr.strip()
    assert "may not write there: sudo chown -R " in done.stderr


def test_a_home_that_cannot_be_written_costs_elasticsearch_alone(closed):
    code = (
        "os.environ['XDG_CACHE_HOME'] = str(home)\n"
        "try: elasticsearch_archive.installed()\n"
        "except places.Unavailable as error: print(error)"
    )

    done = as_ordinary_user(code, home=closed)

    assert done.stdout.startswith(f"Cannot write to {closed}/portal-services (Permission denied): give XDG_CACHE_HOME")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "The disk of /srv/x is full: make room and run again."),
        (errno.EDQUOT, "The disk of /srv/x is full: make room and run again."),
        (errno.EROFS, "Cannot write to /srv/x: Read-only file system. Give it to the user who runs this"),
        (errno.EACCES, "Cannot write to /srv/x: Permission denied. Give it to the user who runs this"),
    ],
)
def test_what_the_machine_refuses_midway_is_one_sentence(monkeypatch, capsys, number, said):
    def act(*arguments):
        raise OSError(number, os.strerror(number), "/srv/x")

    monkeypatch.setattr(__main__, "act", act)

    assert __main__.main(["demo"]) == 1
    assert capsys.readouterr().err.strip().startswith(said)


def test_a_fault_of_ours_is_not_taken_for_the_machine_s(monkeypatch):
    def act(*arguments):
        raise FileNotFoundError(errno.ENOENT, "No such file", "/srv/x")

    monkeypatch.setattr(__main__, "act", act)

    with pytest.raises(FileNotFoundError):
        __main__.main(["demo"])


def full_table():
    error = OperationalError("could not extend file")
    error.__cause__ = DiskFull("No space left on device")
    return error


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), full_table()])
def test_a_disk_that_fills_while_the_tables_are_made_is_one_sentence(monkeypatch, error):
    def compile_packages():
        raise error

    monkeypatch.setattr(prepare, "compile_packages", compile_packages)

    with pytest.raises(CommandError, match="The disk is full: make room and run again"):
        call_command("prepare")


def test_another_fault_of_the_tables_stays_whole(monkeypatch, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "not/made/yet"
    monkeypatch.setattr(prepare, "compile_packages", lambda: (_ for _ in ()).throw(OperationalError("lock timeout")))

    with pytest.raises(OperationalError):
        call_command("prepare")


def test_an_environment_is_made_anew_where_its_checkout_was_moved(tmp_path, monkeypatch):
    for name in ("old", "new place"):
        environment = tmp_path / name / ".venv"
        monkeypatch.setattr(virtualenv, "ENVIRONMENT", environment)
        monkeypatch.setattr(virtualenv, "PYTHON", environment / "bin/python")
        monkeypatch.setattr(virtualenv, "PIP", environment / "bin/pip")
        if name == "old":
            virtualenv.create()
            assert virtualenv.was_made_here()
            environment.parent.rename(tmp_path / "new place")

    assert not virtualenv.was_made_here()

    virtualenv.create()
    assert virtualenv.was_made_here()
    assert virtualenv.is_usable()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Retrying after connection broken by SSLError(CERTIFICATE_VERIFY_FAILED: not yet valid)", "clock right"),
        ("WARNING: Retrying (Retry(total=4)) after connection broken by NewConnectionError()", "check the network"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "No space left"),
        ("something else", "something else"),
    ],
)
def test_packages_that_do_not_come_are_one_sentence(tmp_path, monkeypatch, line, said):
    pip = tmp_path / "python"
    pip.write_text(f"#!/bin/sh\necho '{line}'\nexit 1\n")
    pip.chmod(0o755)
    monkeypatch.setattr(virtualenv, "PYTHON", pip)

    with pytest.raises(Unavailable, match=said):
        virtualenv.pip_install(["requirements.txt"])


@pytest.mark.parametrize("left", ["", "\0" * 50, "short\n"])
def test_a_key_that_a_power_cut_spoiled_is_drawn_again(tmp_path, monkeypatch, left):
    monkeypatch.setattr(run_demo, "FILES", tmp_path)
    (tmp_path / "secret_key").write_text(left)

    key = run_demo.secret_key()

    assert len(key) >= 50
    assert key.isprintable()
    assert run_demo.secret_key() == key


def process_of(folder):
    """Start a process that carries the folder in its environment, and write its pid file there."""
    child = subprocess.Popen([sys.executable, "-c", SLEEP], env={**os.environ, "MEDIA_ROOT": f"{folder}/media"})
    processes.write_pid(folder / "web.pid", child.pid, folder)
    return child


def test_a_process_is_known_after_its_checkout_was_moved_but_not_from_a_copy(tmp_path):
    old, new, copy = (tmp_path / name for name in ("old", "new", "copy"))
    old.mkdir()
    child = process_of(old)
    try:
        shutil.copytree(old, copy)
        assert processes.running_pid(old / "web.pid", str(old)) == child.pid
        assert processes.running_pid(copy / "web.pid", str(copy)) is None

        old.rename(new)
        assert processes.running_pid(new / "web.pid", str(new)) == child.pid
        assert processes.was_moved(new / "web.pid", str(new))
    finally:
        child.kill()
        child.wait()
    assert processes.running_pid(new / "web.pid", str(new)) is None


@pytest.mark.parametrize("text", ["", "\n", "\0\0\0\0", "12x\n/srv\n", "999999999\n/srv\n"])
def test_a_pid_file_that_a_power_cut_spoiled_names_nobody(tmp_path, text):
    (tmp_path / "web.pid").write_text(text)

    assert processes.running_pid(tmp_path / "web.pid", str(tmp_path)) is None
