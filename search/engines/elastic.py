"""The regional search on Elasticsearch: indexes, writes, and the engine. The only module that imports its client."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import orjson
import structlog
from django.conf import settings
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, OrjsonSerializer, TransportError
from elasticsearch.helpers import scan

from portal import database_history
from search.engines import Unavailable
from search.engines.elastic_answer import NAME, expanded, hit, merged, results
from search.engines.elastic_mapping import MAPPINGS, document, mapping_version
from search.engines.elastic_query import build, build_folds
from search.models import CHECKSUM_PRIME, IndexedEntry
from search.query import Kind, Query
from search.results import Results

WRITE_TIMEOUT = 30  # seconds; workers may wait where visitors may not
COPIES_PATIENCE = 120  # seconds a new index may take to be copied to the other nodes before it is searched
FORGET_DELETES_AFTER = "1h"  # so that no late write brings back what was deleted

log = structlog.get_logger(__name__)


def is_configured() -> bool:
    return bool(settings.ELASTICSEARCH_URL)


def alias(kind: str) -> str:
    """Return the name that searches of a kind go to.

    It carries the fingerprint of the mappings and the database's history: code whose mappings have changed finds no
    index, nor does any code once the database was restored, and PostgreSQL answers visitors, until a rebuild.
    """
    return f"{_base(kind)}-for-{mapping_version()}-{database_history.last_seen()}"


def index_name(kind: str, generation: int) -> str:
    return f"{_base(kind)}-v{generation}"


def _base(kind: str) -> str:
    return f"{settings.ELASTICSEARCH_PREFIX}-{kind}"


def _write_alias(kind: str, generation: int) -> str:
    # Writes go through an alias: to a lost index they fail, where a bare name would silently make a new, unmapped one.
    return f"{index_name(kind, generation)}-write"


def create(generation: int) -> None:
    """Create the empty indexes of a generation, replacing leftovers of the same name. Raises Unavailable."""
    with _translated_errors():
        client = _client(WRITE_TIMEOUT)
        for kind in Kind:
            client.indices.delete(index=index_name(kind, generation), ignore_unavailable=True)
            client.indices.create(
                index=index_name(kind, generation),
                mappings={**MAPPINGS, "_meta": {"version": mapping_version()}},
                settings={
                    "number_of_shards": settings.ELASTICSEARCH_SHARDS,
                    "auto_expand_replicas": "false",
                    "number_of_replicas": 0,
                    "refresh_interval": "-1",
                    "gc_deletes": FORGET_DELETES_AFTER,
                },
                aliases={_write_alias(kind, generation): {}},
            )


def warm_up(generation: int) -> None:
    """Make a filled generation fit to be searched: copied to the other nodes, its files open. Raises Unavailable."""
    with _translated_errors():
        client = _client(WRITE_TIMEOUT)
        names = [index_name(kind, generation) for kind in Kind]
        client.indices.put_settings(
            index=names,
            settings={"refresh_interval": "1s", "auto_expand_replicas": f"0-{settings.ELASTICSEARCH_REPLICAS}"},
        )
        refresh(generation)
        client.options(request_timeout=COPIES_PATIENCE + WRITE_TIMEOUT, ignore_status=408).cluster.health(
            index=names, wait_for_no_initializing_shards=True, timeout=f"{COPIES_PATIENCE}s"
        )
        # A first search compiles the rotation and opens the files: no visitor waits for it.
        for kind in Kind:
            (first,) = build(Query(kind=kind, words=("a",), phrase=("a",)))
            client.msearch(searches=[{"index": index_name(kind, generation)}, first])


def publish(generation: int) -> None:
    """Make a generation the one that is searched, all kinds at once. Raises Unavailable."""
    actions: list[dict[str, Any]] = []
    for kind in Kind:
        # Those of other mappings too: nobody keeps their indexes up to date any more.
        former = {"index": f"{_base(kind)}-v*", "alias": f"{_base(kind)}-for-*", "must_exist": False}
        actions += [{"remove": former}, {"add": {"index": index_name(kind, generation), "alias": alias(kind)}}]
    with _translated_errors():
        _client(WRITE_TIMEOUT).indices.update_aliases(actions=actions)


def withdraw(generation: int) -> None:
    """Let a generation be searched no more. Raises Unavailable."""
    actions = [
        {"remove": {"index": index_name(kind, generation), "alias": f"{_base(kind)}-for-*", "must_exist": False}}
        for kind in Kind
    ]
    with _translated_errors():
        _client(WRITE_TIMEOUT).indices.update_aliases(actions=actions)


def exists(generation: int) -> bool:
    """Return whether all indexes of a generation are there to be written to. Raises Unavailable."""
    with _translated_errors():
        return all(_client(WRITE_TIMEOUT).indices.exists_alias(name=_write_alias(kind, generation)) for kind in Kind)


def drop(generation: int) -> None:
    """Delete the indexes of a generation. Raises Unavailable."""
    with _translated_errors():
        for kind in Kind:
            _client(WRITE_TIMEOUT).indices.delete(index=index_name(kind, generation), ignore_unavailable=True)


def refresh(generation: int) -> None:
    """Make all that was written findable now. Raises Unavailable."""
    with _translated_errors():
        for kind in Kind:
            _client(WRITE_TIMEOUT).indices.refresh(index=index_name(kind, generation))


def published(timeout: float = WRITE_TIMEOUT) -> int | None:
    """Return the generation that is searched, all its kinds, or None. timeout: seconds. Raises Unavailable."""
    bases = ",".join(f"{_base(kind)}-v*" for kind in Kind)
    with _translated_errors():
        found = _client(timeout).indices.get(index=bases, features="aliases")
    searched = [
        {int(index.rpartition("-v")[2]) for index in found if alias(kind) in found[index]["aliases"]} for kind in Kind
    ]
    return max(set.intersection(*searched), default=None)


def checksum(kind: Kind, generation: int) -> tuple[int, int]:
    """Return how many entries of a kind a generation shows, and the sum of their fingerprints. Raises Unavailable.

    An entry's fingerprint is its id times its version, modulo CHECKSUM_PRIME.
    """
    mixed = f"doc['object_id'].value * doc['version'].value % {CHECKSUM_PRIME}L"
    with _translated_errors():
        answer = _client(WRITE_TIMEOUT).search(
            index=index_name(kind, generation),
            size=0,
            track_total_hits=True,
            aggs={"sum": {"sum": {"script": mixed}}},
        )
    return answer["hits"]["total"]["value"], round(answer["aggregations"]["sum"]["value"])


def versions(kind: Kind, generation: int) -> Iterator[tuple[int, int]]:
    """Yield the id and version of each entry of a kind that a generation holds. Raises Unavailable."""
    with _translated_errors():
        for found in scan(
            _client(WRITE_TIMEOUT),
            index=index_name(kind, generation),
            query={"version": True, "_source": False},
            size=2_000,
            preserve_order=False,
        ):
            yield int(found["_id"]), found["_version"]


def write(rows: Sequence[IndexedEntry], generations: Iterable[int], reasons: dict[int, str] | None = None) -> list[int]:
    """Write entries and tombstones to generations; return the primary keys of the rows that all of them accepted.

    An older version than the one held is passed over, which counts as accepted. Raises Unavailable if nothing could
    be written, unless that is for what the entries hold.

    reasons: takes, by primary key, why a row was refused for what it holds, which no other try would change.
    """
    reasons = {} if reasons is None else reasons
    operations: list[Any] = []  # the client's own lines of a bulk request are written by a slower serializer
    written: list[IndexedEntry] = []
    for generation in generations:
        for row in rows:
            action = "delete" if row.deleted else "index"
            target: dict[str, Any] = {"_index": _write_alias(row.kind, generation), "_id": str(row.object_id)}
            target |= {"version": row.version, "version_type": "external_gte"}
            operations.append(orjson.dumps({action: target}))
            if not row.deleted:
                operations.append(orjson.dumps(document(row)))
            written.append(row)
    if not operations:
        return []
    with _translated_errors():
        answer = _client(WRITE_TIMEOUT).bulk(
            operations=operations, require_alias=True, filter_path="items.*.status,items.*.error"
        )
    refused = set()
    for row, item in zip(written, answer["items"], strict=True):
        (outcome,) = item.values()
        if outcome["status"] == 409 or (row.deleted and outcome["status"] == 404 and "error" not in outcome):
            continue
        if outcome["status"] >= 300:
            refused.add(row.pk)
            log.error("search_entry_refused", kind=row.kind, object_id=row.object_id, reason=outcome.get("error"))
            if outcome["status"] == 400:
                reasons[row.pk] = _reason(outcome.get("error") or {})
    if len(refused) == len(rows) and not reasons:
        raise Unavailable("Elasticsearch a refusé toutes les écritures ; voir le journal.")
    return [row.pk for row in rows if row.pk not in refused]


def _reason(error: dict[str, Any]) -> str:
    """Return in one line what Elasticsearch says of a document, and what caused it."""
    cause = error.get("caused_by") or {}
    return " : ".join(str(said) for said in (error.get("reason"), cause.get("reason")) if said) or str(error)


class Elastic:
    """The engine that searches the published indexes."""

    name = NAME

    def search(self, queries: Sequence[Query]) -> list[Results]:
        """Answer several queries in one round trip, in their order. Raises Unavailable, late answers included."""
        bodies = [build(query) for query in queries]
        told = iter(_ask([(query.kind, body) for query, parts in zip(queries, bodies, strict=True) for body in parts]))
        answers = [merged(list(itertools.islice(told, len(parts)))) for parts in bodies]
        pages = [answer["hits"]["hits"] for answer in answers]
        folded = [index for index, query in enumerate(queries) if query.folded and pages[index]]
        sellers = {index: [found["fields"]["merchant"][0] for found in pages[index]] for index in folded}
        folds = _ask([(queries[index].kind, build_folds(queries[index], sellers[index])) for index in folded])
        shown = [[hit(query, found) for found in page] for query, page in zip(queries, pages, strict=True)]
        for index, fold in zip(folded, folds, strict=True):
            shown[index] = expanded(queries[index], sellers[index], fold)
        return [results(*one) for one in zip(queries, answers, shown, strict=True)]


def _ask(asked: Sequence[tuple[Kind, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the answers to several requests, in one round trip. Raises Unavailable, for a partial answer too."""
    if not asked:
        return []
    searches: list[dict[str, Any]] = []
    for kind, body in asked:
        searches += [{"index": alias(kind), "allow_partial_search_results": False}, body]
    with _translated_errors():
        answers = _client(settings.ELASTICSEARCH_TIMEOUT).msearch(searches=searches)["responses"]
    for answer in answers:
        if "error" in answer or answer["timed_out"] or answer["_shards"]["failed"]:
            raise Unavailable(str(answer.get("error", "réponse incomplète")))
    return answers


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Turn whatever the client raises into Unavailable: a caller has another engine, or will try again."""
    try:
        yield
    except (ApiError, TransportError) as error:
        raise Unavailable(str(error)) from error


def _client(timeout: float) -> Elasticsearch:
    return _connect(
        tuple(settings.ELASTICSEARCH_URL), settings.ELASTICSEARCH_API_KEY, settings.ELASTICSEARCH_CA, timeout
    )


@lru_cache(maxsize=8)
def _connect(hosts: tuple[str, ...], api_key: str, ca: str, timeout: float) -> Elasticsearch:
    """Return a client. A node that refuses is passed over for the next; a slow one is not waited for."""
    return Elasticsearch(
        hosts=list(hosts),
        api_key=api_key or None,
        ca_certs=ca or DEFAULT,
        serializer=OrjsonSerializer(),
        request_timeout=timeout,
        max_retries=len(hosts) - 1,
        retry_on_timeout=False,
    )
