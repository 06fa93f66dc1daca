"""The two sets of services: one for the demo and daily work, one for the tests, able to run side by side."""

import os
from dataclasses import dataclass

from . import places
from .elasticsearch import Elasticsearch
from .postgres import Postgres

DATABASE, PREFIX = "portal", "portal"  # of PostgreSQL and of Elasticsearch's indexes
DEMO_PORT, TEST_PORT = 9250, 9270


@dataclass(frozen=True)
class Stack:
    """A PostgreSQL and an Elasticsearch that belong together."""

    postgres: Postgres
    elasticsearch: Elasticsearch

    def lines(self):
        """Return what runs where, a line a service."""
        postgres = _unless_given("DATABASE_URL", self.postgres.status())
        elasticsearch = _unless_given("ELASTICSEARCH_URL", self.elasticsearch.status())
        return [f"PostgreSQL     {postgres}", f"Elasticsearch  {elasticsearch}"]

    def stop(self):
        """Stop both. Return the names of those that ran."""
        stopped = [("PostgreSQL", self.postgres.stop()), ("Elasticsearch", self.elasticsearch.stop())]
        return [name for name, ran in stopped if ran]

    def start_postgres(self, started):
        """Return the address of the database: DATABASE_URL if given, else our own server's, started if need be.

        started: an ExitStack, told to stop what this call starts.
        """
        if address := given("DATABASE_URL"):
            return address
        if self.postgres.start():
            started.callback(self.postgres.stop)
        self.postgres.create_database(of_region(DATABASE))
        return self.postgres.url(of_region(DATABASE))

    def begin_elasticsearch(self, started):
        """Return the address of Elasticsearch: ELASTICSEARCH_URL if given, else our own, which may still be starting.

        started: as for start_postgres. Raises Unavailable when this machine cannot run one.
        """
        if address := given("ELASTICSEARCH_URL"):
            return address
        if self.elasticsearch.begin():
            started.callback(self.elasticsearch.stop)
        return self.elasticsearch.url


def of_region(name):
    """Return the name of what belongs to the region in REGION: the first one's has none."""
    return "_".join(filter(None, [name, os.environ.get("REGION", "").replace("-", "_")]))


def demo_stack():
    """Return the services of ``make demo`` and ``make services``."""
    directory = places.state_directory()
    return Stack(Postgres(directory), Elasticsearch(directory, DEMO_PORT))


def test_stack(name):
    """Return the services of ``make test``, whose data are worth nothing. name: of their directory."""
    directory = places.state_directory() / name
    return Stack(Postgres(directory, throwaway=True), Elasticsearch(directory, TEST_PORT, throwaway=True))


def _unless_given(name, status):
    return f"not ours: {name} names another" if status == "stopped" and given(name) else status


def given(name):
    """Return a variable of the shell or of the file .env, or None: the services it names are not ours."""
    if name in os.environ:
        return os.environ[name]
    file = places.PROJECT / ".env"
    lines = file.read_text().splitlines() if file.exists() else []
    values = dict(line.removeprefix("export ").split("=", 1) for line in lines if "=" in line)
    return values.get(name, "").strip("'\" ") or None
