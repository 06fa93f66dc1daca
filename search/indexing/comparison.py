"""Compares tables, entries and Elasticsearch."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator

from django.db.models import BooleanField, F
from django.db.models.expressions import RawSQL

from search.engines import elastic
from search.indexing.entries import BUILDERS, all_ids
from search.indexing.index import IS_WHOLE, is_outdated, live, waiting
from search.models import IndexedEntry
from search.query import Kind

BATCH = 1_000  # entries compared at once
PATIENCE = 60  # seconds for the workers to empty the queue

Progress = Callable[[int], object]


def known_ids(kind: Kind) -> list[int]:
    """Return, in order, the ids of all that has or may have an entry of a kind."""
    stored = IndexedEntry.objects.filter(kind=kind).values_list("object_id", flat=True)
    return sorted({*all_ids(kind), *stored})


def batched(ids: Iterable[int], size: int) -> Iterable[tuple[int, ...]]:
    """Split ids into tuples of at most ``size``."""
    iterator = iter(ids)
    while batch := tuple(itertools.islice(iterator, size)):
        yield batch


def differences(progress: Progress = lambda count: None) -> Iterator[str]:
    """Yield in French each difference between tables, entries and Elasticsearch.

    Of what changes while it is compared, only what still differs once the queue is empty counts.
    progress: called with the number of entries compared since the last call.
    """
    if elastic.is_configured() and is_outdated():
        yield "Elasticsearch n’a pas d’index à jour : lancez python manage.py reindex"
    for kind in Kind:
        suspects = {*stale(kind, known_ids(kind), progress), *_unlike(kind)}
        if suspects:
            _let_the_queue_drain()
            yield from _explain(kind, sorted(suspects))


def stale(kind: Kind, ids: Iterable[int], progress: Progress = lambda count: None) -> set[int]:
    """Return the ids of entries that are not what the tables say now, or not stored as this code stores them."""
    found: set[int] = set()
    whole = IndexedEntry.objects.filter(RawSQL(IS_WHOLE, [], BooleanField()), kind=kind, deleted=False)
    for batch in batched(ids, BATCH):
        alive = whole.filter(object_id__among=batch)
        stored = dict(alive.values_list("object_id", "document"))
        built = {entry.id: entry.document for entry in BUILDERS[kind](batch)}
        found |= {key for key in {*stored, *built} if stored.get(key) != built.get(key)}
        progress(len(batch))
    return found


def _unlike(kind: Kind) -> set[int]:
    """Return the ids whose version Elasticsearch does not hold as stored; none without Elasticsearch."""
    generation = live() if elastic.is_configured() else None
    if generation is None:
        return set()
    elastic.refresh(generation.pk)
    held = dict(elastic.versions(kind, generation.pk))
    stored = dict(IndexedEntry.objects.filter(kind=kind, deleted=False).values_list("object_id", "version"))
    return {key for key in {*held, *stored} if held.get(key) != stored.get(key)}


def _explain(kind: Kind, ids: list[int]) -> Iterator[str]:
    differing, unlike = stale(kind, ids), _unlike(kind)
    for object_id in ids:
        if object_id in differing:
            yield f"{kind} {object_id} : la fiche de recherche n’est pas celle que disent les tables"
        elif object_id in unlike:
            yield f"{kind} {object_id} : Elasticsearch n’a pas la version enregistrée"


def _let_the_queue_drain() -> None:
    """Wait a while for the workers, then return whatever they have done."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        behind = IndexedEntry.objects.filter(version__gt=F("elastic_version"))
        if not waiting()[0] and not (elastic.is_configured() and behind.exists()):
            return
        time.sleep(0.5)
