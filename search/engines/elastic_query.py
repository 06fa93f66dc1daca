"""A Query in Elasticsearch's own words: plain dictionaries, no client."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from search import ranking
from search.open_hours import minute
from search.query import FOLD, LABELS, PRICE_BANDS, SERVICES, Kind, Order, Query, Within
from search.results import MOST_TILES, MOST_TOWNS


def build(query: Query) -> dict[str, Any]:
    """Return the body of the search request for a Query.

    Facets are counted before their filters apply (post_filter), and each ignores its own. The score is the sum of the
    points of ranking.py; the day's rotation decides among equals.
    """
    body: dict[str, Any] = {
        "query": {"bool": {"must": _text_clauses(query), "should": _place_clauses(query)}},
        "post_filter": {"bool": {"filter": _filters(query)}},
        "aggs": {} if query.unfinished else _facets(query),
        "sort": _order(query),
        "from": query.start,
        "size": query.size,
        "track_total_hits": True,
        "track_scores": True,
        "_source": ["entry", "text"] if query.shows_passages else ["entry"],
        "timeout": f"{int(settings.ELASTICSEARCH_TIMEOUT * 1000)}ms",
    }
    if query.folded:
        body["collapse"] = {"field": "merchant"}
        sellers = {"cardinality": {"field": "merchant", "precision_threshold": 40_000}}
        body["aggs"]["sellers"] = _counted(query, "", sellers)
    return body


def _facets(query: Query) -> dict[str, Any]:
    facets = {
        "categories": _counted(query, "category", {"terms": {"field": "category", "size": 200}}),
        "towns": _counted(query, "place", {"terms": {"field": "town", "size": MOST_TOWNS}}),
        "departments": _counted(query, "place", {"terms": {"field": "department", "size": 100}}),
        "open_now": _counted(query, "open", {"filter": _open(timezone.now())}),
        "labels": _counted(query, "label", {"terms": {"field": "labels", "size": len(LABELS)}}),
        **{name: _counted(query, name, {"filter": {"term": {name: True}}}) for name in SERVICES},
    }
    if query.tiles is not None:
        tiles = {"geotile_grid": {"field": "point", "precision": query.tiles, "size": MOST_TILES}}
        facets["tiles"] = _counted(query, "", tiles)
    if query.kind == Kind.PRODUCT:
        bands = [
            {"key": band, "from": lowest} | ({"to": below} if below else {})
            for band, (lowest, below) in PRICE_BANDS.items()
        ]
        facets["prices"] = _counted(query, "price", {"range": {"field": "price", "ranges": bands}})
    return facets


def build_folds(query: Query, sellers: Sequence[int]) -> dict[str, Any]:
    """Return the body that asks for the best FOLD results of each of these sellers, and how many she has.

    One request more for a page costs a quarter of what collapse's own inner_hits would.
    """
    best = {"size": FOLD, "sort": _order(query), "track_scores": True, "_source": ["entry"]}
    return {
        "query": {
            "bool": {
                "must": _text_clauses(query),
                "should": _place_clauses(query),
                "filter": [*_filters(query), {"terms": {"merchant": list(sellers)}}],
            }
        },
        "aggs": {
            "sellers": {
                "terms": {"field": "merchant", "size": len(sellers)},
                "aggs": {"best": {"top_hits": best}},
            }
        },
        "size": 0,
        "timeout": f"{int(settings.ELASTICSEARCH_TIMEOUT * 1000)}ms",
    }


def _order(query: Query) -> list[dict[str, Any]]:
    draw = ranking.rotation(query.day or timezone.localdate())
    order: list[dict[str, Any]] = [{"_score": "desc"}, _rotation(draw), {"object_id": "asc"}]
    if query.order == Order.DISTANCE and query.point:
        order.insert(0, {"_geo_distance": {"point": _point(query.point), "order": "asc", "unit": "km"}})
    elif query.order == Order.NAME:
        order.insert(0, {"name": "asc"})
    return order


def _counted(query: Query, ignored: str, counts: dict[str, Any]) -> dict[str, Any]:
    """Return a count within all filters in force but the facet's own."""
    return {"filter": {"bool": {"filter": _filters(query, but=ignored)}}, "aggs": {"values": counts}}


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
    if query.unfinished:
        begun = {"match_bool_prefix": {"title.exact": {"query": " ".join(query.words), "operator": "and"}}}
        return [{"constant_score": {"filter": begun, "boost": 0}}]
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
    if not query.place or not query.point:
        return []
    town = {"constant_score": {"filter": {"term": {"places": query.place.insee_code}}, "boost": ranking.TOWN}}
    bands = [
        {"constant_score": {"filter": _around(query.point, kilometres), "boost": points}}
        for kilometres, points in ranking.BANDS
    ]
    return [town, {"dis_max": {"queries": bands}}]


def _filters(query: Query, but: str = "") -> list[dict[str, Any]]:
    """Return the clauses of all filters in force, or of all but one."""
    lowest, below = PRICE_BANDS.get(query.price, (0, None))
    clauses: dict[str, list[dict[str, Any]]] = {
        "category": [{"term": {"categories": query.category}}] if query.category else [],
        "place": _place_filter(query),
        "open": [_open(query.open_at)] if query.open_at else [],
        **{name: [{"term": {name: True}}] if getattr(query, name) else [] for name in SERVICES},
        "price": [{"range": {"price": {"gte": lowest} | ({"lt": below} if below else {})}}] if query.price else [],
        "label": [{"term": {"labels": query.label}}] if query.label else [],
        "seller": [{"term": {"merchant": query.seller}}] if query.seller else [],
    }
    return [clause for name, found in clauses.items() if name != but for clause in found]


def _open(moment: datetime) -> dict[str, Any]:
    return {"term": {"openings": minute(moment)}}


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
