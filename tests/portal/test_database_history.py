"""A database that was restored is told from one that went on, whichever way its tables came back."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from deploy.local.postgres import Postgres, installed_binaries
from portal.database_history import EPOCH, HISTORY

pytestmark = pytest.mark.process
PATIENCE = 30  # seconds


@pytest.fixture
def start():
    """``start()``: one more PostgreSQL of this test alone, with a marked database that an ordinary role may use."""
    servers, folders = [], []

    def start():
        folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
        folder.chmod(0o755)  # the services of root run as somebody else
        folders.append(folder)
        server = Postgres(folder, throwaway=True)
        servers.append(server)
        server.start()
        server.create_database("portal")
        server.query("create role visitor login")
        return server

    yield start
    for server, folder in zip(servers, folders, strict=True):
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture
def server(start):
    server = start()
    mark(server)
    return server


def mark(server, database="portal"):
    server.query("create table portal_databasemark (id bigint primary key)", database)
    server.query("insert into portal_databasemark values (1)", database)
    server.query("grant select on portal_databasemark to visitor", database)


def told(server, database="portal"):
    """Return epoch and history, as a role without rights is told them."""
    address = psycopg.conninfo.make_conninfo(server.url(database), user="visitor")
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(f"select {EPOCH}, {HISTORY}").fetchone()


def run(program, *arguments):
    subprocess.run([installed_binaries() / program, *map(str, arguments)], check=True, capture_output=True)


def dumped(server):
    path = server.data.parent / "portal.dump"
    run("pg_dump", "--format=custom", f"--file={path}", server.url("portal"))
    return path


def restart(server):
    server.stop()
    server.start()


def recover(server, signal):
    """Start the server as one that replays its log: up to its end, or for as long as it is told nothing else."""
    server.stop()
    (server.data / signal).touch()
    owner = server.data.stat()
    if os.geteuid() == 0:
        os.chown(server.data / signal, owner.st_uid, owner.st_gid)
    with (server.data / "postgresql.auto.conf").open("a") as settings:
        settings.write("restore_command = 'false'\n")
    server.start()


def restored_elsewhere(server, start):
    other = start()
    run("pg_restore", "--dbname", other.url("portal"), dumped(server))
    return told(other)


def restored_into_another_database(server, start):
    server.create_database("again")
    run("pg_restore", "--dbname", server.url("again"), dumped(server))
    return told(server, "again")


def restored_over_the_tables(server, start):
    run("pg_restore", "--clean", "--if-exists", "--dbname", server.url("portal"), dumped(server))
    return told(server)


def restored_rows_alone(server, start):
    dump = dumped(server)
    server.query("truncate portal_databasemark", "portal")
    run("pg_restore", "--data-only", "--dbname", server.url("portal"), dump)
    return told(server)


def copied_as_a_template(server, start):
    server.query("create database again template portal")
    return told(server, "again")


def recovered_up_to_a_moment(server, start):
    recover(server, "recovery.signal")
    until = time.monotonic() + PATIENCE  # it answers before it has replayed all of its log
    while server.query("select pg_is_in_recovery()") == "t" and time.monotonic() < until:
        time.sleep(0.1)
    assert server.query("select pg_is_in_recovery()") == "f"
    return told(server)


def promoted(server, start):
    before = told(server)
    recover(server, "standby.signal")
    assert server.query("select pg_is_in_recovery()") == "t"
    assert told(server)[1] == before[1]
    server.query("select pg_promote()")
    return told(server)


@pytest.mark.parametrize(
    "way",
    [
        restored_elsewhere,
        restored_into_another_database,
        restored_over_the_tables,
        restored_rows_alone,
        copied_as_a_template,
        recovered_up_to_a_moment,
        promoted,
    ],
    ids=lambda way: way.__name__,
)
def test_a_database_that_was_put_back_has_another_history(server, start, way):
    epoch, history = told(server)
    other_epoch, other_history = way(server, start)
    assert other_history != history
    assert other_epoch != epoch


def test_a_database_that_goes_on_keeps_its_history(server):
    epoch, history = told(server)
    for statement in ("vacuum full", "vacuum freeze", "cluster portal_databasemark using portal_databasemark_pkey"):
        server.query(statement, "portal")
        assert told(server) == (epoch, history)

    restart(server)

    assert told(server)[1] == history
    assert told(server)[0] != epoch  # what a process remembers may be of files that were put back meanwhile


def test_files_put_back_begin_another_epoch(server):
    epoch, _ = told(server)
    server.stop()
    copy = server.data.with_name("copy")
    subprocess.run(["cp", "-a", server.data, copy], check=True)
    server.start()
    server.query("insert into portal_databasemark values (2)", "portal")
    server.stop()
    shutil.rmtree(server.data)
    copy.rename(server.data)
    server.start()
    assert told(server)[0] != epoch
