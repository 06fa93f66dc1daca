"""A Query in Elasticsearch's own words: plain dictionaries, no client."""

from collections.abc import Sequence
from datetime import date, datetime
from math import cos, radians
from typing import Any

from django.conf import settings
from django.utils import timezone

from search import ranking
from search.open_hours import minute
from search.query import (
    FOLD,
    LABELS,
    PRICE_BANDS,
    SERVICES,
    Kind,
    Naming,
    Order,
    Query,
    Within,
    Wording,
    price_limits,
)
from search.results import MOST_TILES, MOST_TOWNS
from search.tiles import WHOLE_REGION
from search.understanding.terms import begun, sought

MOST_SELLERS = 300  # who sell an article of the very name; more would tell them apart no better
ALL_TOWNS = 5_000  # there are 4,034
KILOMETRES_A_DEGREE = 110  # of latitude, at least: 111.2 on Elasticsearch's sphere


def build(query: Query) -> list[dict[str, Any]]:
    """Return the bodies of the search requests for a Query.

    The first finds the results, and counts every facet that no filter narrows. A facet ignores its own filter: each
    filter in force takes one request more, which counts its facets within the others. So what is read is never more
    than what one filter less would show. The score is the sum of the points of ranking.py; the day's rotation decides
    among equals.
    """
    query = sought(query)
    filters = _filters(query)
    facets = _facets(query) if query.is_counted else {}
    free = {name: counts for own, group in facets.items() if own not in filters for name, counts in group.items()}
    body: dict[str, Any] = {
        "query": _scored(query, list(filters.values())),
        "aggs": free,
        "sort": _order(query),
        "from": query.start,
        "size": query.size,
        "track_total_hits": True,
        "track_scores": True,
        "_source": ["entry", "text"] if query.shows_passages else ["entry"],
        "timeout": _timeout(),
    }
    if query.folded:
        body["collapse"] = {"field": "merchant"}
        sellers = {"cardinality": {"field": "merchant", "precision_threshold": 40_000}}
        body["aggs"] = {**free, "sellers": sellers}
    if query.kind == Kind.PRODUCT and query.words and not query.unfinished:
        body["aggs"] = {**body["aggs"], **_sellers_of_named(query)}
    return [body, *(_count(query, filters, own, facets[own]) for own in filters if own in facets)]


def _count(query: Query, filters: dict[str, Any], own: str, facets: dict[str, Any]) -> dict[str, Any]:
    """Return the body that counts facets within all filters in force but their own."""
    others = [clause for name, clause in filters.items() if name != own]
    return {
        "query": {"bool": {"filter": [*_text_clauses(query), *others]}},
        "aggs": facets,
        "size": 0,
        "track_total_hits": False,
        "timeout": _timeout(),
    }


def _facets(query: Query) -> dict[str, dict[str, Any]]:
    """Return the facets by the filter they offer, each with its name in Results and what counts it."""
    facets: dict[str, dict[str, Any]] = {
        "category": {"categories": {"terms": {"field": "category", "size": 200}}},
        "place": {
            "towns": {"terms": {"field": "town", "size": MOST_TOWNS, **_from_each_piece()}},
            "departments": {"terms": {"field": "department", "size": 100}},
        },
        "open": {"open_now": {"filter": _open(timezone.now())}},
        "label": {"labels": {"terms": {"field": "labels", "size": len(LABELS)}}},
        **{name: {name: {"filter": {"term": {name: True}}}} for name in SERVICES},
    }
    if query.tiles is not None:
        grid = {"geotile_grid": {"field": "point", "precision": query.tiles, "size": MOST_TILES}}
        kept = {"terms": {"field": "tile", "size": MOST_TILES}}
        facets["map"] = {"tiles": kept if query.tiles == WHOLE_REGION else grid}
    if query.kind == Kind.PRODUCT:
        bands = [
            {"key": band, "from": lowest} | ({"to": below} if below else {})
            for band, (lowest, below) in PRICE_BANDS.items()
        ]
        facets["price"] = {"prices": {"range": {"field": "price", "ranges": bands}}}
    return facets


def _from_each_piece() -> dict[str, int]:
    """Return how many towns each piece of an index tells of: all, or their sums would not be true."""
    return {"shard_size": ALL_TOWNS} if settings.ELASTICSEARCH_SHARDS > 1 else {}


def build_folds(query: Query, sellers: Sequence[int]) -> dict[str, Any]:
    """Return the body that asks for the best FOLD results of each of these sellers, and how many there are.

    One request more for a page costs a quarter of what collapse's own inner_hits would.
    """
    query = sought(query)
    best = {"size": FOLD, "sort": _order(query), "track_scores": True, "_source": ["entry"]}
    return {
        "query": _scored(query, [*_filters(query).values(), {"terms": {"merchant": list(sellers)}}]),
        "aggs": {
            "sellers": {
                "terms": {"field": "merchant", "size": len(sellers)},
                "aggs": {"best": {"top_hits": best}},
            }
        },
        "size": 0,
        "timeout": _timeout(),
    }


def _scored(query: Query, filters: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the clause that selects by words and filters, and gives the points."""
    raising = [*_place_clauses(query), *_hours_clauses(query)]
    return {"bool": {"must": _text_clauses(query), "should": raising, "filter": filters}}


def _order(query: Query) -> list[dict[str, Any]]:
    draw = ranking.daily_shuffle(query.ranking_day)
    order: list[dict[str, Any]] = [{"_score": "desc"}, _rotation(draw), {"object_id": "asc"}]
    if query.point and query.kind != Kind.STORY:
        order.insert(1, _kilometres(query.point))
    if query.kind == Kind.PRODUCT:
        order.insert(0, {"collect": "desc"})
    if query.order == Order.PRICE and query.kind == Kind.PRODUCT:
        order.insert(1, {"price": "asc"})
    if query.order == Order.DISTANCE and query.point:
        order.insert(0, {"_geo_distance": {"point": _point(query.point), "order": "asc", "unit": "km"}})
    elif query.order == Order.NAME:
        order.insert(0, {"name": "asc"})
    return order


def _rotation(draw: ranking.DailyShuffle) -> dict[str, Any]:
    """Return the sort clause of the daily shuffle: the same whole-number arithmetic as DailyShuffle.of."""
    script = {
        "source": f"(doc['tie'].value * params.factor + params.shift) % {ranking.ROTATION_PRIME}L",
        "params": {"factor": draw.factor, "shift": draw.shift},
    }
    return {"_script": {"type": "number", "order": "desc", "script": script}}


def _kilometres(point: tuple[float, float]) -> dict[str, Any]:
    """Return the sort clause of whole kilometres from a point: who stands as near takes turns."""
    script = {
        "source": "doc['point'].size() == 0 ? 99999L : "
        "(long) Math.floor(doc['point'].arcDistance(params.latitude, params.longitude) / 1000)",
        "params": {"latitude": point[0], "longitude": point[1]},
    }
    return {"_script": {"type": "number", "order": "asc", "script": script}}


def _sellers_of_named(query: Query) -> dict[str, Any]:
    """Return what tells the sellers of articles whose names hold all the words, and of those that say what alone."""
    sellers = {"sellers": {"terms": {"field": "merchant", "size": MOST_SELLERS}}}
    named = {"bool": {"should": [_all("title", each.words) for each in query.wordings]}}
    told = {"named": {"filter": named, "aggs": sellers}}
    if query.names_of_sellers:
        told["headed"] = {"filter": _of_their_kind(query, "title", query.names_of_sellers), "aggs": sellers}
    return told


def _text_clauses(query: Query) -> list[dict[str, Any]]:
    """Return the clause that selects by the words and gives the best tier's points; none if there are no words."""
    if not query.words:
        return [{"constant_score": {"filter": {"match_all": {}}, "boost": 0}}]
    if query.unfinished:
        return [{"constant_score": {"filter": _begun(query), "boost": 0}}]
    scored = [
        {"constant_score": {"filter": clause, "boost": ranking.TIERS[tier]}}
        for wording in query.wordings
        for tier, clause in _tiers(query, wording).items()
    ]
    return [{"dis_max": {"queries": scored}}]


def _begun(query: Query) -> dict[str, Any]:
    """Return the clause of names that hold the words, the last of which is being typed still."""
    before, beginning, forms = begun(query.words)
    last = [{"prefix": {"title": beginning}}, {"terms": {"title": forms}}]
    return {"bool": {"filter": [*({"term": {"title": word}} for word in before), {"bool": {"should": last}}]}}


def _tiers(query: Query, wording: Wording) -> dict[str, dict[str, Any]]:
    """Return the clause of each text tier that the words of a query reach, said so."""
    words, rest = wording.words, wording.unexplained
    guess = [{"terms": {"categories": list(query.inferred)}}] if query.inferred else []
    tiers: dict[str, dict[str, Any]] = {}
    if query.naming != Naming.NONE:
        named = guess if query.naming == Naming.OF_INFERRED else []
        phrase = {"match_phrase": {"title": " ".join(wording.phrase)}}
        tiers["name_phrase"] = {"bool": {"filter": [phrase, *(named if len(words) == 1 else [])]}}
        tiers["name"] = {"bool": {"filter": [_all("title", words), *named]}}
    if query.kind == Kind.PRODUCT and query.names_goods:
        return tiers | _tiers_of_goods(query, words)
    if query.sold_by:
        tiers["sells"] = {"terms": {"merchant": list(query.sold_by)}}
    if guess:
        if query.naming != Naming.NONE:
            tiers["says"] = {"bool": {"filter": [*guess, _all("own", words)]}}
        tiers["category"] = {"bool": {"filter": [*guess, _all("own", rest)] if rest else guess}}
        tiers["related"] = {"bool": {"filter": guess}}
    if query.related_in_town:
        tiers["stands_in"] = _stand_ins(query)
    return tiers | {"headline": _all("headline", words), "text": _all("everything", words)}


def _tiers_of_goods(query: Query, words: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the clauses of the tiers that an article reaches, beside those of its name."""
    tiers = {"says": _all("own", words)}
    if query.goods_of:
        tiers["category"] = {"terms": {"category": list(query.goods_of)}}
    if query.heads:
        tiers["text"] = _of_their_kind(query, "own", query.heads)
    if query.names_of_sellers:
        tiers["headline"] = _of_their_kind(query, "title", query.names_of_sellers)
    return tiers


def _of_their_kind(query: Query, field: str, heads: Sequence[str]) -> dict[str, Any]:
    """Return the clause of articles that hold the heads alone: « crème » of marrons is no cosmetic."""
    kind = [{"terms": {"categories": list(query.heads_of)}}] if query.heads_of else []
    return {"bool": {"filter": [_all(field, heads), *kind]}}


def _all(field: str, words: Sequence[str]) -> dict[str, Any]:
    return {"match": {field: {"query": " ".join(words), "operator": "and"}}}


def _stand_ins(query: Query) -> dict[str, Any]:
    """Return the clause of the categories that stand in for those guessed, in the very town."""
    there: list[dict[str, Any]] = [{"terms": {"categories": list(query.related_in_town)}}]
    if query.places_asked:  # a circle is a filter already
        there.append({"terms": {"places": list(query.places_asked)}})
    return {"bool": {"filter": there}}


def _place_clauses(query: Query) -> list[dict[str, Any]]:
    """Return the clauses that give points for the very town and for nearness."""
    if not query.place or not query.point:
        return []
    if not query.within:
        return [_nearness(query.point)]
    town = {"constant_score": {"filter": {"term": {"places": query.place.insee_code}}, "boost": ranking.TOWN}}
    return [town, _nearness(query.point)]


def _hours_clauses(query: Query) -> list[dict[str, Any]]:
    """Return the clause that gives ranking.STALE to merchants who do not lose it: a score is never below zero.

    elastic_answer.hit takes it off again, from all of them.
    """
    if query.kind != Kind.MERCHANT:
        return []
    fresh = {"bool": {"must_not": [_known_until(ranking.last_lowered(query.ranking_day))]}}
    return [{"constant_score": {"filter": fresh, "boost": ranking.STALE}}]


def _known_until(day: date) -> dict[str, Any]:
    return {"range": {"hours_known_since": {"lte": day.isoformat()}}}


def _nearness(point: tuple[float, float]) -> dict[str, Any]:
    """Return the clause that gives the points of a distance band.

    One distance a result, counted by a script: a geo_distance clause a band prepares each thousands of cells.
    """
    latitude, longitude = point
    high = ranking.BANDS[-1][0] / KILOMETRES_A_DEGREE
    wide = high / max(cos(radians(latitude)), 0.01)
    box = {
        "top": min(latitude + high, 90),
        "bottom": max(latitude - high, -90),
        "left": max(longitude - wide, -180),
        "right": min(longitude + wide, 180),
    }
    script = {"source": _BANDS, "params": {"latitude": latitude, "longitude": longitude}}
    return {"script_score": {"query": {"geo_bounding_box": {"point": box}}, "script": script}}


_BANDS = (
    "double away = doc['point'].arcDistance(params.latitude, params.longitude) / 1000; return "
    + "".join(f"away <= {kilometres} ? {points} : " for kilometres, points in ranking.BANDS)
    + "0"
)


def _filters(query: Query) -> dict[str, dict[str, Any]]:
    """Return the clauses of the filters in force, by name."""
    lowest, below = price_limits(query.price) or (0, None)
    clauses = {
        "category": {"term": {"categories": query.category}} if query.category else None,
        "place": _place_filter(query),
        "open": _open(query.open_at) if query.open_at else None,
        **{name: {"term": {name: True}} if getattr(query, name) else None for name in SERVICES},
        "price": {"range": {"price": {"gte": lowest} | ({"lt": below} if below else {})}} if query.price else None,
        "label": {"term": {"labels": query.label}} if query.label else None,
        "seller": {"term": {"merchant": query.seller}} if query.seller else None,
        "excluded": _none_excluded(query) if query.excluded else None,
        "known": _known(query, query.last_hidden) if query.last_hidden else None,
    }
    return {name: clause for name, clause in clauses.items() if clause}


def _known(query: Query, last_hidden: date) -> dict[str, Any]:
    """Return the clause of those whose hours are not too old; whoever is found by name is shown all the same."""
    tiers = [_tiers(query, wording) for wording in query.wordings if wording.words]
    named = [reached[name] for reached in tiers for name in ("name_phrase", "name") if name in reached]
    named += [_all("title", wording.unexplained) for wording in query.wordings if wording.unexplained]
    named.append({"terms": {"name": list(query.names)}})
    return {"bool": {"should": [{"bool": {"must_not": [_known_until(last_hidden)]}}, *named]}}


def _none_excluded(query: Query) -> dict[str, Any]:
    refused = [{"terms": {"title": list(query.excluded)}}, {"terms": {"categories": list(query.excluded_categories)}}]
    return {"bool": {"must_not": refused}}


def _open(moment: datetime) -> dict[str, Any]:
    return {"term": {"openings": minute(moment)}}


def _place_filter(query: Query) -> dict[str, Any] | None:
    if query.place and query.within == Within.PLACE:
        if query.place.circle and query.point:
            return {"geo_distance": {"distance": f"{query.place.circle}km", "point": _point(query.point)}}
        if query.place.towns:
            return {"terms": {"places": list(query.place.towns)}}
        if query.place.insee_code:
            return {"term": {"places": query.place.insee_code}}
        return {"term": {"department": query.place.department_code}}
    if query.point and query.within == Within.RADIUS:
        return _around(query.point, query.radius)
    return None


def _around(point: tuple[float, float], kilometres: int) -> dict[str, Any]:
    return {"geo_distance": {"distance": f"{kilometres}km", "point": _point(point)}}


def _point(point: tuple[float, float]) -> dict[str, float]:
    return {"lat": point[0], "lon": point[1]}


def _timeout() -> str:
    return f"{int(settings.ELASTICSEARCH_TIMEOUT * 1000)}ms"
