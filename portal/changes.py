"""The log of changes: the one place that tells what has changed since a reader last looked.

Triggers note in ``portal_change``, in the writer's own transaction, the *tags* of what it changes; they are declared
beside each model (portal/watch.py). Forms, ``queryset.update()`` and raw SQL count alike. Writers only append: none
waits for another.

Readers hold a *position* and ask ``since(position)``: kept pages (portal/page_cache.py), the memory of a process
(portal/memory.py), the vocabulary of the search and the feed of its index. A position names the snapshot of the
database that its reader saw, so that the answer is exact even for a change that was being committed at the time.

The tags:

- ``page:ID`` a page of Wagtail, merchants' included, ``product:ID``, ``picture:ID``, ``town:ID``, ``category:ID``: the
  row itself and what belongs to it;
- ``in-town:ID`` who is in a town under what name, what they sell, its markets; ``shelf:ID`` what the merchant of that
  page sells; ``department:CODE`` who is there; ``merchants``, ``products``, ``markets`` and ``editorial`` which of
  them, and which of the Region's pages, are online at all;
- ``site`` what all pages show; ``vocabulary`` the words that a search understands.
"""

import threading
import time
from collections.abc import Callable, Collection
from typing import Generic, NamedTuple, TypeVar

from django.db import connection

from portal import database_history

KEPT_FOR = "1 hour"  # how long a change is kept: longer than any page, and than any transaction
TRUSTED = 30 * 60  # seconds after which a process's position is too old to ask from: half of KEPT_FOR

# The changes since a position. A snapshot does not tell what its own transaction writes later: there, the clock does.
_SINCE = """
    changed_in >= least(pg_snapshot_xmin(%(snapshot)s::pg_snapshot), nullif(%(inside)s, '-')::xid8)
    and case when changed_in = nullif(%(inside)s, '-')::xid8
        then extract(epoch from noted_at) > %(asked_at)s::numeric
        else not pg_visible_in_snapshot(changed_in, %(snapshot)s::pg_snapshot) end
"""
# The fields of a Position, of this moment.
_HERE = f"""pg_current_snapshot()::text, extract(epoch from clock_timestamp())::text,
    coalesce(pg_current_xact_id_if_assigned()::text, '-'), {database_history.EPOCH}"""
Value = TypeVar("Value")


class Position(NamedTuple):
    """Up to where a reader knows the changes; as text it can be stored, and read again by ``Position.of``.

    snapshot: of the database's transactions. asked_at: seconds since 1970, by the database's clock. inside: the
    transaction that asked, if it had written anything. epoch: see database_history.EPOCH.
    """

    snapshot: str
    asked_at: str
    inside: str
    epoch: str

    def __str__(self) -> str:
        return " ".join(self)

    @classmethod
    def of(cls, text: str) -> "Position | None":
        parts = text.split(" ")
        return cls(*parts) if len(parts) == len(cls._fields) else None


def _given(position: Position | None) -> dict[str, str | None]:
    return dict.fromkeys(Position._fields) if position is None else position._asdict()


class News(NamedTuple):
    """tags: of what has changed up to ``position``; None if nobody can tell: anything may have."""

    position: Position
    tags: frozenset[str] | None


def now() -> Position:
    """Return the position before all changes that are committed later; one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {_HERE}")
        return Position(*cursor.fetchone())


def since(known: Position | None, among: Collection[str] | None = None, most: int | None = None) -> News:
    """Return what has changed since a position; one query.

    None can be told without a position, or from one in another history of the database. among: the tags that matter,
    None for all. most: how many tags are worth telling; more are as good as None.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select {_HERE}, array(select distinct tag from portal_change where {_SINCE}
                {"" if among is None else "and tag = any(%(among)s)"} limit %(limit)s)""",
            {
                **_given(known),
                "among": None if among is None else list(among),
                "limit": None if most is None else most + 1,
            },
        )
        *place, tags = cursor.fetchone()
    position = Position(*place)
    database_history.note_epoch(position.epoch)
    if known is None or known.epoch != position.epoch or (most is not None and len(tags) > most):
        return News(position, None)
    return News(position, frozenset(tags))


def all_kept() -> frozenset[str]:
    """Return the tags of all changes that are still kept.

    Those of another history that lies ahead of this one are dropped: each reader would find them again and again.
    """
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(array_agg(distinct tag), '{}') from portal_change")
        (tags,) = cursor.fetchone()
        cursor.execute(
            """delete from portal_change where changed_in >= pg_snapshot_xmax(pg_current_snapshot())
            and changed_in is distinct from pg_current_xact_id_if_assigned()"""
        )
    return frozenset(tags)


def note(*tags: str) -> None:
    """Note a change that no trigger sees."""
    with connection.cursor() as cursor:
        cursor.execute("insert into portal_change (tag) select unnest(%s::text[])", [list(tags)])


def position_of(reader: str) -> Position | None:
    """Return up to where a reader that stores its position has followed the log, None if it never did."""
    with connection.cursor() as cursor:
        cursor.execute("select position from portal_changereader where name = %s", [reader])
        row = cursor.fetchone()
    return Position.of(row[0]) if row else None


def move(reader: str, position: Position) -> None:
    """Store up to where a reader has followed the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into portal_changereader (name, position) values (%s, %s)
            on conflict (name) do update set position = excluded.position""",
            [reader, str(position)],
        )


def waiting(known: Position | None) -> tuple[int, float]:
    """Return how many changes there are since a position, and the age of the oldest in seconds; two queries."""
    is_known = known is not None and known.epoch == now().epoch
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select count(*), coalesce(extract(epoch from clock_timestamp() - min(noted_at)), 0)::float8
            from portal_change where {_SINCE if is_known else "true"}""",
            _given(known),
        )
        return cursor.fetchone()


def forget_old() -> None:
    """Delete the changes that no kept page can be older than and that every reader has passed."""
    with connection.cursor() as cursor:
        cursor.execute("select position from portal_changereader")
        behind = [Position.of(stored) for (stored,) in cursor.fetchall()]
        here = now().epoch
        if any(position is None or position.epoch != here for position in behind):
            return  # a reader has yet to find its place in this history
        cursor.execute(
            """delete from portal_change where noted_at < clock_timestamp() - %s::interval and not exists (
                select from portal_changereader reader
                where not pg_visible_in_snapshot(changed_in, split_part(reader.position, ' ', 1)::pg_snapshot)
            )""",
            [KEPT_FOR],
        )


class Followed(Generic[Value]):
    """What one process has made of the tables, made again once one of its tags has changed; one query each time."""

    def __init__(self, make: Callable[[], Value], *tags: str) -> None:
        self._make, self._tags = make, tags
        self._made: tuple[Position, float, Value] | None = None
        self._lock = threading.Lock()

    def get(self) -> Value:
        with self._lock:
            known, asked_at, value = self._made or (None, 0.0, None)
            is_recent = time.monotonic() - asked_at < TRUSTED
            position, changed = since(known if is_recent else None, self._tags)
            # What was read in another transaction than this one may have been undone since.
            is_undone = known is not None and known.inside not in ("-", position.inside)
            if changed is None or changed or is_undone:
                value = self._make()
            self._made = position, time.monotonic(), value  # type: ignore[assignment]
            return value  # type: ignore[return-value]
