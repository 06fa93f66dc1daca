"""Databases made by the migrations of before 30 November 2026, when one first migration per package replaced them.

Django would take the new ones for applied, or fail on a table that exists: each way in asks here first.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

FORMER = ("portal", "0003_cache_table")  # no migration of today has this name
REFUSAL = (
    "This database was made by migrations that have since been replaced: bring it along as CHANGELOG.md tells for "
    "30 November 2026, under « To do at the upgrade »."
)


def made(connection: BaseDatabaseWrapper) -> bool:
    """Return whether the migrations of before made this database."""
    return FORMER in MigrationRecorder(connection).applied_migrations()


def empty(connection: BaseDatabaseWrapper) -> None:
    """Drop all that the database holds."""
    with connection.cursor() as cursor:
        cursor.execute("drop schema public cascade")
        cursor.execute("create schema public")
