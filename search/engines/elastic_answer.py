"""Elasticsearch's answers in our own words: plain dictionaries, no client."""

from collections.abc import Mapping, Sequence
from typing import Any

from search import ranking
from search.entry import from_document
from search.query import SERVICES, Kind, Query
from search.results import Hit, Results

NAME = "Elasticsearch"


def merged(answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the first answer to a query with the facets that the others have counted."""
    counts = [answer.get("aggregations", {}) for answer in answers]
    return {**answers[0], "aggregations": {name: count for group in counts for name, count in group.items()}}


def hit(query: Query, found: Mapping[str, Any], others: int = 0) -> Hit:
    """Return what was found as a result. others: as in Hit."""
    entry = from_document(found["_source"].pop("entry") | found["_source"])
    lent = ranking.STALE if query.kind == Kind.MERCHANT else 0  # elastic_query._hours_clauses
    return Hit.of(query, entry, round(found["_score"]) - lent, others)


def expanded(query: Query, sellers: Sequence[int], answer: Mapping[str, Any]) -> list[Hit]:
    """Return the best hits of each seller, in the sellers' order; the last one tells how many more there are.

    A seller whose last product went away since it was found has no fold, and is left out.
    """
    folds = {bucket["key"]: bucket for bucket in answer["aggregations"]["sellers"]["buckets"]}
    hits = []
    for seller in filter(folds.__contains__, sellers):
        best = folds[seller]["best"]["hits"]["hits"]
        more = folds[seller]["doc_count"] - len(best)
        hits += [hit(query, found, more if found is best[-1] else 0) for found in best]
    return hits


def results(query: Query, answer: Mapping[str, Any], hits: Sequence[Hit]) -> Results:
    """Return a page's results and all counts."""
    counts = answer["aggregations"]
    sellers = (counts[name]["sellers"]["buckets"] for name in ("named", "headed") if name in counts)
    total = answer["hits"]["total"]["value"]
    return Results(
        query=query,
        hits=tuple(hits),
        total=total,
        sellers=counts["sellers"]["value"] if query.folded else total,
        open_now=counts["open_now"]["doc_count"] if query.is_counted else 0,
        services={name: counts[name]["doc_count"] for name in SERVICES} if query.is_counted else {},
        tiles=_tiles(counts),
        named_by=tuple(sorted(bucket["key"] for bucket in next(filter(None, sellers), ()))),
        engine=NAME,
        categories=_counts(counts, "categories"),
        towns=_counts(counts, "towns"),
        departments=_counts(counts, "departments"),
        labels=_counts(counts, "labels"),
        prices=_counts(counts, "prices"),
    )


def _tiles(counts: Mapping[str, Any]) -> dict[tuple[int, int], int]:
    tiles = {}
    for key, count in _counts(counts, "tiles").items():
        _, x, y = key.split("/")
        tiles[int(x), int(y)] = count
    return tiles


def _counts(counts: Mapping[str, Any], facet: str) -> dict[str, int]:
    buckets = counts[facet]["buckets"] if facet in counts else []
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets if bucket["key"] and bucket["doc_count"]}
