"""Bring everything a portal stands on up to date, in one process: Django's start is paid once."""

import compileall
import errno
import hashlib
from io import StringIO
from pathlib import Path
from shutil import disk_usage
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import CommandParser
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg.errors import DiskFull

from portal import former_migrations
from portal.progress import Progress, step

NO_ROOM = 20_000_000  # bytes: PostgreSQL writes its log by 16 MB
PACKAGES = ("portal", "directory", "shop", "search", "home")


class Command(BaseCommand):
    help = "Compile, migrate, collect static files, load towns, open the shop; with --demo, load the demo region."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo region")
        parser.add_argument("--report", type=Path, help="write there, not here, what the demo says of its accounts")
        parser.add_argument(
            "--renew", action="store_true", help="empty a database of before its migrations were replaced"
        )
        parser.add_argument("--index", action="store_true", help="only build the search index, if there is none")

    def handle(self, **options: Any) -> None:
        try:
            self.prepare(options)
        except (OSError, DatabaseError) as error:
            if not is_disk_full(error):
                raise
            raise CommandError(
                f"The disk is full: make room and run again; what is done already stays. ({last_line(str(error))})"
            ) from error

    def prepare(self, options: dict[str, Any]) -> None:
        if options["index"]:
            with step("Search index") as outcome:
                outcome(index())
            return
        with step("Bytecode"):
            compile_packages()
        if former_migrations.made(connection):
            self.renew(options["renew"])
        with step("Tables") as outcome:
            outcome(migrate())
        with step("Static files") as outcome:
            outcome(collect_static())
        with step("Towns and categories"):
            said_by("load_places", write=True)
        with step("Shop"):
            said_by("open_shop", write=True)
        if options["demo"]:
            with step("Demo region"):
                said = said_by("demo")
            with step("Search entries") as outcome:
                outcome(index())
            if options["report"]:
                options["report"].write_text(said)
            else:
                self.stdout.write(said, ending="")

    def renew(self, is_wanted: bool) -> None:
        """Empty a database that the migrations of before made, where that is wanted."""
        if not is_wanted:
            raise CommandError(former_migrations.REFUSAL)
        self.stdout.write(
            "  The demo's database was made by migrations that have since been replaced: it is made again."
        )
        former_migrations.empty(connection)


def is_disk_full(error: OSError | DatabaseError) -> bool:
    """Return whether an error comes of a full disk: of files, of a table, or of a PostgreSQL that it brought down."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    if isinstance(error.__cause__, DiskFull):
        return True
    folder = Path(settings.STATIC_ROOT).resolve()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return isinstance(error, OperationalError) and disk_usage(existing).free < NO_ROOM


def compile_packages() -> None:
    """Compile our own packages, as pip did those it installed: a server that may not write here would at each start."""
    for package in PACKAGES:
        compileall.compile_dir(settings.BASE_DIR / package, quiet=2)


def migrate() -> str:
    """Apply what is missing, and return how much that was."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, no_color=True, stdout=MigrationCount(len(plan)))
    return f"{len(plan)} migrations" if plan else "up to date"


class MigrationCount(StringIO):
    """Where the command migrate writes: it turns its lines into progress."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self.progress = Progress("Tables", total, "migrations")
        self.done = 0

    def write(self, text: str) -> int:
        if text.strip() == "OK":
            self.done += 1
            self.progress.show(self.done)
        return len(text)


def collect_static() -> str:
    """Collect the static files if one of them changed, and return what was done."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = static_digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return "up to date"
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted)
    return "collected"


def static_digest() -> str:
    """Return a fingerprint of every static file's name, size and time, and of the storage that treats them."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            digest.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def index() -> str:
    """Build the search index if there is none, and return how that went.

    An Elasticsearch that does not answer is no reason to stop: PostgreSQL then answers the searches.
    """
    try:
        return last_line(said_by("reindex", if_missing=True))
    except CommandError as error:
        return str(error)


def said_by(command: str, **options: Any) -> str:
    """Run a command and return what it wrote."""
    answer = StringIO()
    call_command(command, stdout=answer, stderr=StringIO(), **options)
    return answer.getvalue()


def last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]
