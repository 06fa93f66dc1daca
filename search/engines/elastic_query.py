"""A Query in Elasticsearch's own words: plain dictionaries, no client."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from search import ranking
from search.query import Query, Within
from search.results import MOST_TOWNS


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
