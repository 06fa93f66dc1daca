"""The database's clock, which decides wherever processes of several machines must agree on the moment or the day.

Ask it for what one process stores and another acts upon: when something is due, what is laid out for days. What one
answer alone shows (« ouvert maintenant ») may keep to the machine's own clock.
"""

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

MOST_APART = timedelta(minutes=1)  # that this machine's clock may be from the database's


def now() -> datetime:
    """Return the moment by the database's clock, aware; one query."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


def today() -> date:
    """Return the day in France by the database's clock; one query."""
    return timezone.localdate(now())
