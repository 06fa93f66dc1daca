"""What keeps the entries in step with the tables, and Elasticsearch in step with the entries.

``drain()`` does all that is pending. Its two halves may run in any number of processes at once:

- ``consume()`` reads the log of changes (portal/changes.py) and rebuilds what they concern; one process does, others
  have nothing to do meanwhile;
- ``push()`` copies to Elasticsearch what it has not seen. When it is down, changes are consumed all the same (the
  PostgreSQL engine stays fresh) and pushed later.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet

from portal import changes, database_clock, database_history
from search import open_hours, ranking
from search.engines import elastic
from search.engines.elastic_mapping import mapping_version
from search.entry import Entry
from search.indexing import set_aside
from search.indexing.entries import BUILDERS
from search.indexing.reach import reach
from search.models import NAME_LENGTH, TEXT_CONFIGURATION, VERSIONS, Generation, IndexedEntry
from search.query import Kind
from search.understanding.normalize import words_of
from search.understanding.terms import VERSION, indexed

BATCH = 500  # rows a transaction takes
READER = "search"  # its name among the readers of the log
FEED = 7_303  # advisory lock: one process reads the log at a time

# The columns that PostgreSQL filters and sorts by: an Entry's own of the same name, but for those that _row computes.
_COLUMNS = {
    "document": "jsonb", "categories": "text[]", "category": "text", "places": "text[]", "town": "text",
    "department": "text", "latitude": "float8", "longitude": "float8", "price": "int", "merchant": "bigint",
    "tie": "bigint", "labels": "text[]", "collect": "boolean", "delivers": "boolean", "step_free": "boolean",
    "name": "text", "openings": "int4multirange", "renew_on": "date", "hours_known_since": "date",
}  # fmt: skip
_KEY = {"kind": "text", "object_id": "bigint"}
_WORDS = {"title_words": "text", "headline_words": "text", "text_words": "text"}

log = structlog.get_logger(__name__)

# Whether an entry is stored as this code stores it, beside its document: it knows when to lay its hours out again.
IS_WHOLE = f"""(terms_version = {VERSION}
    and renew_on is not distinct from nullif(document ->> 'openings_from', '')::date + {open_hours.PERIOD})"""


def drain() -> int:
    """Bring entries and engines up to date with every change committed so far; return how many changes there were.

    Raises elastic.Unavailable when Elasticsearch is configured and down; the entries are then up to date all the same.
    """
    consumed = consume(waits=True)
    while push():
        pass
    return consumed


def consume(waits: bool = False) -> int:
    """Rebuild what has changed since the last time, in batches; return how many changes there were.

    While another process is at it: 0, or, if it ``waits``, what that one has left. The position in the log is moved
    last: a crash repeats the work, which changes nothing, since entries that are as stored are left alone.
    """
    if changes.since(changes.position_of(READER)).tags == frozenset():
        return 0
    with _alone(waits) as is_alone:
        if not is_alone:
            return 0
        position, tags = changes.since(changes.position_of(READER))
        if tags is None:  # never read, or the database was restored: all that may wait is still there
            tags = changes.all_kept()
        for kind, ids in reach(tags).items():
            ordered = sorted(ids)
            for start in range(0, len(ordered), BATCH):
                refresh_apart(kind, ordered[start : start + BATCH])
        changes.move(READER, position)
    return len(tags)


def waiting() -> tuple[int, float]:
    """Return how many changes wait for ``consume``, and for how many seconds the oldest has."""
    return changes.waiting(changes.position_of(READER))


@contextmanager
def _alone(waits: bool) -> Iterator[bool]:
    """Whether this process alone reads the log inside."""
    with connection.cursor() as cursor:
        cursor.execute(f"select pg_{'' if waits else 'try_'}advisory_lock(%s)", [FEED])
        is_alone = waits or cursor.fetchone()[0]
    try:
        yield is_alone
    finally:
        if is_alone and connection.is_usable():  # a lost connection has given it back
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [FEED])


def refresh_apart(kind: Kind, ids: Collection[int]) -> int:
    """As ``refresh``, but an entry that cannot be made is set aside, and the others are made."""
    try:
        changed = refresh(kind, ids)
    except (OperationalError, InterfaceError):  # the database's trouble, not the entry's
        raise
    except Exception as error:  # whatever its content does to our code or to the database
        if len(ids) == 1:
            set_aside.note_unbuilt(kind, next(iter(ids)), error)
            return 0
        ordered = sorted(ids)
        half = len(ordered) // 2
        return refresh_apart(kind, ordered[:half]) + refresh_apart(kind, ordered[half:])
    set_aside.note_built(kind, ids)
    return changed


@transaction.atomic
def refresh(kind: Kind, ids: Collection[int]) -> int:
    """Rebuild these entries from the tables; return how many differ from what was stored.

    The rows are locked before the tables are read, so of two workers on one entry the last to write is also the last
    to have read.
    """
    if not ids:
        return 0
    stored = _locked(kind, ids)
    if missing := sorted(set(ids) - stored.keys()):
        new = (IndexedEntry(kind=kind, object_id=object_id) for object_id in missing)
        IndexedEntry.objects.bulk_create(new, ignore_conflicts=True)  # another worker may have met it too
        stored |= _locked(kind, missing)
    entries = set_aside.without_refused(kind, list(BUILDERS[kind](ids)))
    changed = [entry for entry in entries if entry.document != stored[entry.id]]
    return _store(changed) + _bury(kind, set(ids) - {entry.id for entry in entries})


def _locked(kind: Kind, ids: Collection[int]) -> dict[int, Any]:
    """Lock those of these entries that there are; return their documents by id, None of one to be stored again."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select object_id, case when {IS_WHOLE} then document::text end
            from regional_search_indexedentry
            where kind = %s and object_id = any(%s) order by object_id for update""",
            [kind, list(ids)],
        )
        return {object_id: orjson.loads(document or "null") for object_id, document in cursor.fetchall()}


def _store(entries: Collection[Entry]) -> int:
    """Write entries whose document changed, each with a new version; return how many."""
    if not entries:
        return 0
    given = _KEY | _WORDS | _COLUMNS
    with connection.cursor() as cursor:
        cursor.execute(
            f"""update regional_search_indexedentry entry set
                version = nextval('{VERSIONS}'), deleted = false, terms_version = {VERSION},
                vector = setweight(to_tsvector('{TEXT_CONFIGURATION}', new.title_words), 'A')
                      || setweight(to_tsvector('{TEXT_CONFIGURATION}', new.headline_words), 'B')
                      || setweight(to_tsvector('{TEXT_CONFIGURATION}', new.text_words), 'D'),
                {", ".join(f"{name} = new.{name}" for name in _COLUMNS)}
            from jsonb_to_recordset(%s::jsonb) as new ({", ".join(f"{name} {kind}" for name, kind in given.items())})
            where entry.kind = new.kind and entry.object_id = new.object_id""",
            [orjson.dumps([_row(entry) for entry in entries]).decode()],
        )
        return cursor.rowcount


def _row(entry: Entry) -> dict:
    computed = {
        "object_id": entry.id,
        "title_words": indexed(entry.title),
        "headline_words": indexed(entry.headline),
        "text_words": indexed(entry.text),
        "tie": ranking.tiebreak(entry.kind, entry.id),
        "name": " ".join(words_of(entry.title))[:NAME_LENGTH],
        "openings": "{" + ",".join(f"[{opens},{closes})" for opens, closes in entry.openings) + "}",
        "renew_on": open_hours.renewal(entry.openings_from),
        "hours_known_since": entry.hours_known_since or None,
    }
    return computed | {name: getattr(entry, name) for name in ("kind", *_COLUMNS) if name not in computed}


def renew(limit: int = BATCH) -> int:
    """Rebuild up to ``limit`` entries whose opening hours no longer reach far enough; return how many."""
    # None from here on, so that one that cannot be made does not come back for ever.
    return _redo(
        """with due as (
            select id from regional_search_indexedentry where renew_on <= %s limit %s for update skip locked
        )
        update regional_search_indexedentry entry set renew_on = null from due where entry.id = due.id
        returning kind, object_id""",
        [database_clock.today(), limit],
    )


def reread(limit: int = BATCH) -> int:
    """Rebuild up to ``limit`` entries whose terms an older version of terms.py has read; return how many."""
    return _redo(
        """select kind, object_id from regional_search_indexedentry
        where terms_version < %s and not deleted order by terms_version limit %s for update skip locked""",
        [VERSION, limit],
    )


@transaction.atomic
def _redo(query: str, parameters: list) -> int:
    """Rebuild the entries that a query returns by kind and id; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        due: dict[str, set[int]] = defaultdict(set)
        for kind, object_id in cursor.fetchall():
            due[kind].add(object_id)
    return _refresh_each(due)


def retry_unbuilt() -> int:
    """Rebuild what could not be made, set_aside.MOST_TRIES times in all; return how many were tried."""
    return _refresh_each(set_aside.unbuilt())


def _refresh_each(due: Mapping[Any, Collection[int]]) -> int:
    """Rebuild entries, given by kind; return how many were given."""
    for kind in sorted(Kind):
        if ids := due.get(kind):
            refresh_apart(kind, ids)
    return sum(map(len, due.values()))


def _bury(kind: Kind, ids: Collection[int]) -> int:
    """Turn what is no longer public into tombstones; return how many were alive."""
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"""update regional_search_indexedentry set version = nextval('{VERSIONS}'), deleted = true,
                document = null, vector = null, openings = null, renew_on = null, hours_known_since = null,
                categories = '{{}}', places = '{{}}'
            where kind = %s and object_id = any(%s) and not deleted""",
            [kind, list(ids)],
        )
        buried = cursor.rowcount
        # Never told to anyone: nothing to remember.
        cursor.execute(
            "delete from regional_search_indexedentry where kind = %s and object_id = any(%s) and version = 0",
            [kind, list(ids)],
        )
    return buried


def push(limit: int = BATCH) -> int:
    """Copy up to ``limit`` waiting entries to every index in use; return how many were accepted.

    The rows stay locked until Elasticsearch has answered, so versions of one entry arrive in order; external versions
    make a repeat harmless. Without Elasticsearch, tombstones are simply dropped. Raises elastic.Unavailable.
    """
    with transaction.atomic():
        if not (elastic.is_configured() and _in_use().exists()):
            IndexedEntry.objects.filter(deleted=True).delete()
            return 0
        if not targets():
            return 0
        waiting = IndexedEntry.objects.as_pushed().filter(version__gt=F("elastic_version")).order_by("version")
        rows = list(waiting.select_for_update(skip_locked=True)[:limit])
        if not rows:
            return 0
        # Read again under the locks: a rebuild that began meanwhile wants these rows too, or waits for them.
        reasons: dict[int, str] = {}
        accepted = elastic.write(rows, targets(), reasons)
        set_aside.note_refused(rows, reasons)
        set_aside.note_accepted([row for row in rows if row.pk in accepted])
        IndexedEntry.objects.filter(pk__in=accepted).update(elastic_version=F("version"))
        IndexedEntry.objects.filter(pk__in=accepted, deleted=True).delete()
    return len(accepted)


def _in_use() -> QuerySet[Generation]:
    return Generation.objects.exclude(state=Generation.State.RETIRED).order_by("pk")


def targets() -> list[int]:
    """Return the generations of indexes that this worker writes to: those of its code's mappings and its database.

    None if the newest has others: older code leaves it to newer code to write what newer indexes want; newer code
    leaves the entries waiting for the indexes that a rebuild will make, and so does any after a restore.
    """
    known, wanted = list(_in_use()), (mapping_version(), database_history.current())
    if not known or (known[-1].mapping, known[-1].history) != wanted:
        return []
    return [generation.pk for generation in known if (generation.mapping, generation.history) == wanted]


def is_outdated() -> bool:
    """Return whether no index in use was built with the code's mappings and from this history of the database."""
    return live() is None


def is_restored() -> bool:
    """Return whether the index in use was built before the database was restored."""
    suits = Generation.objects.filter(state=Generation.State.LIVE).exclude(history="")
    return suits.exclude(history=database_history.current()).exists()


def live() -> Generation | None:
    """Return the generation that this code searches, None if there is none to suit it and the database."""
    suits = Generation.objects.filter(mapping=mapping_version(), history=database_history.current())
    return suits.filter(state=Generation.State.LIVE).first()
