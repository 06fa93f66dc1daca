"""The regional search on PostgreSQL's own full-text search: the embedded default, and the stand-in."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson
from django.db import connection
from django.utils import timezone

from search import ranking
from search.entries import SEARCHED_ONLY, from_document
from search.models import TEXT_CONFIGURATION
from search.query import Query, Within
from search.results import MOST_TOWNS, Hit, Results

NAME = "PostgreSQL"

_DISTANCE = f"""(2 * {ranking.EARTH_RADIUS} * asin(sqrt(least(1,
    sin(radians(entry.latitude - %(latitude)s) / 2) ^ 2
    + cos(radians(entry.latitude)) * cos(radians(%(latitude)s)) * sin(radians(entry.longitude - %(longitude)s) / 2) ^ 2
))))"""


class Database:
    """The engine that searches IndexedEntry, one statement a query."""

    name = NAME

    def search(self, queries: Sequence[Query]) -> list[Results]:
        return [self._answer(query) for query in queries]

    def _answer(self, query: Query) -> Results:
        statement, values = build(query)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            total, hits, categories, towns = cursor.fetchone()
        return Results(
            query=query,
            hits=tuple(_hit(query, document, points) for document, points in orjson.loads(hits or "[]")),
            total=total,
            categories=orjson.loads(categories or "{}"),
            towns=orjson.loads(towns or "{}"),
            engine=NAME,
        )


def build(query: Query, day: date | None = None) -> tuple[str, dict[str, Any]]:
    """Return the statement and its values for a Query. It returns one row: total, hits, counts by category and town.

    Words reach PostgreSQL as letters and digits only, so none can be taken for an operator.
    """
    draw = ranking.rotation(day or timezone.localdate())
    values: dict[str, Any] = {
        "kind": query.kind,
        "guesses": list(query.guesses),
        "all_title": _all_of(query.words, "A"),
        "phrase_title": " <-> ".join(f"{word}:A" for word in query.phrase),
        "all_headline": _all_of(query.words, "AB"),
        "all": _all_of(query.words),
        "rest": _all_of(query.rest),
        "category": query.category,
        "insee_code": query.place.insee_code if query.place else "",
        "department": query.place.department_code if query.place else "",
        "radius": query.radius,
        "factor": draw.factor,
        "shift": draw.shift,
        "most_towns": MOST_TOWNS,
        "size": query.size,
        "start": query.start,
        "hidden": list(SEARCHED_ONLY),
    }
    if query.point:
        values |= {"latitude": query.point[0], "longitude": query.point[1]}
    order = f"{'away, ' if query.nearest and query.point else ''}points desc, rotation desc, object_id"
    statement = f"""
        with found as materialized (
            select entry.id, entry.object_id, entry.category, entry.town, entry.categories, entry.places,
                entry.department, {_text_points(query)} as text_points, {_DISTANCE if query.point else "null"} as away,
                (entry.tie * %(factor)s + %(shift)s) %% {ranking.ROTATION_PRIME} as rotation
            from regional_search_indexedentry entry
            where entry.kind = %(kind)s and not entry.deleted and {_selection(query)}
        ), matched as materialized (
            select id, object_id, category, town, away, rotation, text_points + {_place_points(query)} as points,
                {_category_filter(query)} as in_category, {_place_filter(query)} as in_place
            from found
        ), page as (
            select *, row_number() over (order by {order}) as rank from matched where in_category and in_place
            order by rank limit %(size)s offset %(start)s
        )
        select
            (select count(*) from matched where in_category and in_place),
            (select jsonb_agg(jsonb_build_array(entry.document - %(hidden)s::text[], page.points) order by page.rank)
                from page join regional_search_indexedentry entry on entry.id = page.id)::text,
            (select jsonb_object_agg(category, counted) from (
                select category, count(*) as counted from matched where in_place and category != '' group by category
            ) as categories)::text,
            (select jsonb_object_agg(town, counted) from (
                select town, count(*) as counted from matched where in_category and town != ''
                group by town order by counted desc, town limit %(most_towns)s
            ) as towns)::text
    """
    return statement, values


def _all_of(words: Sequence[str], weights: str = "") -> str:
    return " & ".join(f"{word}:{weights}" if weights else word for word in words)


def _words(name: str) -> str:
    return f"entry.vector @@ to_tsquery('{TEXT_CONFIGURATION}', %({name})s)"


_GUESSED = "entry.categories && %(guesses)s::varchar[]"


def _selection(query: Query) -> str:
    """Return the condition that the words set; each arm has an index."""
    if not query.words:
        return "true"
    return f"({_words('all')} or {_GUESSED})" if query.guesses else _words("all")


def _text_points(query: Query) -> str:
    """Return the expression of the best text tier a row reaches, from the table of ranking.py."""
    if not query.words:
        return "0"
    reached = {
        "name_phrase": _words("phrase_title"),
        "name": _words("all_title"),
        "category": f"{_GUESSED} and {_words('rest') if query.rest else 'true'}" if query.guesses else "false",
        "headline": _words("all_headline"),
        "text": _words("all"),
        "related": "true",
    }
    return "case " + " ".join(f"when {reached[tier]} then {worth}" for tier, worth in ranking.TIERS.items()) + " end"


def _place_points(query: Query) -> str:
    """Return the expression of the points for the very town and for nearness."""
    if not query.place or not query.place.insee_code:
        return "0"
    town = f"case when %(insee_code)s = any(places) then {ranking.TOWN} else 0 end"
    bands = " ".join(f"when away <= {kilometres} then {points}" for kilometres, points in ranking.BANDS)
    return f"{town} + case {bands} else 0 end"


def _category_filter(query: Query) -> str:
    return "categories @> array[%(category)s]::varchar[]" if query.category else "true"


def _place_filter(query: Query) -> str:
    if query.place and query.within == Within.PLACE:
        if query.place.insee_code:
            return "places @> array[%(insee_code)s]::varchar[]"
        return "department = %(department)s"
    if query.point and query.within == Within.RADIUS:
        return "coalesce(away <= %(radius)s, false)"
    return "true"


def _hit(query: Query, document: dict[str, Any], points: int) -> Hit:
    entry = from_document(document)
    away = ranking.distance(query.point, entry.point) if query.point and entry.point else None
    return Hit(entry, points, away)
