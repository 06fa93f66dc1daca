"""« Ce qu’on cherche et ne trouve pas », for editors, among the admin's reports."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from wagtail.admin.auth import permission_required

from portal.spreadsheets import table
from search.demand.log import FEWEST
from search.understanding.gazetteer import Gazetteer, current
from search.understanding.typed_place import read_place

PERIODS = (30, 90, 365)  # days
SHOWN = 50  # rows of a table
WIDTH, HEIGHT, BAR = 640, 160, 24  # of the charts, in their own units

_COUNTED = """(
    select day, words, category, place, count(*) filter (where rank is null) as searches,
        count(*) filter (where rank is null and results = 0) as unanswered, count(rank) as clicks,
        coalesce(sum(rank), 0) as ranks
    from regional_search_demand group by day, words, category, place
    union all
    select day, words, category, place, searches, unanswered, clicks, ranks from regional_search_dailydemand
) as counted"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which searches to count. first: a day. place, category: codes, "" for all."""

    first: date
    place: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Searches for one thing. unanswered, clicks: None where too few to be told. rank: the mean of those clicked."""

    keys: tuple[str, ...]
    searches: int
    unanswered: int | None
    clicks: int | None
    rank: float | None


@permission_required("regional_search.view_demand")
def report(request: HttpRequest) -> HttpResponse:
    """What people look for, and how often nothing answers, by words, town and category."""
    known = current()
    days = next((days for days in PERIODS if request.GET.get("jours") == str(days)), PERIODS[0])
    typed_place = request.GET.get("ou", "")[:100]
    places = read_place(known, typed_place).places
    category = request.GET.get("categorie", "")
    asked = Asked(
        first=timezone.localdate() - timedelta(days=days),
        place=(places[0].insee_code or places[0].department_code) if places else "",
        category=category if category in known.categories else "",
    )
    if request.GET.get("format") == "csv":
        return _csv(known, asked)
    by_category = [_named(known, row) for row in rows(asked, "category")]
    weeks = by_week(asked)
    context = {
        "page_title": "Ce qu’on cherche et ne trouve pas",
        "periods": PERIODS,
        "days": days,
        "typed_place": typed_place,
        "unknown_place": bool(typed_place and not places),
        "asked": asked,
        "categories": list(known.categories.values()),
        "fewest": FEWEST,
        "tables": [
            ("Par mots", "Mots", rows(asked, "words")[:SHOWN]),
            ("Par commune", "Commune", [_named(known, row) for row in rows(asked, "place")[:SHOWN]]),
            ("Par catégorie", "Catégorie", by_category[:SHOWN]),
        ],
        "weeks": {"width": WIDTH, "height": HEIGHT, "bars": _columns(weeks), "count": len(weeks)},
        "missing": _lines([row for row in by_category if row.unanswered]),
        "csv_link": request.GET.urlencode(),
    }
    return render(request, "search/demand_report.html", context)


def rows(asked: Asked, *columns: str) -> list[Row]:
    """Return what was looked for, grouped by some of words, category and place: the least answered first.

    A group of fewer than FEWEST searches is left out, and so is each number below it.
    """
    where, values = _condition(asked)
    keys = ", ".join(columns)
    named = " and ".join(f"{column} != ''" for column in columns[:1])
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select {keys}, sum(searches), sum(unanswered), sum(clicks), sum(ranks) from {_COUNTED}
            where {where} and {named} group by {keys} having sum(searches) >= %(fewest)s
            order by sum(unanswered) desc, sum(searches) desc, {keys}""",
            values,
        )
        found = cursor.fetchall()
    return [
        Row(
            keys=tuple(row[: len(columns)]),
            searches=int(searches),
            unanswered=_told(unanswered),
            clicks=_told(clicks),
            rank=float(ranks / clicks) if clicks >= FEWEST else None,
        )
        for row in found
        for searches, unanswered, clicks, ranks in [row[len(columns) :]]
    ]


def by_week(asked: Asked) -> list[tuple[date, int, int]]:
    """Return (Monday, searches, unanswered) of each week; numbers below FEWEST count as none."""
    where, values = _condition(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select date_trunc('week', day)::date as monday, sum(searches), sum(unanswered) from {_COUNTED}
            where {where} group by monday order by monday""",
            values,
        )
        found = cursor.fetchall()
    return [(monday, _told(searches) or 0, _told(unanswered) or 0) for monday, searches, unanswered in found]


def _condition(asked: Asked) -> tuple[str, dict]:
    conditions = ["day >= %(first)s"]
    conditions += [f"{name} = %({name})s" for name in ("place", "category") if getattr(asked, name)]
    values = {"first": asked.first, "place": asked.place, "category": asked.category, "fewest": FEWEST}
    return " and ".join(conditions), values


def _told(count: int) -> int | None:
    """Return a number that hides nobody: 0, or at least FEWEST; else None."""
    return int(count) if count == 0 or count >= FEWEST else None


def _named(known: Gazetteer, row: Row) -> Row:
    """Return the row with names in place of codes; what is no longer known keeps its code."""
    return Row(tuple(_name(known, key) for key in row.keys), row.searches, row.unanswered, row.clicks, row.rank)


def _name(known: Gazetteer, key: str) -> str:
    if key in known.categories:
        return known.categories[key].name
    place = known.places.get(key) or known.departments.get(key)
    return place.label if place else key


def _columns(weeks: list[tuple[date, int, int]]) -> list[dict]:
    """Return the two columns of each week in units of the chart, searches behind what nothing answered."""
    highest = max((searches for _, searches, _ in weeks), default=0) or 1
    step = WIDTH / max(len(weeks), 1)
    return [
        {
            "x": f"{number * step:.1f}",
            "width": f"{step * 0.8:.1f}",
            "monday": monday,
            "searches": searches,
            "unanswered": unanswered,
            "tall": f"{searches / highest * HEIGHT:.1f}",
            "top": f"{HEIGHT - searches / highest * HEIGHT:.1f}",
            "tall_unanswered": f"{unanswered / highest * HEIGHT:.1f}",
            "top_unanswered": f"{HEIGHT - unanswered / highest * HEIGHT:.1f}",
        }
        for number, (monday, searches, unanswered) in enumerate(weeks)
    ]


def _lines(found: list[Row]) -> dict:
    """Return a chart with a line for each category that people miss most."""
    most = max((row.unanswered or 0 for row in found), default=0) or 1
    lines = [
        {
            "name": row.keys[0],
            "count": row.unanswered,
            "y": number * BAR,
            "text_y": number * BAR + BAR - 8,
            "length": f"{(row.unanswered or 0) / most * WIDTH / 2:.1f}",
        }
        for number, row in enumerate(found[:10])
    ]
    return {"width": WIDTH, "height": len(lines) * BAR, "half": WIDTH // 2, "bar": BAR - 6, "lines": lines}


def _csv(known: Gazetteer, asked: Asked) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recherches.csv"'
    response.write("\ufeff")  # so that spreadsheets read the accents
    written = table(response)
    written.writerow(["mots", "catégorie", "lieu", "recherches", "sans réponse", "clics", "rang moyen"])
    few = f"moins de {FEWEST}"
    for row in rows(asked, "words", "category", "place"):
        words, category, place = row.keys
        counts = [few if count is None else count for count in (row.searches, row.unanswered, row.clicks)]
        rank = "" if row.rank is None else f"{row.rank:.1f}".replace(".", ",")
        written.writerow([words, _name(known, category), _name(known, place), *counts, rank])
    return response
