"""Logs searches without personal data, and rolls old ones up into daily counts."""

from datetime import date, timedelta

import structlog
from django.db import InternalError, OperationalError, connection
from django.utils import timezone

from search.answer import Answer
from search.demand.models import Demand
from search.demand.personal import is_personal
from search.query import Kind, Within
from search.understanding.gazetteer import Gazetteer
from search.understanding.inflection import singular
from search.understanding.parse import ParsedQuery

KEPT = timedelta(days=90)  # each search; later, sums by day alone
FEWEST = 5  # searches: what fewer people look for is neither shown nor kept as words

log = structlog.get_logger(__name__)


def note_search(gazetteer: Gazetteer, typed: str, reading: ParsedQuery, found: Answer) -> None:
    """Note a search by what it asks and how much it found; one that asks nothing is none.

    typed: what was typed, without the place. reading: what was answered, whose words may be spelled better.
    """
    asked = _asked(gazetteer, typed, reading)
    if any(asked.values()) or typed:
        sellers = [results.total for kind, results in found.results.items() if kind != Kind.STORY]
        lacks = found.opened_to or found.related_shown
        _store(results=0 if lacks else sum(sellers), **asked)


def note_click(gazetteer: Gazetteer, reading: ParsedQuery, rank: int) -> None:
    """Note that the result of this rank was opened."""
    _store(rank=rank, **_asked(gazetteer, reading.what, reading))


def _store(**columns: str | int) -> None:
    try:
        Demand.objects.create(day=timezone.localdate(), **columns)
    except (OperationalError, InternalError) as error:  # only read, or held by somebody: whoever searches still finds
        log.warning("demand_not_noted", reason=type(error.__cause__).__name__)


def roll_up(today: date) -> int:
    """Turn what is older than KEPT into sums by day; return how many searches and clicks went.

    One statement, so that all of a search is either here or there. Words that fewer than FEWEST searches of the time
    kept hold are left out of the sums.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with common as (
                select words from regional_search_demand where rank is null group by words having count(*) >= %(fewest)s
            ), gone as (
                delete from regional_search_demand where day < %(first_kept)s returning *
            ), summed as (
                insert into regional_search_dailydemand as known
                    (day, words, category, place, searches, unanswered, clicks, ranks)
                select day, case when words in (select words from common) then words else '' end as kept_words,
                    category, place, count(*) filter (where rank is null),
                    count(*) filter (where rank is null and results = 0), count(rank), coalesce(sum(rank), 0)
                from gone group by day, kept_words, category, place
                on conflict (day, words, category, place) do update set
                    searches = known.searches + excluded.searches,
                    unanswered = known.unanswered + excluded.unanswered,
                    clicks = known.clicks + excluded.clicks,
                    ranks = known.ranks + excluded.ranks
            )
            select count(*) from gone
            """,
            {"fewest": FEWEST, "first_kept": today - KEPT},
        )
        (gone,) = cursor.fetchone()
    return gone


def _asked(gazetteer: Gazetteer, typed: str, reading: ParsedQuery) -> dict[str, str]:
    """Return the columns that say what is asked; a place only where it was named, never where somebody stands."""
    query = reading.query
    place = query.place if query.within != Within.ANYWHERE else None
    personal = is_personal(typed, gazetteer.is_trade_word)
    return {
        "words": "" if personal else " ".join(map(singular, query.words))[:120],
        "category": query.category or next(iter(query.inferred), ""),
        "place": (place.insee_code or place.department_code) if place else "",
    }
