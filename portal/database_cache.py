"""The cache that all web processes share in the database: counters of attempts above all."""

from typing import Any

from django.conf import settings
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, IntegrityError, connection
from django.utils import timezone

BACKEND = "portal.database_cache.SharedCache"


class SharedCache(DatabaseCache):
    """Django's, which takes a database that refuses to write for somebody else's entry: attempts then seem too many."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Store an entry; return False if there is one. Raises DatabaseError where the database cannot do it now."""
        refusals: list[DatabaseError] = []

        def noting(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            try:
                return execute(sql, params, many, context)
            except IntegrityError:  # another process was faster
                raise
            except DatabaseError as error:
                refusals.append(error)
                raise

        with connection.execute_wrapper(noting):
            added = super().add(*args, **kwargs)
        if refusals:
            raise refusals[0]
        return added


def delete_expired() -> int:
    """Delete what has expired; return how many entries. Django does so only where a cache is full."""
    cache = settings.CACHES["default"]
    if cache["BACKEND"] != BACKEND:
        return 0
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(cache["LOCATION"])
        cursor.execute(f"delete from {table} where expires < %s", [timezone.now()])
        return cursor.rowcount
