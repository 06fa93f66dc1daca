"""What Elasticsearch holds of an entry, and how it reads its words: plain dictionaries, no client."""

import hashlib
import json
from functools import cache
from typing import Any

from search.entries import SEARCHED_ONLY
from search.models import IndexedEntry
from search.query import SERVICES
from search.tiles import WHOLE_REGION, tile

# Words are read as search.words.words_of reads them, then stemmed as PostgreSQL stems them (a test compares both).
# Accents are folded before: people type "boulangere", and the stemmer must see it as it sees "boulangère".
# No stop words: the parser has taken them out. ``exact`` keeps the words unstemmed.
_WORDS = {
    "tokenizer": "signs",
    "char_filter": ["apostrophes", "elisions"],
    "filter": ["lowercase", "asciifolding"],
}
ANALYSIS = {
    "char_filter": {
        "apostrophes": {"type": "mapping", "mappings": [*(f"{mark} => '" for mark in "’‘ʼ´`′"), "ᵉ => e", "ʳ => r"]},
        "elisions": {
            "type": "pattern_replace",
            "pattern": r"(?iU)\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|presqu)'(?=\w)",
            "replacement": "",
        },
    },
    "tokenizer": {"signs": {"type": "char_group", "tokenize_on_chars": ["whitespace", "punctuation", "symbol"]}},
    "filter": {"french_stemmer": {"type": "stemmer", "language": "french"}},
    "analyzer": {"french": {**_WORDS, "filter": [*_WORDS["filter"], "french_stemmer"]}, "exact": _WORDS},
}


def _text(**more: Any) -> dict[str, Any]:
    # Points tell of tiers, not of how often or where a word stands; a name alone is searched for a phrase.
    return {"type": "text", "analyzer": "french", "norms": False, "index_options": "docs", **more}


# "headline" gathers what describes an entry, "text" everything: an all-words match looks at one field.
MAPPINGS = {
    "dynamic": "strict",
    "properties": {
        "title": _text(
            index_options="positions", copy_to=["headline", "text"], fields={"exact": _text(analyzer="exact")}
        ),
        "headline": _text(),
        "description": _text(copy_to=["headline", "text"], index=False),
        "text": _text(),
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
        "object_id": {"type": "long", "index": False},
        "version": {"type": "long", "index": False},
        "tie": {"type": "long", "index": False},
        "entry": {"type": "object", "enabled": False},
    },
}


@cache
def mapping_version() -> str:
    """Return a fingerprint of the mappings; an index built with another must be rebuilt."""
    return hashlib.sha256(json.dumps([ANALYSIS, MAPPINGS], sort_keys=True).encode()).hexdigest()[:16]


def document(row: IndexedEntry) -> dict[str, Any]:
    """Return an entry as its index stores it."""
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
        "tile": _tile(row),
        "price": row.price,
        "labels": row.labels,
        **{service: getattr(row, service) for service in SERVICES},
        "name": row.name,
        "merchant": row.merchant,
        "openings": [{"gte": opens, "lt": closes} for opens, closes in stored.get("openings", [])],
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
