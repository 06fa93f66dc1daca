"""Answers a parsed query: asks the engine, and widens the search where a town has nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.engines import Engine
from search.engines.failover import engine
from search.map_frame import zoom
from search.query import SERVICES, Kind, Order, Query, Within
from search.results import Results
from search.understanding.gazetteer import Gazetteer
from search.understanding.normalize import content_words, words_of
from search.understanding.parse import ParsedQuery

NEIGHBOURS, FARTHEST = 25, 50  # kilometres a search opens to where a place has nothing

# What a page that shows all three kinds holds of each: merchants, sellers of products, stories.
SIZES = {Kind.MERCHANT: 10, Kind.PRODUCT: 6, Kind.STORY: 4}
ENOUGH = 3  # results of what was typed; with fewer, the corrected question is answered


@dataclass(frozen=True, slots=True)
class Answer:
    """Results by kind; the kinds that were not asked for are absent.

    opened_to: kilometres, or 0 if it stayed. related_shown: slugs of the categories shown instead of the inferred ones,
    of which the town has nobody.
    """

    results: dict[Kind, Results]
    opened_to: int = 0
    related_shown: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(results.total for results in self.results.values())

    @property
    def counted(self) -> Results:
        """The results whose facets the page shows: those of the first kind of which something was found."""
        results = list(self.results.values())
        return results[_first_found(results)]

    @property
    def is_useful(self) -> bool:
        """Something to buy, or somebody to buy it from, was found; or the stories that were asked for alone."""
        return any(found.total for kind, found in self.results.items() if kind != Kind.STORY or len(self.results) == 1)

    @property
    def is_unranked(self) -> bool:
        """Whether the day's draw alone orders what is shown: no rule tells one result from another."""
        return all(
            found.query.order == Order.POINTS and not any(hit.points for hit in found.hits)
            for found in self.results.values()
        )


def choose_reading(reading: ParsedQuery, engine: Engine) -> ParsedQuery:
    """Return the reading to answer: as typed if enough holds all its words, else as corrected if it can be.

    Where what was typed stays and means nothing known, what the corrected words mean raises all the same; a guess never
    filters. Asks the engine one small question, and only where a word is unknown. Raises what the engine does.
    """
    corrected = reading.corrected
    if corrected is None:
        return reading
    (found,) = engine.search([replace(reading.query, inferred=(), unexplained=(), page=1, size=1, uncounted=True)])
    if found.total < ENOUGH:
        return corrected
    if reading.query.inferred:
        return reading
    meant = corrected.query
    return replace(
        reading,
        query=replace(reading.query, inferred=meant.inferred, unexplained=meant.unexplained, related=meant.related),
    )


def answer(gazetteer: Gazetteer, query: Query, kind: Kind | None = None) -> Answer:
    """Search the kinds that the question speaks of, for their first page, or one kind alone, for the page asked.

    A town that has nobody of the categories guessed shows who else may have it there. A place where nothing is found
    opens to its neighbours as well, at most FARTHEST away.
    """
    alone = replace(query, related=())
    results = _search(queries(gazetteer, alone, kind))
    wider = _wider(query)
    if wider and kind != Kind.STORY and not any(found.total for found in results if found.query.kind != Kind.STORY):
        around = replace(query, within=Within.RADIUS, radius=wider)
        opened = _search([question for question in queries(gazetteer, around, kind) if question.kind != Kind.STORY])
        if any(found.total for found in opened):
            stories = [found for found in results if found.query.kind == Kind.STORY]
            return Answer(_by_kind([*opened, *stories]), wider, _related_shown(opened[0]))
    elif results[0].query.kind == Kind.MERCHANT and _lacks_guessed(gazetteer, query, results[0]):
        (others,) = engine().search([replace(results[0].query, related=query.related)])
        return Answer(_by_kind([others, *results[1:]]), related_shown=_related_shown(others))
    return Answer(_by_kind(results))


def queries(gazetteer: Gazetteer, query: Query, kind: Kind | None) -> list[Query]:
    """Return what to ask of each kind, or of one. Of several, facets are counted for the first alone."""
    if kind is not None:
        return [_of(gazetteer, query, kind)]
    return [
        replace(_of(gazetteer, query, shown), size=SIZES[shown], page=1, uncounted=place > 0)
        for place, shown in enumerate(_kinds(query))
    ]


def _search(asked: Sequence[Query]) -> list[Results]:
    """Return what was found. A page shows the facets of the first kind found: only they are counted."""
    results = engine().search(asked)
    shown = _first_found(results)
    if asked[shown].uncounted and asked[shown].kind != Kind.STORY:
        results[shown : shown + 1] = engine().search([replace(asked[shown], uncounted=False)])
    return results


def _first_found(results: Sequence[Results]) -> int:
    return next((place for place, found in enumerate(results) if found.total), 0)


def _lacks_guessed(gazetteer: Gazetteer, query: Query, found: Results) -> bool:
    """Return whether a town has nobody of the categories guessed, and others may have it."""
    if query.within != Within.PLACE or query.category or not (query.related_in_town and found.query.is_counted):
        return False
    return not any({slug, gazetteer.categories[slug].parent} & set(query.inferred) for slug in found.categories)


def _related_shown(found: Results) -> tuple[str, ...]:
    """Return those of the categories that stand in for others which were found."""
    return tuple(slug for slug in found.query.related_in_town if slug in found.categories)


def _kinds(query: Query) -> tuple[Kind, ...]:
    """Return the kinds that the filters speak of."""
    if query.price or query.seller:
        return (Kind.PRODUCT,)
    if query.open_at:
        return (Kind.MERCHANT,)
    offered = query.label or any(getattr(query, service) for service in SERVICES)
    return (Kind.MERCHANT, Kind.PRODUCT) if offered else tuple(SIZES)


def _wider(query: Query) -> int:
    """Return the kilometres to open an empty place to; 0 if there is nothing wider, or no centre to count from."""
    if not query.point or query.within == Within.ANYWHERE:
        return 0
    radius = query.radius if query.within == Within.RADIUS else 0
    return next((wider for wider in (NEIGHBOURS, FARTHEST) if wider > radius), 0)


def _of(gazetteer: Gazetteer, query: Query, kind: Kind) -> Query:
    if kind == Kind.STORY:
        return _about(gazetteer, query)
    if kind == Kind.PRODUCT:
        return replace(query, kind=kind, related=(), folded=not query.seller)
    return replace(query, kind=kind, tiles=zoom(gazetteer, query))


def _about(gazetteer: Gazetteer, query: Query) -> Query:
    """Return the query for stories: they stand nowhere and in no category, so these become words when alone."""
    words = list(query.words)
    if not words and query.category:
        words = words_of(gazetteer.categories[query.category].name)
    elif not words and query.place:
        words = words_of(query.place.name)
    phrase = query.phrase or tuple(words)
    return Query(kind=Kind.STORY, words=content_words(words), phrase=phrase, synonym=query.synonym, page=query.page)


def _by_kind(results: Sequence[Results]) -> dict[Kind, Results]:
    return {found.query.kind: found for found in results}
