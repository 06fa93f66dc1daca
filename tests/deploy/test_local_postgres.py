"""A second private PostgreSQL, really started, beside the one the tests run on."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from deploy.local import Unavailable, places
from deploy.local.postgres import Postgres

pytestmark = pytest.mark.process


@pytest.fixture
def directory():
    """A directory any user may enter: the services of root run as somebody else."""
    made = Path(tempfile.mkdtemp(prefix="portal-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def server(directory):
    server = Postgres(directory, throwaway=True)
    yield server
    server.stop()


def test_a_started_server_answers_and_a_stopped_one_is_gone(server):
    assert server.start()
    assert server.create_database("portal")
    with psycopg.connect(server.url("portal")) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
    assert server.status().startswith(f"running (pid {server.pid()}, ")

    assert server.stop()
    assert server.status() == "stopped"
    assert server.pid() is None


def test_starting_and_creating_twice_does_nothing_the_second_time(server):
    server.start()
    server.create_database("portal")
    pid = server.pid()

    assert not server.start()
    assert not server.create_database("portal")
    assert server.pid() == pid


def test_a_pid_file_left_by_a_crash_neither_hides_nor_blocks_the_server(server):
    server.start()
    server.stop()
    stranger = os.getpid()
    (server.data / "postmaster.pid").write_text(f"{stranger}\n{server.data}\n0\n5432\n\n\n\nready\n")

    assert server.pid() is None
    assert not server.stop()
    assert server.start()
    assert server.query("select 1") == "1"


def test_a_server_reached_by_a_symbolic_link_is_the_same_server(server, directory):
    link = directory / "link"
    link.symlink_to(directory)
    server.start()
    pid = server.pid()

    assert not Postgres(link, throwaway=True).start()
    assert (server.data / "postmaster.pid").exists()
    assert server.pid() == pid


def test_only_its_own_user_may_enter_the_socket_directory(server):
    server.start()

    assert server.socket_directory.stat().st_mode & 0o077 == 0


def test_a_checkout_in_a_very_long_path_still_gets_a_usable_socket(directory):
    server = Postgres(directory / ("long" * 40))

    server.start()

    try:
        assert server.query("select 1") == "1"
    finally:
        server.stop()
        shutil.rmtree(server.socket_directory)


def test_a_refused_statement_is_reported_in_one_sentence(server):
    server.start()

    with pytest.raises(Unavailable, match=r"PostgreSQL refused « select 1/0 ».*division by zero"):
        server.query("select 1/0")


def test_the_services_can_enter_their_directory_even_in_a_checkout_closed_to_others(directory):
    project = directory / "closed" / "checkout"
    project.mkdir(parents=True)
    project.parent.chmod(0o700)

    state = places.state_directory(project)

    try:
        assert subprocess.run(["test", "-x", state], **places.account().popen).returncode == 0
    finally:
        shutil.rmtree(state)


def test_postgres_starts_after_a_power_cut_that_left_its_locks_to_another_process(directory):
    server = Postgres(directory, throwaway=True)
    server.start()
    who = places.account()
    with subprocess.Popen(["sleep", "60"], **who.popen) as stranger:
        server.stop()
        (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.data}\n0\n5432\n")
        lock = server.socket_directory / ".s.PGSQL.5432.lock"
        lock.write_text(f"{stranger.pid}\n{server.data}\n0\n5432\n{server.socket_directory}\n")
        try:
            assert server.start()
            assert server.query("select 1") == "1"
        finally:
            server.stop()
            stranger.kill()


def test_postgres_is_made_anew_where_the_first_making_was_cut_off(directory):
    server = Postgres(directory, throwaway=True)
    partial = server.data.with_name("data.partial")
    partial.mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n")
    try:
        assert server.start()
    finally:
        server.stop()
    assert not partial.exists()


def test_a_postgres_that_was_moved_while_it_ran_is_started_again_at_its_new_place(directory):
    old, new = directory / "a", directory / "b"
    old.mkdir()
    Postgres(old, throwaway=True).start()
    Postgres(old).create_database("kept")
    old.rename(new)
    server = Postgres(new, throwaway=True)
    try:
        assert server.start()
        assert not server.create_database("kept")
    finally:
        server.stop()
