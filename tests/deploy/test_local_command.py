"""The command line a newcomer types: clear sentences, never a traceback."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest

from deploy.local import Unavailable, places, run_demo, run_tests, virtualenv
from deploy.local.elasticsearch import Elasticsearch
from deploy.local.places import PROJECT
from deploy.local.postgres import Postgres
from deploy.local.stack import Stack, given

pytestmark = pytest.mark.process


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT, env={**os.environ, **environment}, capture_output=True, text=True
    )


def test_a_taken_port_is_one_sentence_and_what_to_type():
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]

        answer = run("-m", "deploy.local", "demo", f"--port={port}")

    assert answer.returncode == 1
    assert answer.stderr.strip() == (
        f"Port {port} of 127.0.0.1 is taken: stop what listens there, or choose another: make demo PORT={port + 1}"
    )


def test_manage_py_tells_what_runs_where_before_anything_is_configured():
    unconfigured = {"SECRET_KEY": "", "DATABASE_URL": "nonsense"}

    answer = run("manage.py", "services", "status", **unconfigured)

    assert answer.returncode == 0, answer.stderr
    assert [line.split()[0] for line in answer.stdout.splitlines()] == ["PostgreSQL", "Elasticsearch"]


def test_services_that_others_run_are_not_told_as_stopped(tmp_path, monkeypatch):
    ours = Stack(Postgres(tmp_path), Elasticsearch(tmp_path, 9299))
    for name in ("DATABASE_URL", "ELASTICSEARCH_URL"):
        monkeypatch.setenv(name, "")
    assert ours.lines() == ["PostgreSQL     stopped", "Elasticsearch  stopped"]

    monkeypatch.setenv("ELASTICSEARCH_URL", "http://camille:secret@127.0.0.1:9")

    assert ours.lines() == ["PostgreSQL     stopped", "Elasticsearch  not ours: ELASTICSEARCH_URL names another"]


def test_the_services_are_known_without_django():
    code = "import sys, deploy.local.__main__; sys.exit('django' in sys.modules)"

    assert run("-c", code).returncode == 0


def test_the_key_of_a_checkout_is_drawn_once_and_closed_to_others(tmp_path, monkeypatch):
    monkeypatch.setattr(run_demo, "FILES", tmp_path)

    key = run_demo.secret_key()

    assert len(key) >= 50
    assert run_demo.secret_key() == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_child_that_ends_by_itself_is_reported_with_its_last_words(tmp_path, monkeypatch):
    monkeypatch.setattr(run_demo, "FILES", tmp_path)
    (tmp_path / "web.log").write_text("starting\nno such module\n")
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()

    with pytest.raises(Unavailable, match="The web process ended: no such module"):
        run_demo.raise_if_ended({"web": child})


def test_a_python_without_venv_is_one_sentence_and_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(virtualenv, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    with pytest.raises(Unavailable, match=r"no venv module: apt-get install python3\.\d+-venv"):
        virtualenv.create()


def test_a_changed_requirement_is_installed_again_and_an_unchanged_one_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(virtualenv, "ENVIRONMENT", tmp_path)
    name = "requirements.txt"
    assert not virtualenv.is_installed(name)

    virtualenv.stamp(name).write_text(virtualenv.digest(name))
    assert virtualenv.is_installed(name)

    virtualenv.stamp(name).write_text("the digest of an older file")
    assert not virtualenv.is_installed(name)


def test_services_of_ones_own_are_named_in_the_shell_or_in_the_env_file(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "PROJECT", tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert given("DATABASE_URL") is None

    (tmp_path / ".env").write_text("DEBUG=true\nexport DATABASE_URL='postgresql:///file?a=b'\n")
    assert given("DATABASE_URL") == "postgresql:///file?a=b"

    monkeypatch.setenv("DATABASE_URL", "postgresql:///shell")
    assert given("DATABASE_URL") == "postgresql:///shell"


@pytest.mark.parametrize(("port", "said"), [(0, "There is no port 0"), (99_999, "There is no port 99999")])
def test_a_port_that_does_not_exist_is_one_sentence(port, said):
    with pytest.raises(Unavailable, match=said):
        run_demo.need_port(port)


def test_a_port_of_root_is_one_sentence_for_everybody_else(monkeypatch):
    monkeypatch.setattr(run_demo.os, "geteuid", lambda: 1000)

    with pytest.raises(Unavailable, match="Port 80 is for root: choose one from 1024"):
        run_demo.need_port(80)


def test_a_key_whose_drawing_was_interrupted_is_drawn_again(tmp_path, monkeypatch):
    monkeypatch.setattr(run_demo, "FILES", tmp_path)
    (tmp_path / "secret_key").touch()

    assert len(run_demo.secret_key()) >= 50


def test_stop_ends_a_web_server_whose_launcher_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(run_demo, "FILES", tmp_path)
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    child = run_demo.serve("web", sleeper, {**os.environ, "MEDIA_ROOT": f"{tmp_path}/media"}, ExitStack())

    assert run_demo.stop_processes() == ["web"]

    assert child.wait(5) != 0
    assert run_demo.stop_processes() == []


def test_stop_leaves_a_stranger_who_got_the_number_of_our_process(tmp_path, monkeypatch):
    monkeypatch.setattr(run_demo, "FILES", tmp_path)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        run_demo.pid_file("worker").write_text(f"{stranger.pid}\n")

        assert run_demo.stop_processes() == []

        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_was_started_is_stopped_however_the_terminal_ends(tmp_path, number):
    code = (
        "import sys, time, deploy.local.processes as p\n"
        "with p.interrupted_once():\n"
        "    try:\n"
        "        print('up', flush=True); time.sleep(60)\n"
        "    finally:\n"
        "        print('cleaned up', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as launcher:
        assert launcher.stdout.readline() == "up\n"
        launcher.send_signal(number)
        assert launcher.communicate(timeout=20)[0] == "cleaned up\n"


def test_tests_need_a_browser_unless_the_journeys_are_left_out(monkeypatch):
    monkeypatch.setattr(run_tests.chromium, "ensure", lambda: "The browser is missing.")

    with pytest.raises(Unavailable, match=r"browser is missing.* Or leave the journeys out"):
        run_tests.run([])
