"""What Elasticsearch holds of an entry: plain dictionaries, no client."""

import hashlib
import json
from functools import cache
from typing import Any

from search.entry import SEARCHED_ONLY
from search.models import IndexedEntry
from search.query import SERVICES
from search.tiles import WHOLE_REGION, tile
from search.understanding.terms import VERSION, indexed


def _terms(**more: Any) -> dict[str, Any]:
    # search.understanding.terms has read the words: nothing is left to do but to part them, as PostgreSQL does.
    # Points tell of tiers, not of how often or where a word stands; a name alone is searched for a phrase.
    return {"type": "text", "analyzer": "whitespace", "norms": False, "index_options": "docs", **more}


# "headline" gathers what describes an entry, "everything" all its terms: an all-words match looks at one field.
MAPPINGS = {
    "dynamic": "strict",
    "_source": {"excludes": ["title", "description", "presentation"]},
    "properties": {
        "title": _terms(index_options="positions", copy_to=["headline", "own", "everything"]),
        "headline": _terms(),
        "description": _terms(copy_to=["headline", "everything"], index=False),
        "presentation": _terms(copy_to=["own", "everything"], index=False),
        "own": _terms(),  # what they say themselves, without the synonyms of their category
        "everything": _terms(),
        "text": {"type": "object", "enabled": False},
        "categories": {"type": "keyword"},
        "category": {"type": "keyword"},
        "places": {"type": "keyword"},
        "town": {"type": "keyword"},
        "department": {"type": "keyword"},
        "point": {"type": "geo_point"},
        "tile": {"type": "keyword"},
        "price": {"type": "integer"},
        "labels": {"type": "keyword"},
        **{service: {"type": "boolean"} for service in SERVICES},
        "name": {"type": "keyword", "index": False},
        "merchant": {"type": "long"},
        "openings": {"type": "integer_range"},
        "hours_known_since": {"type": "date"},
        "object_id": {"type": "long", "index": False},
        "version": {"type": "long", "index": False},
        "tie": {"type": "long", "index": False},
        "entry": {"type": "object", "enabled": False},
    },
}


@cache
def mapping_version() -> str:
    """Return a fingerprint of the mappings and of the terms they hold; an index of another must be rebuilt."""
    return hashlib.sha256(json.dumps([VERSION, MAPPINGS], sort_keys=True).encode()).hexdigest()[:16]


def document(row: IndexedEntry) -> dict[str, Any]:
    """Return an entry as its index stores it."""
    stored: dict[str, Any] = row.document or {}
    return {
        "title": indexed(stored["title"]),
        "description": indexed(stored["headline"]),
        "presentation": indexed(stored["text"]),
        "text": stored["text"],
        "categories": row.categories,
        "category": row.category,
        "places": row.places,
        "town": row.town,
        "department": row.department,
        "point": {"lat": row.latitude, "lon": row.longitude} if row.latitude is not None else None,
        "tile": _tile(row),
        "price": row.price,
        "labels": row.labels,
        **{service: getattr(row, service) for service in SERVICES},
        "name": row.name,
        "merchant": row.merchant,
        "openings": [{"gte": opens, "lt": closes} for opens, closes in stored.get("openings", [])],
        "hours_known_since": row.hours_known_since,
        "object_id": row.object_id,
        "version": row.version,
        "tie": row.tie,
        "entry": {name: value for name, value in stored.items() if name not in SEARCHED_ONLY},
    }


def _tile(row: IndexedEntry) -> str | None:
    """Return an entry's tile of the region's map, written as a geotile_grid writes it."""
    if row.latitude is None or row.longitude is None:
        return None
    x, y = tile((row.latitude, row.longitude), WHOLE_REGION)
    return f"{WHOLE_REGION}/{x}/{y}"
