"""The cache that all web processes share in the database: counters of attempts above all."""

from django.conf import settings
from django.db import connection
from django.utils import timezone

BACKEND = "django.core.cache.backends.db.DatabaseCache"


def delete_expired() -> int:
    """Delete what has expired; return how many entries. Django does so only where a cache is full."""
    cache = settings.CACHES["default"]
    if cache["BACKEND"] != BACKEND:
        return 0
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(cache["LOCATION"])
        cursor.execute(f"delete from {table} where expires < %s", [timezone.now()])
        return cursor.rowcount
