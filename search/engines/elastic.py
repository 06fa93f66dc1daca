"""The regional search on Elasticsearch: mappings, writes, and the engine. The only module that imports its client."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import structlog
from django.conf import settings
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, OrjsonSerializer, TransportError
from elasticsearch.helpers import scan

from search import ranking
from search.engines import Unavailable
from search.engines.elastic_query import build
from search.entries import SEARCHED_ONLY, from_document
from search.models import IndexedEntry
from search.query import Kind, Query
from search.results import Hit, Results

NAME = "Elasticsearch"
WRITE_TIMEOUT = 30  # seconds; workers may wait where visitors may not
REPLICAS = "0-1"  # a copy as soon as there is a second node
FORGET_DELETES_AFTER = "1h"  # so that no late write brings back what was deleted

log = structlog.get_logger(__name__)

# Accents are folded before stemming: people type "boulangere", and the stemmer must see it as it sees "boulangère".
# No stop words: the parser has taken them out. ``exact`` keeps the words unstemmed.
ANALYSIS = {
    "char_filter": {"apostrophes": {"type": "mapping", "mappings": ["’ => '", "‘ => '", "ʼ => '", "´ => '", "` => '"]}},
    "filter": {
        "french_elision": {
            "type": "elision",
            "articles_case": True,
            "articles": ["c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "presqu"],
        },
        "french_stemmer": {"type": "stemmer", "language": "light_french"},
    },
    "analyzer": {
        "french": {
            "tokenizer": "standard",
            "char_filter": ["apostrophes"],
            "filter": ["french_elision", "lowercase", "asciifolding", "french_stemmer"],
        },
        "exact": {
            "tokenizer": "standard",
            "char_filter": ["apostrophes"],
            "filter": ["french_elision", "lowercase", "asciifolding"],
        },
    },
}


def _text(**more: Any) -> dict[str, Any]:
    return {"type": "text", "analyzer": "french", "norms": False, **more}


# "headline" gathers what describes an entry, "text" everything: an all-words match looks at one field.
MAPPINGS = {
    "dynamic": "strict",
    "properties": {
        "title": _text(copy_to=["headline", "text"], fields={"exact": {"type": "text", "analyzer": "exact"}}),
        "headline": _text(),
        "description": _text(copy_to=["headline", "text"], index=False),
        "text": _text(),
        "categories": {"type": "keyword"},
        "category": {"type": "keyword"},
        "places": {"type": "keyword"},
        "town": {"type": "keyword"},
        "department": {"type": "keyword"},
        "point": {"type": "geo_point"},
        "price": {"type": "integer"},
        "object_id": {"type": "long"},
        "tie": {"type": "long"},
        "entry": {"type": "object", "enabled": False},
    },
}


def is_configured() -> bool:
    return bool(settings.ELASTICSEARCH_URL)


def alias(kind: str) -> str:
    """Return the name that searches of a kind go to."""
    return f"{settings.ELASTICSEARCH_PREFIX}-{kind}"


def index_name(kind: str, generation: int) -> str:
    return f"{alias(kind)}-v{generation}"


def _write_alias(kind: str, generation: int) -> str:
    # Writes go through an alias: to a lost index they fail, where a bare name would silently make a new, unmapped one.
    return f"{index_name(kind, generation)}-write"


def mapping_version() -> str:
    """Return a fingerprint of the mappings; an index built with another must be rebuilt."""
    return hashlib.sha256(json.dumps([ANALYSIS, MAPPINGS], sort_keys=True).encode()).hexdigest()[:16]


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
                    "auto_expand_replicas": "false",
                    "number_of_replicas": 0,
                    "refresh_interval": "-1",
                    "gc_deletes": FORGET_DELETES_AFTER,
                    "analysis": ANALYSIS,
                },
                aliases={_write_alias(kind, generation): {}},
            )


def publish(generation: int) -> None:
    """Make a filled generation the one that is searched, all kinds at once. Raises Unavailable."""
    with _translated_errors():
        client = _client(WRITE_TIMEOUT)
        for kind in Kind:
            client.indices.put_settings(
                index=index_name(kind, generation),
                settings={"refresh_interval": "1s", "auto_expand_replicas": REPLICAS},
            )
        refresh(generation)
        # A first search compiles the rotation and opens the files: no visitor waits for it.
        for kind in Kind:
            first = build(Query(kind=kind, words=("a",), phrase=("a",)))
            client.msearch(searches=[{"index": index_name(kind, generation)}, first])
        actions: list[dict[str, Any]] = []
        for kind in Kind:
            actions.append({"remove": {"index": f"{alias(kind)}-v*", "alias": alias(kind), "must_exist": False}})
            actions.append({"add": {"index": index_name(kind, generation), "alias": alias(kind)}})
        client.indices.update_aliases(actions=actions)


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


def published() -> int | None:
    """Return the generation that is searched, or None. Raises Unavailable."""
    with _translated_errors():
        name = alias(Kind.MERCHANT)
        found = _client(WRITE_TIMEOUT).indices.get(index=f"{name}-v*", features="aliases")
        return max((int(index.rpartition("-v")[2]) for index in found if name in found[index]["aliases"]), default=None)


def count(kind: Kind, generation: int) -> int:
    """Return how many entries of a kind a generation holds, refreshed or not. Raises Unavailable."""
    with _translated_errors():
        return _client(WRITE_TIMEOUT).count(index=index_name(kind, generation))["count"]


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


def write(rows: Sequence[IndexedEntry], generations: Iterable[int]) -> list[int]:
    """Write entries and tombstones to generations; return the primary keys of the rows that all of them accepted.

    An older version than the one held is passed over, which counts as accepted. Raises Unavailable if nothing could
    be written.
    """
    operations: list[dict[str, Any]] = []
    written: list[IndexedEntry] = []
    for generation in generations:
        for row in rows:
            action = "delete" if row.deleted else "index"
            target = {"_index": _write_alias(row.kind, generation), "_id": str(row.object_id)}
            operations.append({action: {**target, "version": row.version, "version_type": "external_gte"}})
            if not row.deleted:
                operations.append(_document(row))
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
    if len(refused) == len(rows):
        raise Unavailable("Elasticsearch a refusé toutes les écritures ; voir le journal.")
    return [row.pk for row in rows if row.pk not in refused]


def _document(row: IndexedEntry) -> dict[str, Any]:
    stored: dict[str, Any] = row.document or {}
    return {
        "title": stored["title"],
        "description": stored["headline"].split("\n"),
        "text": stored["text"],
        "categories": row.categories,
        "category": row.category,
        "places": row.places,
        "town": row.town,
        "department": row.department,
        "point": {"lat": row.latitude, "lon": row.longitude} if row.latitude is not None else None,
        "price": row.price,
        "object_id": row.object_id,
        "tie": row.tie,
        "entry": {name: value for name, value in stored.items() if name not in SEARCHED_ONLY},
    }


class Elastic:
    """The engine that searches the published indexes."""

    name = NAME

    def search(self, queries: Sequence[Query]) -> list[Results]:
        """Answer several queries in one round trip, in their order. Raises Unavailable, late answers included."""
        searches: list[dict[str, Any]] = []
        for query in queries:
            searches += [{"index": alias(query.kind), "allow_partial_search_results": False}, build(query)]
        with _translated_errors():
            answers = _client(settings.ELASTICSEARCH_TIMEOUT).msearch(searches=searches)["responses"]
        return [_results(query, answer) for query, answer in zip(queries, answers, strict=True)]


def _results(query: Query, answer: Mapping[str, Any]) -> Results:
    if "error" in answer or answer["timed_out"] or answer["_shards"]["failed"]:
        raise Unavailable(str(answer.get("error", "réponse incomplète")))
    hits = []
    for found in answer["hits"]["hits"]:
        entry = from_document(found["_source"]["entry"])
        away = ranking.distance(query.point, entry.point) if query.point and entry.point else None
        hits.append(Hit(entry, round(found["_score"]), away))
    return Results(
        query=query,
        hits=tuple(hits),
        total=answer["hits"]["total"]["value"],
        categories=_counts(answer, "category"),
        towns=_counts(answer, "town"),
        engine=NAME,
    )


def _counts(answer: Mapping[str, Any], facet: str) -> dict[str, int]:
    buckets = answer["aggregations"][facet]["values"]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets if bucket["key"]}


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
