"""The regional search on PostgreSQL's own full-text search: the embedded default, and the stand-in."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from django.db import connection
from django.utils import timezone

from directory.geography import EARTH_RADIUS
from search import ranking
from search.entry import SEARCHED_ONLY, from_document
from search.models import TEXT_CONFIGURATION
from search.open_hours import minute
from search.query import FOLD, PRICE_BANDS, SERVICES, Order, Query, Within, Wording
from search.results import MOST_TOWNS, Hit, Results
from search.understanding.terms import begun, sought

NAME = "PostgreSQL"

_DISTANCE = f"""(2 * {EARTH_RADIUS} * asin(sqrt(least(1,
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
            total, sellers, hits, counts, tiles, open_now = cursor.fetchone()
        return Results(
            query=query,
            hits=tuple(Hit.of(query, from_document(document), *rest) for document, *rest in orjson.loads(hits or "[]")),
            total=total,
            sellers=sellers,
            open_now=open_now,
            tiles={(x, y): count for x, y, count in orjson.loads(tiles)},
            engine=NAME,
            **orjson.loads(counts),
        )


def build(query: Query) -> tuple[str, dict[str, Any]]:
    """Return the statement and its values for a Query. It returns one row: total, sellers, hits, counts of each facet,
    of tiles, and who is open now.

    Words reach PostgreSQL as letters and digits only, so none can be taken for an operator.
    """
    query = sought(query)
    first = "away, " if query.order == Order.DISTANCE and query.point else "name, " if query.order == Order.NAME else ""
    order = f"{first}points desc, rotation desc, object_id"
    statement = f"""
        with found as materialized (
            select entry.id, entry.object_id, entry.category, entry.town, entry.categories, entry.places,
                entry.department, entry.price, entry.labels, entry.merchant, entry.name,
                entry.latitude, entry.longitude, {", ".join(f"entry.{name}" for name in SERVICES)},
                {_text_points(query)} as text_points, {_DISTANCE if query.point else "null::float8"} as away,
                coalesce(entry.openings @> %(open_at)s::int, false) as open_then,
                coalesce(entry.openings @> %(now)s::int, false) as open_now,
                (entry.tie * %(factor)s + %(shift)s) %% {ranking.ROTATION_PRIME} as rotation
            from regional_search_indexedentry entry
            where entry.kind = %(kind)s and not entry.deleted and {_selection(query)}
                and {_early_filters(query)}
        ), matched as materialized (
            select *, text_points + {_place_points(query)} as points from found
        ), listed as materialized (
            select *, {"merchant" if query.folded else "id"} as fold from matched where {_filters(query)}
        ), {_page(query, order)}
        select
            (select count(*) from listed),
            (select count(distinct fold) from listed),
            (select jsonb_agg(
                jsonb_build_array(entry.document - %(hidden)s::text[], page.points, page.others) order by page.rank
            ) from page join regional_search_indexedentry entry on entry.id = page.id)::text,
            {_facets(query) if query.is_counted else "'{}'"},
            {_tiles(query)},
            {_open_now(query) if query.is_counted else "0"}
    """
    return statement, _values(query)


def _values(query: Query) -> dict[str, Any]:
    draw = ranking.daily_shuffle(query.day or timezone.localdate())
    latitude, longitude = query.point or (None, None)
    lowest, below = PRICE_BANDS.get(query.price, (None, None))
    return {
        "kind": query.kind,
        "inferred": list(query.inferred),
        "related_in_town": list(query.related_in_town),
        "all_title": _any_of(query, lambda wording: _all_of(wording.words, "A")),
        "phrase_title": _any_of(query, lambda wording: " <-> ".join(f"{word}:A" for word in wording.phrase)),
        "all_headline": _any_of(query, lambda wording: _all_of(wording.words, "AB")),
        "all": _any_of(query, lambda wording: _all_of(wording.words)),
        "rest": _any_of(query, lambda wording: _all_of(wording.unexplained)),
        "begun": _begun(query) if query.unfinished else "",
        "category": query.category,
        "insee_code": query.place.insee_code if query.place else "",
        "department": query.place.department_code if query.place else "",
        "latitude": latitude,
        "longitude": longitude,
        "radius": query.radius,
        "now": minute(timezone.now()),
        "open_at": minute(query.open_at) if query.open_at else None,
        "price_from": lowest,
        "price_below": below,
        "label": query.label,
        "seller": query.seller,
        "factor": draw.factor,
        "shift": draw.shift,
        "size": query.size,
        "start": query.start,
        "hidden": [name for name in SEARCHED_ONLY if not (name == "text" and query.shows_passages)],
    }


def _page(query: Query, order: str) -> str:
    """Return the table expressions that end in ``page``: the rows to show, their rank, and what is folded behind."""
    if not query.folded:
        return f"""page as (
            select *, row_number() over (order by {order}) as rank, 0 as others from listed
            order by rank limit %(size)s offset %(start)s
        )"""
    return f"""ranked as materialized (
            select *, row_number() over (partition by fold order by {order}) as place,
                count(*) over (partition by fold) as siblings from listed
        ), sellers as (
            select fold, row_number() over (order by {order}) as seller_rank from ranked where place = 1
            order by seller_rank limit %(size)s offset %(start)s
        ), page as (
            select ranked.*, seller_rank * {FOLD} + place as rank,
                case when place = {FOLD} then siblings - {FOLD} else 0 end as others
            from ranked join sellers using (fold) where place <= {FOLD}
        )"""


def _facets(query: Query) -> str:
    """Return the expression of all counts as JSON, named as in Results."""
    return f"""jsonb_build_object(
                'categories', {_counts("category", _filters(query, "category"))},
                'towns', {_counts("town", _filters(query, "place"), MOST_TOWNS)},
                'departments', {_counts("department", _filters(query, "place"))},
                'labels', {_counts("unnest(labels)", _filters(query, "label"))},
                'prices', {_counts(_price_band(), _filters(query, "price"))},
                'services', jsonb_build_object({", ".join(f"'{name}', ({_count(name, query)})" for name in SERVICES)})
            )::text"""


def _open_now(query: Query) -> str:
    return f"(select count(*) from matched where open_now and {_filters(query, 'open')})"


def _counts(value: str, condition: str, most: int | None = None) -> str:
    """Return the expression of {value: how many rows have it} as JSON; empty values do not count."""
    fullest = f"order by counted desc, value limit {most}" if most else ""
    return f"""coalesce((select jsonb_object_agg(value, counted) from (
                    select value, count(*) as counted from (
                        select {value} as value from matched where {condition}
                    ) as found where value != '' group by 1 {fullest}
                ) as counts), '{{}}')"""


def _count(service: str, query: Query) -> str:
    return f"select count(*) from matched where {service} and {_filters(query, service)}"


def _tiles(query: Query) -> str:
    """Return the expression of [[x, y, how many results stand in that tile of the web's maps]…] as JSON."""
    if query.tiles is None:
        return "'[]'"
    across = f"floor((longitude + 180) / 360 * {2**query.tiles})::int"
    radians = "radians(latitude)"
    down = f"floor((1 - ln(tan({radians}) + 1 / cos({radians})) / pi()) / 2 * {2**query.tiles})::int"
    return f"""(select coalesce(jsonb_agg(jsonb_build_array(x, y, counted)), '[]')::text from (
                select {across} as x, {down} as y, count(*) as counted from listed
                where latitude is not null group by 1, 2
            ) as tiles)"""


def _price_band() -> str:
    bands = " ".join(
        f"when price >= {lowest}{f' and price < {below}' if below else ''} then '{band}'"
        for band, (lowest, below) in PRICE_BANDS.items()
    )
    return f"case {bands} else '' end"


def _all_of(words: Sequence[str], weights: str = "") -> str:
    return " & ".join(f"{word}:{weights}" if weights else word for word in words)


def _begun(query: Query) -> str:
    """Return the search for names that hold the words, the last of which is being typed still."""
    before, beginning, forms = begun(query.words)
    last = " | ".join([f"{beginning}:*A", *(f"{form}:A" for form in forms)])
    return " & ".join([*(f"{word}:A" for word in before), f"({last})"])


def _any_of(query: Query, written: Callable[[Wording], str]) -> str:
    """Return the search that any wording of a query satisfies; "", which nothing does, if none says a word."""
    return " | ".join(f"({words})" for wording in query.wordings if (words := written(wording)))


def _words(name: str) -> str:
    return f"entry.vector @@ to_tsquery('{TEXT_CONFIGURATION}', %({name})s)"


def _guessed(query: Query) -> str:
    """Return the condition of the categories guessed, and in the very town of those that stand in for them."""
    guessed = "entry.categories && %(inferred)s::varchar[]"
    there = "entry.categories && %(related_in_town)s::varchar[] and entry.places @> array[%(insee_code)s]::varchar[]"
    return f"({guessed} or {there})" if query.related_in_town else guessed


def _selection(query: Query) -> str:
    """Return the condition that the words set; each arm has an index."""
    if not query.words:
        return "true"
    if query.unfinished:
        return _words("begun")
    return f"({_words('all')} or {_guessed(query)})" if query.inferred else _words("all")


def _text_points(query: Query) -> str:
    """Return the expression of the best text tier a row reaches, from the table of ranking.py."""
    if not query.words or query.unfinished:
        return "0"
    has_rest = all(wording.unexplained for wording in query.wordings)
    reached = {
        "name_phrase": _words("phrase_title"),
        "name": _words("all_title"),
        "category": f"{_guessed(query)} and {_words('rest') if has_rest else 'true'}" if query.inferred else "false",
        "headline": _words("all_headline"),
        "text": _words("all"),
        "related": "true",
    }
    return "case " + " ".join(f"when {reached[tier]} then {worth}" for tier, worth in ranking.TIERS.items()) + " end"


def _place_points(query: Query) -> str:
    """Return the expression of the points for the very town and for nearness."""
    if not query.point:
        return "0"
    town = f"case when %(insee_code)s = any(places) then {ranking.TOWN} else 0 end"
    bands = " ".join(f"when away <= {kilometres} then {points}" for kilometres, points in ranking.BANDS)
    return f"{town} + case {bands} else 0 end"


def _early_filters(query: Query) -> str:
    """Return the condition of the filters that the index can answer: none if facets count what those filters hide."""
    if query.is_counted:
        return "true"
    return _filters(query, "open", "place") if query.within == Within.RADIUS else _filters(query, "open")


def _filters(query: Query, *but: str) -> str:
    """Return the condition of all filters in force, or of all but some."""
    below = "and price < %(price_below)s" if PRICE_BANDS.get(query.price, (0, None))[1] else ""
    conditions = {
        "category": "categories @> array[%(category)s]::varchar[]" if query.category else "",
        "place": _place_filter(query),
        "open": "open_then" if query.open_at else "",
        **{name: name if getattr(query, name) else "" for name in SERVICES},
        "price": f"price >= %(price_from)s {below}" if query.price else "",
        "label": "labels @> array[%(label)s]::varchar[]" if query.label else "",
        "seller": "merchant = %(seller)s" if query.seller else "",
    }
    return " and ".join(sql for name, sql in conditions.items() if sql and name not in but) or "true"


def _place_filter(query: Query) -> str:
    if query.place and query.within == Within.PLACE:
        if query.place.insee_code:
            return "places @> array[%(insee_code)s]::varchar[]"
        return "department = %(department)s"
    if query.point and query.within == Within.RADIUS:
        return "coalesce(away <= %(radius)s, false)"
    return ""
