"""Where a test's database lies: in memory if the server is ours and the machine has some, else on its disk."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from psycopg import Connection, Error

MEMORY = Path("/dev/shm")
FREE = 1_000_000_000  # bytes that must be free there; a database takes 20 million
NAME = "portal_tests"
DEFAULT = "pg_default"
PREPARING = 7_002  # advisory lock, beside those of tests/database.py


def tablespace(server: Connection) -> str:
    """Return the name of the tablespace for databases that tests throw away.

    server: open, in autocommit. One that this process may not prepare (of another machine, of another user) keeps them
    where it keeps all.
    """
    with suppress(OSError, Error):
        folder, owner = _place(server)
        if shutil.disk_usage(MEMORY).free > FREE:
            _prepare(server, folder, owner)
            return NAME
    return DEFAULT


def _place(server: Connection) -> tuple[Path, os.stat_result]:
    """Return the folder in memory that is this server's, and its owner. Raises OSError, psycopg.Error."""
    if not server.info.host.startswith("/"):
        raise OSError("The server may be on another machine.")
    identifier, data = server.execute(
        "select system_identifier, current_setting('data_directory') from pg_control_system()"
    ).fetchone()
    return MEMORY / f"portal-tests-{identifier}", Path(data).stat()


def _prepare(server: Connection, folder: Path, owner: os.stat_result) -> None:
    """Make the tablespace unless it is there; again, once the machine has been restarted and its memory is empty."""
    server.execute("select pg_advisory_lock(%s)", [PREPARING])
    try:
        if _is_known(server) and folder.exists():
            return
        if _is_known(server):
            for (database,) in server.execute(
                "select datname from pg_database join pg_tablespace on dattablespace = pg_tablespace.oid"
                " where spcname = %s",
                [NAME],
            ).fetchall():
                server.execute(f"drop database {database} with (force)")
            server.execute(f"drop tablespace {NAME}")
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, owner.st_uid, owner.st_gid)
        server.execute(f"create tablespace {NAME} location '{folder}'")
    finally:
        server.execute("select pg_advisory_unlock(%s)", [PREPARING])


def _is_known(server: Connection) -> bool:
    return bool(server.execute("select 1 from pg_tablespace where spcname = %s", [NAME]).fetchone())
