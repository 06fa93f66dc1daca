"""One migrated database for all: built once, kept, and cloned for each test process.

Migrating Wagtail and Oscar from nothing costs a minute of CPU; cloning a template costs a second on a disk, for its two
thousand files, and a thirtieth of that in memory (``tests/database_in_memory.py``).
The template is named after a fingerprint of everything that shapes it, so a changed migration makes a new one; where
migrations were only added, it begins with an older template.
"""

import contextlib
import hashlib
import importlib
import pkgutil
from pathlib import Path
from urllib.parse import quote

import psycopg
import psycopg.sql
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from tests.database_in_memory import tablespace

TEMPLATE = "portal_template_"
SLOTS = 32  # test processes that may share one server, whoever started them
BUILDING = 7_001  # advisory lock: somebody builds a template; SLOT + n: database test_portal_n is in use
SLOT = 7_100


class Slot:
    """A database of this process alone: ``name``, held by an advisory lock that dies with the process."""

    def __init__(self):
        self.server = psycopg.connect(self.address("postgres"), autocommit=True)
        self.tablespace = tablespace(self.server)
        self.number = next(number for number in range(SLOTS) if self._obtained(number))
        self.name = f"test_portal_{self.number}"
        self.shape = shape()
        self.template = TEMPLATE + hashlib.sha256(repr(sorted(self.shape)).encode()).hexdigest()[:12]

    @staticmethod
    def address(database):
        """Return psycopg's connection string to another database of the server of DATABASE_URL."""
        return psycopg.conninfo.make_conninfo(**{**connection.get_connection_params(), "dbname": database, **PLAIN})

    def _obtained(self, number):
        return self.server.execute("select pg_try_advisory_lock(%s)", [SLOT + number]).fetchone()[0]

    def clone(self):
        """Make the database again from the template, throwing out whoever still uses the old one."""
        connections.close_all()
        self.drop()
        self.server.execute(
            f"create database {self.name} template {self.template} tablespace {self.tablespace} strategy file_copy"
        )

    def drop(self):
        self.server.execute(f"drop database if exists {self.name} with (force)")

    def ensure_template(self):
        """Build the template unless it exists, one process at a time."""
        if self.template in self._templates():  # asked before the lock: others may be building theirs, for minutes
            return
        self.server.execute("select pg_advisory_lock(%s)", [BUILDING])
        try:
            if self.template not in self._templates():
                build = f"{self.template}_building"
                self.server.execute(f"drop database if exists {build} with (force)")
                self.server.execute(f"create database {build} template {self._nearest()} strategy file_copy")
                with connected_to(build):
                    call_command("migrate", verbosity=0, interactive=False)
                self.server.execute(f"comment on database {build} is {literal(' '.join(sorted(self.shape)))}")
                self.server.execute(f"alter database {build} rename to {self.template}")
        finally:
            self.server.execute("select pg_advisory_unlock(%s)", [BUILDING])

    def _nearest(self):
        """Return the template whose migrations are the most of those wanted and no other: the empty one, at worst."""
        found = self.server.execute(
            "select datname, shobj_description(oid, 'pg_database') from pg_database where datname ~ %s",
            [f"^{TEMPLATE}[0-9a-f]+$"],
        )
        shapes = {name: set(told.split()) for name, told in found if told}
        usable = [name for name, told in shapes.items() if told <= self.shape]
        return max(usable, key=lambda name: len(shapes[name]), default="template1")

    def drop_old_templates(self, kept=12):
        """Drop all templates but the newest few: branches come and go."""
        for name in self._templates()[:-kept]:
            with contextlib.suppress(psycopg.errors.ObjectInUse):
                self.server.execute(f"drop database if exists {name}")

    def _templates(self):
        found = self.server.execute(
            "select datname from pg_database where datname ~ %s order by oid", [f"^{TEMPLATE}[0-9a-f]+$"]
        )
        return [name for (name,) in found]


def database_url():
    """Return the address of the database in use, as the environment writes it."""
    known = connection.settings_dict
    host = quote(known["HOST"], safe="") + (f":{known['PORT']}" if known["PORT"] else "")
    return f"postgresql://{known['USER']}:{quote(known['PASSWORD'])}@{host}/{known['NAME']}"


# Django's own parameters that make no sense in a bare connection string.
PLAIN = dict.fromkeys(("context", "prepare_threshold", "cursor_factory"))


@contextlib.contextmanager
def connected_to(database):
    """Make Django's connection use another database of the same server."""
    before = settings.DATABASES["default"]["NAME"]
    connections.close_all()
    for known in (settings.DATABASES["default"], connection.settings_dict):
        known["NAME"] = database
    try:
        yield
    finally:
        connections.close_all()
        for known in (settings.DATABASES["default"], connection.settings_dict):
            known["NAME"] = before


def literal(text):
    return psycopg.sql.Literal(text).as_string()


def shape():
    """Return what shapes the schema and its first rows: a digest of each migration and of what migrations read."""
    known = [repr((settings.INSTALLED_APPS, settings.DEFAULT_AUTO_FIELD)).encode()]
    known += [file.read_bytes() for file in sorted((settings.BASE_DIR / "directory/data").glob("*")) if file.is_file()]
    found = {digest(*known)}
    for app in apps.get_app_configs():
        module_name, _ = MigrationLoader.migrations_module(app.label)
        try:
            module = importlib.import_module(module_name)
        except ImportError:
            continue
        if not hasattr(module, "__path__"):  # a module of another purpose, as pgtrigger has
            continue
        for migration in pkgutil.iter_modules(module.__path__):
            file = Path(module.__path__[0]) / f"{migration.name}.py"
            found.add(digest(app.label.encode(), migration.name.encode(), file.read_bytes()))
    return found


def digest(*parts):
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
