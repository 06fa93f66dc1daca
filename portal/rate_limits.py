"""How often something may be asked for: counters in the database, which processes side by side cannot overtake.

Each counts one kind of act of one person or of everybody. A keyed hash stands for the person: who reads the table
cannot tell an e-mail or network address. What is counted in a transaction that is undone counts for nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from portal import database_clock

LONGEST_PERIOD = timedelta(days=1)
EVERYBODY = "everybody"
LOCKS = 7_305  # the first half of the advisory locks taken here


@dataclass(frozen=True)
class Limit:
    """So many acts in a period, which begins with the first. name: what is counted, unique."""

    name: str
    most: int
    period: timedelta

    def __post_init__(self) -> None:
        if self.period > LONGEST_PERIOD:
            raise ValueError(f"Counters are kept for {LONGEST_PERIOD}: {self.name} needs {self.period}.")


def take(limit: Limit, who: str) -> datetime | None:
    """Count one act; return None, or, where it would be one too many, the moment from which there is room again.

    Of two at once, the second waits until the first's transaction ends. Where one transaction takes several, it takes
    them in the same order everywhere.
    """
    key = {"name": limit.name, "who": _hashed(limit, who)}
    now = database_clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into portal_ratecount as held (name, who, started_at, count)
            values (%(name)s, %(who)s, %(now)s, 1)
            on conflict (name, who) do update set
                count = case when held.started_at <= %(since)s then 1 else held.count + 1 end,
                started_at = case when held.started_at <= %(since)s then excluded.started_at else held.started_at end
            where held.started_at <= %(since)s or held.count < %(most)s
            returning 1""",
            {**key, "now": now, "since": now - limit.period, "most": limit.most},
        )
        if cursor.fetchone():
            return None
        cursor.execute("select started_at from portal_ratecount where name = %(name)s and who = %(who)s", key)
        started_at = cursor.fetchone()[0]
    return started_at + limit.period


def wait_for_turn(what: str, who: str) -> None:
    """Make others who ask for the same wait until this transaction ends: what is counted in rows stays counted."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, f"{what} {who}"])


def _hashed(limit: Limit, who: str) -> str:
    return salted_hmac(f"portal.rate_limits.{limit.name}", who, algorithm="sha256").hexdigest()
