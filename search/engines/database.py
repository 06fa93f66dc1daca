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
from search.query import FOLD, PRICE_BANDS, SERVICES, Kind, Naming, Order, Query, Within, Wording, price_limits
from search.results import MOST_TOWNS, Hit, Results
from search.understanding.terms import begun, sought

NAME = "PostgreSQL"

_DISTANCE = f"""(2 * {EARTH_RADIUS} * asin(sqrt(least(1,
    sin(radians(entry.latitude - %(latitude)s) / 2) ^ 2
    + cos(radians(entry.latitude)) * cos(radians(%(latitude)s)) * sin(radians(entry.longitude - %(longitude)s) / 2) ^ 2
))))"""

# What a row loses whose hours nobody has confirmed for long.
_STALE = f"case when hours_known_since <= %(last_lowered)s then {ranking.STALE} else 0 end"


class Database:
    """The engine that searches IndexedEntry, one statement a query."""

    name = NAME

    def search(self, queries: Sequence[Query]) -> list[Results]:
        return [self._answer(query) for query in queries]

    def _answer(self, query: Query) -> Results:
        statement, values = build(query)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            total, sellers, hits, counts, tiles, open_now, named_by = cursor.fetchone()
        return Results(
            query=query,
            hits=tuple(Hit.of(query, from_document(document), *rest) for document, *rest in orjson.loads(hits or "[]")),
            total=total,
            sellers=sellers,
            open_now=open_now,
            named_by=tuple(named_by or ()),
            tiles={(x, y): count for x, y, count in orjson.loads(tiles)},
            engine=NAME,
            **orjson.loads(counts),
        )


def build(query: Query) -> tuple[str, dict[str, Any]]:
    """Return the statement and its values for a Query. It returns one row: total, sellers, hits, counts of each facet,
    of tiles, who is open now, and who sells what the words name.

    Words reach PostgreSQL as letters and digits only, so none can be taken for an operator.
    """
    query = sought(query)
    order = _order(query)
    statement = f"""
        with found as materialized (
            select entry.id, entry.object_id, entry.category, entry.town, entry.categories, entry.places,
                entry.department, entry.price, entry.labels, entry.merchant, entry.name,
                entry.hours_known_since,
                entry.latitude, entry.longitude, {", ".join(f"entry.{name}" for name in SERVICES)},
                {_text_points(query)} as text_points, {_is_named(query)} as named,
                {_is_called_so(query)} as is_called_so,
                {_DISTANCE if query.point else "null::float8"} as away,
                coalesce(entry.openings @> %(open_at)s::int, false) as open_then,
                coalesce(entry.openings @> %(now)s::int, false) as open_now,
                (entry.tie * %(factor)s + %(shift)s) %% {ranking.ROTATION_PRIME} as rotation
            from regional_search_indexedentry entry
            where entry.kind = %(kind)s and not entry.deleted and {_selection(query)}
                and {_early_filters(query)}
        ), matched as materialized (
            select *, text_points + {_place_points(query)} - {_STALE} as points from found
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
            {_open_now(query) if query.is_counted else "0"},
            {_named_by(query)}
    """
    return statement, _values(query)


def _order(query: Query) -> str:
    first = "away, " if query.order == Order.DISTANCE and query.point else "name, " if query.order == Order.NAME else ""
    if query.kind == Kind.PRODUCT:
        first += "collect desc, " + ("price, " if query.order == Order.PRICE else "")
    nearer = "floor(away), " if query.point and query.kind != Kind.STORY else ""
    return f"{first}points desc, {nearer}rotation desc, object_id"


def _is_named(query: Query) -> str:
    """Return the expression of how well an article's name says what is looked for: 2 all the words, 1 the heads."""
    if not _tells_sellers(query):
        return "0"
    heads = f" when {_words('title_heads')}{_of_their_kind(query)} then 1" if query.names_of_sellers else ""
    return f"case when {_words('all_title')} then 2{heads} else 0 end"


def _is_called_so(query: Query) -> str:
    """Return the condition that the words are a merchant's whole name, or their name beside their trade."""
    if not query.last_hidden:
        return "true"
    return f"(entry.name = any(%(names)s) or {_words('title_rest')})"


def _tells_sellers(query: Query) -> bool:
    return query.kind == Kind.PRODUCT and bool(query.words) and not query.unfinished


def _named_by(query: Query) -> str:
    """Return the expression of the sellers of articles whose names hold all the words; of none, those that say what."""
    if not _tells_sellers(query):
        return "null"
    best = "named = (select max(named) from listed where named > 0)"
    return f"(select array_agg(distinct merchant order by merchant) from listed where {best})"


def _values(query: Query) -> dict[str, Any]:
    draw = ranking.daily_shuffle(query.ranking_day)
    latitude, longitude = query.point or (None, None)
    lowest, below = price_limits(query.price) or (None, None)
    return {
        "kind": query.kind,
        "inferred": list(query.inferred),
        "related_in_town": list(query.related_in_town),
        "all_title": _any_of(query, lambda wording: _all_of(wording.words, "A")),
        "phrase_title": _any_of(query, lambda wording: " <-> ".join(f"{word}:A" for word in wording.phrase)),
        "all_headline": _any_of(query, lambda wording: _all_of(wording.words, "AB")),
        "all": _any_of(query, lambda wording: _all_of(wording.words)),
        "rest": _any_of(query, lambda wording: _all_of(wording.unexplained, "AD")),
        "title_rest": _any_of(query, lambda wording: _all_of(wording.unexplained, "A")),
        "own": _any_of(query, lambda wording: _all_of(wording.words, "AD")),
        "heads": _all_of(query.heads, "AD"),
        "title_heads": _all_of(query.names_of_sellers, "A"),
        "heads_of": list(query.heads_of),
        "sold_by": list(query.sold_by),
        "goods_of": list(query.goods_of),
        "excluded": " | ".join(f"{word}:A" for word in query.excluded),
        "excluded_categories": list(query.excluded_categories),
        "begun": _begun(query) if query.unfinished else "",
        "category": query.category,
        "insee_code": query.place.insee_code if query.place else "",
        "department": query.place.department_code if query.place else "",
        "circle": query.place.circle if query.place else 0,
        "places_asked": list(query.places_asked),
        "latitude": latitude,
        "longitude": longitude,
        "radius": query.radius,
        "now": minute(timezone.now()),
        "open_at": minute(query.open_at) if query.open_at else None,
        "price_from": lowest,
        "price_below": below,
        "label": query.label,
        "seller": query.seller,
        "last_lowered": ranking.last_lowered(query.ranking_day),
        "last_hidden": query.last_hidden,
        "names": list(query.names),
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
    return f"({guessed} or {_stand_ins(query)})" if query.related_in_town else guessed


def _stand_ins(query: Query) -> str:
    if not query.related_in_town:
        return "false"
    there = " and entry.places && %(places_asked)s::varchar[]" if query.places_asked else ""  # a circle is a filter
    return f"entry.categories && %(related_in_town)s::varchar[]{there}"


def _selection(query: Query) -> str:
    """Return the condition that the words set; each arm has an index."""
    allowed = ""
    if query.excluded:
        allowed = f" and not ({_words('excluded')} or entry.categories && %(excluded_categories)s::varchar[])"
    if not query.words:
        return f"true{allowed}"
    if query.unfinished:
        return _words("begun")
    if query.kind == Kind.PRODUCT and query.names_goods:
        found = [
            _words("own"),
            *([f"({_words('heads')}{_of_their_kind(query)})"] if query.heads else []),
            *_of_the_goods(query),
        ]
    else:
        found = [_words("all"), *([_guessed(query)] if query.inferred else []), *_sells(query)]
    return f"({' or '.join(found)}){allowed}"


def _of_their_kind(query: Query) -> str:
    """Return what an article must be besides where the heads alone are found: « crème » of marrons is no cosmetic."""
    return " and entry.categories && %(heads_of)s::varchar[]" if query.heads_of else ""


def _of_the_goods(query: Query) -> list[str]:
    return ["entry.category = any(%(goods_of)s::varchar[])"] if query.goods_of else []


def _sells(query: Query) -> list[str]:
    return ["entry.merchant = any(%(sold_by)s::bigint[])"] if query.sold_by else []


def _text_points(query: Query) -> str:
    """Return the expression of the best text tier a row reaches, from the table of ranking.py."""
    if not query.words or query.unfinished:
        return "0"
    has_rest = all(wording.unexplained for wording in query.wordings)
    guess = "entry.categories && %(inferred)s::varchar[]" if query.inferred else "false"
    is_named = query.naming != Naming.NONE
    named = f" and {guess}" if query.naming == Naming.OF_INFERRED else ""
    reached: dict[str, str] = {}
    if is_named:
        of_one_word = "" if len(query.words) > 1 else named
        reached = {"name_phrase": _words("phrase_title") + of_one_word, "name": _words("all_title") + named}
    if query.kind == Kind.PRODUCT and query.names_goods:
        headed = f"{_words('title_heads')}{_of_their_kind(query)}" if query.names_of_sellers else "false"
        of_the_goods = "".join(_of_the_goods(query)) or "false"
        reached |= {"says": _words("own"), "category": of_the_goods, "headline": headed, "text": "true"}
    else:
        reached |= {
            "sells": "".join(_sells(query)) or "false",
            "says": f"{guess} and {_words('own')}" if is_named else "false",
            "category": f"{guess} and {_words('rest')}" if has_rest else guess,
            "headline": _words("all_headline"),
            "stands_in": _stand_ins(query),
            "text": _words("all"),
            "related": "true",
        }
    tiers = ((reached[tier], worth) for tier, worth in ranking.TIERS.items() if tier in reached)
    return "case " + " ".join(f"when {rule} then {worth}" for rule, worth in tiers) + " end"


def _place_points(query: Query) -> str:
    """Return the expression of the points for the very town and for nearness."""
    if not query.point:
        return "0"
    bands = " ".join(f"when away <= {kilometres} then {points}" for kilometres, points in ranking.BANDS)
    if not query.within:
        return f"case {bands} else 0 end"
    town = f"case when %(insee_code)s = any(places) then {ranking.TOWN} else 0 end"
    return f"{town} + case {bands} else 0 end"


def _early_filters(query: Query) -> str:
    """Return the condition of the filters that the index can answer: none if facets count what those filters hide."""
    if query.is_counted:
        return "true"
    is_around = query.within == Within.RADIUS or (query.place is not None and query.place.circle)
    later = ("open", "known")  # what is reckoned from the row itself
    return _filters(query, *later, "place") if is_around else _filters(query, *later)


def _filters(query: Query, *but: str) -> str:
    """Return the condition of all filters in force, or of all but some."""
    limits = price_limits(query.price)
    below = "and price < %(price_below)s" if limits and limits[1] else ""
    conditions = {
        "category": "categories @> array[%(category)s]::varchar[]" if query.category else "",
        "place": _place_filter(query),
        "open": "open_then" if query.open_at else "",
        **{name: name if getattr(query, name) else "" for name in SERVICES},
        "price": f"price >= %(price_from)s {below}" if limits else "",
        "label": "labels @> array[%(label)s]::varchar[]" if query.label else "",
        "seller": "merchant = %(seller)s" if query.seller else "",
        "known": _KNOWN if query.last_hidden else "",
    }
    return " and ".join(sql for name, sql in conditions.items() if sql and name not in but) or "true"


# Whoever is found by name is shown, however old their hours are.
_KNOWN = (
    f"(coalesce(hours_known_since > %(last_hidden)s, true) or text_points >= {ranking.TIERS['name']} or is_called_so)"
)


def _place_filter(query: Query) -> str:
    if query.place and query.within == Within.PLACE:
        if query.place.circle:
            return "coalesce(away <= %(circle)s, false)"
        if query.place.towns:
            return "places && %(places_asked)s::varchar[]"
        if query.place.insee_code:
            return "places @> array[%(insee_code)s]::varchar[]"
        return "department = %(department)s"
    if query.point and query.within == Within.RADIUS:
        return "coalesce(away <= %(radius)s, false)"
    return ""
