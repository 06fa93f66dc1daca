"""Rebuilds entries from the tables, and indexes beside those in use."""

import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import timedelta

import structlog
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from portal import changes, database_history
from portal.planner import count_anew
from search.engines import Unavailable, elastic
from search.engines.elastic_mapping import mapping_version
from search.indexing import index, set_aside
from search.indexing.comparison import Progress, batched, known_ids, stale
from search.indexing.process_pool import parallel_map
from search.models import CHECKSUM_PRIME, Generation, IndexedEntry
from search.query import Kind

BATCH = 1_000  # entries a request
KEPT = timedelta(days=1)  # how long the indexes replaced are kept
REBUILDING = 7_301  # advisory lock: one rebuild at a time
PATIENCE = 60  # seconds for the new indexes to catch up with the writes of the last moments
PAUSES = (1, 3, 10)  # seconds before a batch is tried again: a full server refuses for a moment what it takes later

log = structlog.get_logger(__name__)

Span = tuple[Kind, int, int, int]  # kind, generation, first and last primary key


class Busy(Exception):
    """Another rebuild is running."""


def refresh_all(progress: Progress = lambda count: None, processes: int = 1) -> None:
    """Rebuild every entry from the tables; the changes up to its beginning are covered by it.

    progress: called with the number of entries looked at since the last call.
    """
    set_aside.forget_refusals()
    began = changes.now()
    batches = ((kind, ids) for kind in Kind for ids in batched(known_ids(kind), BATCH))
    looked_at = 0
    for count in parallel_map(_refresh_batch, batches, processes):
        looked_at += count
        progress(count)
    count_anew(looked_at, IndexedEntry)
    changes.move(index.READER, began)


def _refresh_batch(batch: tuple[Kind, tuple[int, ...]]) -> int:
    kind, ids = batch
    # Compared before it locks anything: most are as stored.
    try:
        differing: Collection[int] = stale(kind, ids)
    except Exception:  # one of them cannot be made
        differing = ids
    index.refresh_apart(kind, differing)
    return len(ids)


def rebuild(progress: Progress = lambda count: None, processes: int = 1) -> Generation:
    """Build new indexes from the entries, switch to them at once, and return their generation.

    Searches and workers go on meanwhile: from the moment the generation exists, workers write to it too; of an entry
    that both write, the newer version stays. The switch is made while workers stand still, and only if the new indexes
    hold what the table holds, version by version. A run cut short leaves indexes that the next one replaces. Raises
    Busy, Unavailable.

    progress: called with the number of entries copied since the last call.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [REBUILDING])
        if not cursor.fetchone()[0]:
            raise Busy("Une reconstruction est déjà en cours.")
    try:
        _clear_away()
        generation = Generation(
            mapping=mapping_version(), history=database_history.current(), state=Generation.State.RETIRED
        )
        generation.save()  # not yet written to: its indexes do not exist
        elastic.create(generation.pk)
        Generation.objects.filter(pk=generation.pk).update(state=Generation.State.BUILDING)
        spans = (span for kind in Kind for span in _spans(kind, generation.pk))
        for count in parallel_map(_copy, spans, processes):
            progress(count)
        _push_all()
        elastic.warm_up(generation.pk)
        _switch_to(generation)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [REBUILDING])
    generation.refresh_from_db()
    return generation


def is_in_place(timeout: float = elastic.WRITE_TIMEOUT) -> bool:
    """Return whether Elasticsearch searches indexes of this database that suit the code.

    timeout: seconds it has to tell. Raises Unavailable.
    """
    live = index.live()
    return live is not None and live.pk == elastic.published(timeout)


def verify() -> bool:
    """Compare the live indexes with the table; withdraw them if they are older or newer. Return whether they agree.

    So they are after a snapshot of Elasticsearch, or the files of PostgreSQL, were put back. While something waits to
    be written, nothing is compared. Raises Unavailable.
    """
    live = index.live()
    if live is None or _is_waiting() or not _differing(live.pk):
        return True
    with transaction.atomic():
        _stop_workers()
        differing = [] if _is_waiting() else _differing(live.pk)
        if differing:
            Generation.objects.filter(pk=live.pk).update(history="")
    if differing:
        log.error("search_index_differs", found=differing, advice="python manage.py reindex")
        elastic.withdraw(live.pk)
    return not differing


def _is_waiting() -> bool:
    return IndexedEntry.objects.filter(version__gt=F("elastic_version")).exists()


def _differing(generation: int) -> list[str]:
    """Return of which kinds a generation does not hold what the table holds, in French. Raises Unavailable."""
    elastic.refresh(generation)
    pairs = {kind: (elastic.checksum(kind, generation), _checksum(kind)) for kind in Kind}
    return [
        f"Les index ({kind}) ne sont pas ce que dit la base : nombre et somme {held}, non {stored}."
        for kind, (held, stored) in pairs.items()
        if held != stored
    ]


def drop_old() -> int:
    """Delete the indexes replaced more than a day ago; return how many generations. Raises Unavailable."""
    old = Generation.objects.filter(state=Generation.State.RETIRED, retired_at__lt=timezone.now() - KEPT)
    return _drop(list(old))


def _clear_away() -> None:
    """Finish or delete what a rebuild cut short has left, forget indexes that are lost, and delete old ones."""
    published = elastic.published()
    for left in Generation.objects.filter(state=Generation.State.BUILDING):
        if left.pk == published:  # cut short between the switch and the note of it
            Generation.objects.filter(state=Generation.State.LIVE).update(
                state=Generation.State.RETIRED, retired_at=timezone.now()
            )
            Generation.objects.filter(pk=left.pk).update(state=Generation.State.LIVE)
        else:
            _drop([left])
    # Lost, or this database was copied without them: what waits could never be written to them.
    _drop([live for live in Generation.objects.filter(state=Generation.State.LIVE) if not elastic.exists(live.pk)])
    _drop(list(Generation.objects.filter(state=Generation.State.RETIRED, retired_at=None)))
    drop_old()


def _drop(generations: list[Generation]) -> int:
    for generation in generations:
        # Workers stop writing to it first.
        Generation.objects.filter(pk=generation.pk).update(state=Generation.State.RETIRED)
        elastic.drop(generation.pk)
        generation.delete()
    return len(generations)


def _spans(kind: Kind, generation: int) -> Iterator[Span]:
    keys = IndexedEntry.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True)
    for batch in batched(keys, BATCH):
        yield kind, generation, batch[0], batch[-1]


def _copy(span: Span) -> int:
    """Copy the living entries of a span to a generation's index; return how many. Raises Unavailable.

    Nothing is locked. Workers have been writing to the generation since before these rows are read, and of one entry
    Elasticsearch keeps the highest version, a delete's too.
    """
    kind, generation, first, last = span
    alive = list(IndexedEntry.objects.as_pushed().filter(kind=kind, pk__range=(first, last), deleted=False))
    reasons: dict[int, str] = {}
    if alive and len(_written(alive, generation, reasons)) + len(reasons) < len(alive):
        raise Unavailable("Des fiches ont été refusées ; voir le journal.")
    if reasons:
        set_aside.note_refused(alive, reasons, at_once=True)
        alive = [row for row in alive if row.pk not in reasons]
    waiting = [row for row in alive if row.elastic_version < row.version]
    if waiting and index.targets() == [generation]:  # no other index waits for them
        with connection.cursor() as cursor:
            cursor.execute(
                """update regional_search_indexedentry entry set elastic_version = copied.version
                from unnest(%s::bigint[], %s::bigint[]) as copied (id, version)
                where entry.id = copied.id and entry.elastic_version < copied.version""",
                [[row.pk for row in waiting], [row.version for row in waiting]],
            )
    return len(alive)


def _written(rows: list[IndexedEntry], generation: int, reasons: dict[int, str]) -> list[int]:
    """Return the primary keys of the rows that a generation has accepted, after some patience. Raises Unavailable.

    reasons: as elastic.write fills it.
    """
    for pause in PAUSES:
        with suppress(Unavailable):
            return elastic.write(rows, [generation], reasons)
        time.sleep(pause)
    return elastic.write(rows, [generation], reasons)


def _push_all() -> None:
    while index.push():
        pass


@transaction.atomic
def _switch_to(generation: Generation) -> None:
    """Compare the new indexes with the table, then have them searched, while no worker writes. Raises Unavailable.

    Changes go on being noted meanwhile, and searches being answered, by either engine.
    """
    _stop_workers()
    _push_all()
    for difference in _differing(generation.pk):
        raise Unavailable(difference)
    elastic.publish(generation.pk)
    live = Generation.objects.filter(state=Generation.State.LIVE)
    live.update(state=Generation.State.RETIRED, retired_at=timezone.now())
    Generation.objects.filter(pk=generation.pk).update(state=Generation.State.LIVE)


def _stop_workers() -> None:
    """Let no worker write until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("lock table regional_search_indexedentry in exclusive mode")


def _checksum(kind: Kind) -> tuple[int, int]:
    """Return of the table what elastic.checksum returns of an index."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*), coalesce(sum(object_id * version %% %s), 0)::bigint
            from regional_search_indexedentry where kind = %s and not deleted""",
            [CHECKSUM_PRIME, kind],
        )
        return cursor.fetchone()
