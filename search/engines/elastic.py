"""The regional search on Elasticsearch: mappings, writes, and the engine. The only module that imports its client."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, OrjsonSerializer, TransportError
from elasticsearch.helpers import scan

from search import ranking
from search.engines import Unavailable
from search.entries import SEARCHED_ONLY, from_document
from search.models import IndexedEntry
from search.query import Kind, Query, Within
from search.results import MOST_TOWNS, Hit, Results

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


def build(query: Query, day: date | None = None) -> dict[str, Any]:
    """Return the body of the search request for a Query.

    Facets are counted before their filters apply (post_filter), and each ignores its own. The score is the sum of the
    points of ranking.py; the day's rotation decides among equals.
    """
    order = [{"_score": "desc"}, _rotation(ranking.rotation(day or timezone.localdate())), {"object_id": "asc"}]
    if query.nearest and query.point:
        order.insert(0, {"_geo_distance": {"point": _point(query.point), "order": "asc", "unit": "km"}})
    filters = {"category": _category_filter(query), "place": _place_filter(query)}
    return {
        "query": {"bool": {"must": _text_clauses(query), "should": _place_clauses(query)}},
        "post_filter": {"bool": {"filter": [clause for clauses in filters.values() for clause in clauses]}},
        "aggs": {
            "category": {
                "filter": {"bool": {"filter": filters["place"]}},
                "aggs": {"values": {"terms": {"field": "category", "size": 200}}},
            },
            "town": {
                "filter": {"bool": {"filter": filters["category"]}},
                "aggs": {"values": {"terms": {"field": "town", "size": MOST_TOWNS}}},
            },
        },
        "sort": order,
        "from": query.start,
        "size": query.size,
        "track_total_hits": True,
        "track_scores": True,
        "_source": ["entry"],
        "timeout": f"{int(settings.ELASTICSEARCH_TIMEOUT * 1000)}ms",
    }


def _rotation(draw: ranking.Rotation) -> dict[str, Any]:
    """Return the sort clause of the day's rotation: the same whole-number arithmetic as Rotation.of."""
    script = {
        "source": f"(doc['tie'].value * params.factor + params.shift) % {ranking.ROTATION_PRIME}L",
        "params": {"factor": draw.factor, "shift": draw.shift},
    }
    return {"_script": {"type": "number", "order": "desc", "script": script}}


def _text_clauses(query: Query) -> list[dict[str, Any]]:
    """Return the clause that selects by the words and gives the best tier's points; none if there are no words."""
    if not query.words:
        return [{"constant_score": {"filter": {"match_all": {}}, "boost": 0}}]
    words, phrase, rest = " ".join(query.words), " ".join(query.phrase), " ".join(query.rest)
    guess = [{"terms": {"categories": list(query.guesses)}}]
    tiers: dict[str, dict[str, Any]] = {
        "name_phrase": {"match_phrase": {"title": phrase}},
        "name": {"match": {"title": {"query": words, "operator": "and"}}},
        "headline": {"match": {"headline": {"query": words, "operator": "and"}}},
        "text": {"match": {"text": {"query": words, "operator": "and"}}},
    }
    if query.guesses:
        rest_too = [{"match": {"text": {"query": rest, "operator": "and"}}}] if rest else []
        tiers["category"] = {"bool": {"filter": guess + rest_too}}
        tiers["related"] = {"bool": {"filter": guess}}
    scored = [{"constant_score": {"filter": clause, "boost": ranking.TIERS[tier]}} for tier, clause in tiers.items()]
    return [{"dis_max": {"queries": scored}}]


def _place_clauses(query: Query) -> list[dict[str, Any]]:
    """Return the clauses that give points for the very town and for nearness."""
    if not query.place or not query.place.insee_code:
        return []
    town = {"constant_score": {"filter": {"term": {"places": query.place.insee_code}}, "boost": ranking.TOWN}}
    if not query.point:
        return [town]
    bands = [
        {"constant_score": {"filter": _around(query.point, kilometres), "boost": points}}
        for kilometres, points in ranking.BANDS
    ]
    return [town, {"dis_max": {"queries": bands}}]


def _category_filter(query: Query) -> list[dict[str, Any]]:
    return [{"term": {"categories": query.category}}] if query.category else []


def _place_filter(query: Query) -> list[dict[str, Any]]:
    if query.place and query.within == Within.PLACE:
        if query.place.insee_code:
            return [{"term": {"places": query.place.insee_code}}]
        return [{"term": {"department": query.place.department_code}}]
    if query.point and query.within == Within.RADIUS:
        return [_around(query.point, query.radius)]
    return []


def _around(point: tuple[float, float], kilometres: int) -> dict[str, Any]:
    return {"geo_distance": {"distance": f"{kilometres}km", "point": _point(point)}}


def _point(point: tuple[float, float]) -> dict[str, float]:
    return {"lat": point[0], "lon": point[1]}


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
