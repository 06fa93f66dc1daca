"""From an understood question to the answer of a page: its blocks, opened to the neighbours where a town is empty."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.engines.failover import engine
from search.gazetteer import Gazetteer
from search.parse import Reading
from search.query import Kind, Query, Within
from search.results import Results
from search.words import telling, words_of

NEIGHBOURS = 25  # kilometres a search opens to where a town has nothing

# What a page that shows all three kinds holds of each.
SIZES = {Kind.MERCHANT: 10, Kind.PRODUCT: 8, Kind.STORY: 4}


@dataclass(frozen=True, slots=True)
class Answer:
    """Results by kind; the kinds that were not asked for are absent. opened_to: kilometres, or 0 if it stayed."""

    results: dict[Kind, Results]
    opened_to: int = 0

    @property
    def total(self) -> int:
        return sum(results.total for results in self.results.values())

    @property
    def is_useful(self) -> bool:
        """Something to buy, or somebody to buy it from, was found; or the stories that were asked for alone."""
        return any(found.total for kind, found in self.results.items() if kind != Kind.STORY or len(self.results) == 1)


def answer(gazetteer: Gazetteer, reading: Reading, kind: Kind | None = None) -> Answer:
    """Search all kinds, for their first page, or one kind alone, for the page asked.

    A town where nobody sells what is asked opens to its neighbours within NEIGHBOURS.
    """
    asked = queries(gazetteer, reading.query, kind)
    results = engine().search(asked)
    place = reading.query.place
    is_town = place is not None and place.point is not None and reading.query.within == Within.PLACE
    if is_town and kind != Kind.STORY and not any(found.total for found in results if found.query.kind != Kind.STORY):
        wider = [replace(query, within=Within.RADIUS, radius=NEIGHBOURS) for query in asked if query.kind != Kind.STORY]
        opened = engine().search(wider)
        if any(found.total for found in opened):
            stories = [found for found in results if found.query.kind == Kind.STORY]
            return Answer(_by_kind([*opened, *stories]), opened_to=NEIGHBOURS)
    return Answer(_by_kind(results))


def queries(gazetteer: Gazetteer, query: Query, kind: Kind | None) -> list[Query]:
    """Return what to ask of each kind, or of one."""
    if kind is not None:
        return [_about(gazetteer, query) if kind == Kind.STORY else replace(query, kind=kind)]
    return [
        replace(_about(gazetteer, query) if kind == Kind.STORY else query, kind=kind, size=size, page=1)
        for kind, size in SIZES.items()
    ]


def _about(gazetteer: Gazetteer, query: Query) -> Query:
    """Return the query for stories: they stand nowhere and in no category, so these become words when alone."""
    words = list(query.words)
    if not words and query.category:
        words = words_of(gazetteer.aisles[query.category].name)
    elif not words and query.place:
        words = words_of(query.place.name)
    return Query(kind=Kind.STORY, words=telling(words), phrase=query.phrase or tuple(words), page=query.page)


def _by_kind(results: Sequence[Results]) -> dict[Kind, Results]:
    return {found.query.kind: found for found in results}
