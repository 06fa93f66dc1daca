"""Answers a parsed query: asks the engine, and widens the search where a town has nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.engines import Engine
from search.engines.failover import engine
from search.map_frame import zoom
from search.query import SERVICES, Kind, Naming, Order, Query, Within
from search.ranking import TIERS
from search.results import Results
from search.understanding.gazetteer import Gazetteer
from search.understanding.normalize import content_words, words_of
from search.understanding.parse import ParsedQuery

NEARBY, NEIGHBOURS, FARTHEST = 10, 25, 50  # kilometres a search opens to where a place has nothing

# What a page that shows all three kinds holds of each: merchants, sellers of products, stories.
SIZES = {Kind.MERCHANT: 10, Kind.PRODUCT: 6, Kind.STORY: 4}
ENOUGH = 3  # results of what was typed; with fewer, the corrected question is answered


@dataclass(frozen=True, slots=True)
class Answer:
    """Results by kind; the kinds that were not asked for are absent.

    opened_to: kilometres, or 0 if it stayed. related_shown: slugs of the categories shown instead of the inferred ones,
    of which the town has nobody; is_apart: they are not in the place either. is_relaxed: nobody grants what the words
    wish, so that was left out.
    """

    results: dict[Kind, Results]
    opened_to: int = 0
    related_shown: tuple[str, ...] = ()
    is_relaxed: bool = False
    is_apart: bool = False

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
    def leads(self) -> list[Kind]:
        """The kinds in the order of the page: articles come first where their names hold the words of a good."""
        articles = self.results.get(Kind.PRODUCT)
        leads = articles is not None and articles.query.names_goods and bool(articles.named_by)
        return list(dict.fromkeys([*([Kind.PRODUCT] if leads else []), *self.results]))

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


def answer(gazetteer: Gazetteer, query: Query, kind: Kind | None = None, relaxed: Query | None = None) -> Answer:
    """Search the kinds that the question speaks of, for their first page, or one kind alone, for the page asked.

    A town that has nobody of the categories guessed shows those within NEARBY, before who else may have it in the
    town. A place where nothing is found opens to its neighbours as well, at most FARTHEST away. relaxed: the same query
    without what its words wish, asked where nobody in the place grants that.
    """
    tries = [(query, False), *([(relaxed, True)] if relaxed else [])]
    stories: list[Results] = []
    for asked, is_relaxed in tries:
        results = _search(queries(gazetteer, replace(asked, related=()), kind))
        if kind == Kind.STORY or any(found.total for found in _sold(results)):
            if _is_beside(gazetteer, asked, results[0]) and (closest := _closest(gazetteer, asked, kind)):
                return replace(closest, is_relaxed=is_relaxed)
            if results[0].query.kind == Kind.MERCHANT and _lacks_guessed(gazetteer, asked, results[0]):
                return replace(_instead(gazetteer, asked, kind, results), is_relaxed=is_relaxed)
            return Answer(_by_kind(results), is_relaxed=is_relaxed)
        stories = stories or [found for found in results if found.query.kind == Kind.STORY]
    for wider in _wider(query, kind):
        if wider == NEIGHBOURS and (there := _stand_ins(gazetteer, tries, kind, stories)):
            return there
        if wider == FARTHEST and (near := _stand_ins_near(gazetteer, tries, kind)):
            return near
        for asked, is_relaxed in tries:
            around = replace(asked, within=Within.RADIUS, radius=wider)
            opened = _search([each for each in queries(gazetteer, around, kind) if each.kind != Kind.STORY])
            is_good = asked.naming != Naming.NONE  # who looks for a trade alone is not served by a text that names it
            may_have_it = wider != NEARBY and (is_good or bool(_related_shown(opened[0])))
            is_right = may_have_it or _has_guessed(gazetteer, asked, opened[0])
            if is_right and any(found.total for found in opened):
                return Answer(_by_kind([*opened, *stories]), wider, _related_shown(opened[0]), is_relaxed)
    if closest := _closest(gazetteer, query, kind):
        return closest
    return Answer(_by_kind(results if not relaxed else _search(queries(gazetteer, query, kind))))


def _closest(gazetteer: Gazetteer, query: Query, kind: Kind | None) -> Answer | None:
    """Return who is closest to categories of which there is nobody; None where nobody is.

    Nobody stands in for a trade alone that is somewhere in the region: the page tells how far it is.
    """
    if not query.inferred or kind not in (None, Kind.MERCHANT):
        return None
    others = query.related
    if not others and query.naming == Naming.NONE and not _is_anywhere(query):
        others = gazetteer.lexicon.closest(query.inferred)
    if not others:
        return None
    if query.place:
        tries = [(replace(query, inferred=others), 0)]
        tries += [(replace(query, inferred=others, within=Within.RADIUS, radius=km), km) for km in _near(query, kind)]
    else:
        tries = [(replace(query, inferred=(slug,)), 0) for slug in others]
    for asked, opened_to in tries:
        found = _search(queries(gazetteer, replace(asked, related=(), unexplained=()), kind))
        shown = tuple(slug for slug in asked.inferred if _counted_of(gazetteer, found[0], slug))
        if shown:
            return Answer(_by_kind(found), opened_to, shown, is_apart=bool(opened_to))
    return None


def _near(query: Query, kind: Kind | None) -> list[int]:
    return [wider for wider in _wider(query, kind) if wider <= NEIGHBOURS]


def _is_anywhere(query: Query) -> bool:
    """Return whether somebody in the region is of the categories asked for."""
    asked = Query(words=query.words, phrase=query.phrase, inferred=query.inferred, naming=query.naming, size=1)
    (found,) = engine().search([asked])
    return any(slug in found.categories for slug in query.inferred)


def _is_beside(gazetteer: Gazetteer, query: Query, found: Results) -> bool:
    """Return whether words that all name a good found nobody of its categories, nor a seller: a town called so."""
    if query.within or query.unexplained or not (query.inferred and found.query.kind == Kind.MERCHANT):
        return False
    best = max((hit.points for hit in found.hits), default=0)
    return best < TIERS["says"] and not any(_counted_of(gazetteer, found, slug) for slug in query.inferred)


def _stand_ins(
    gazetteer: Gazetteer, tries: Sequence[tuple[Query, bool]], kind: Kind | None, stories: Sequence[Results]
) -> Answer | None:
    """Return who may have it too within a quarter or around a lake; None where nobody may.

    In a town they are found with the neighbours.
    """
    for asked, is_relaxed in tries:
        if not (asked.place and asked.place.circle and asked.related_in_town):
            continue
        found = _search([each for each in queries(gazetteer, asked, kind) if each.kind != Kind.STORY])
        if shown := _related_shown(found[0]):
            return Answer(_by_kind([*found, *stories]), related_shown=shown, is_relaxed=is_relaxed)
    return None


def _stand_ins_near(gazetteer: Gazetteer, tries: Sequence[tuple[Query, bool]], kind: Kind | None) -> Answer | None:
    """Return who may have it too among the neighbours, before who surely has it farther away; None where nobody may."""
    for asked, is_relaxed in tries:
        if not (asked.inferred and asked.related) or kind not in (None, Kind.MERCHANT):
            continue
        others = replace(asked, inferred=asked.related, related=(), unexplained=())
        around = replace(others, within=Within.RADIUS, radius=NEIGHBOURS)
        found = _search([each for each in queries(gazetteer, around, kind) if each.kind != Kind.STORY])
        shown = tuple(slug for slug in asked.related if _counted_of(gazetteer, found[0], slug))
        if shown:
            return Answer(_by_kind(found), around.radius, shown, is_relaxed, is_apart=True)
    return None


def _has_guessed(gazetteer: Gazetteer, query: Query, found: Results) -> bool:
    return not query.inferred or any(_counted_of(gazetteer, found, slug) for slug in query.inferred)


def _sold(results: Sequence[Results]) -> list[Results]:
    return [found for found in results if found.query.kind != Kind.STORY]


def _instead(gazetteer: Gazetteer, query: Query, kind: Kind | None, results: Sequence[Results]) -> Answer:
    """Return what a town shows that has nobody of the categories guessed. results: what it found all the same."""
    near = replace(results[0].query, related=query.related)
    if query.place and not query.place.towns and query.place.circle < NEARBY:
        near = replace(near, within=Within.RADIUS, radius=NEARBY)
        near = replace(near, tiles=zoom(gazetteer, near))
    (around,) = _search([near])
    if any(_counted_of(gazetteer, around, slug) for slug in query.inferred):
        return Answer(_by_kind([around, *results[1:]]), NEARBY, _related_shown(around))
    if query.related_in_town and any(slug in around.categories for slug in query.related_in_town):
        (others,) = _search([replace(results[0].query, related=query.related)])
        if any(slug in others.categories for slug in query.related_in_town):
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
    results = _with_sellers(asked)
    shown = _first_found(results)
    counted = results[shown].query
    if counted.uncounted and counted.kind != Kind.STORY:
        results[shown : shown + 1] = engine().search([replace(counted, uncounted=False)])
    return results


def _with_sellers(asked: Sequence[Query]) -> list[Results]:
    """Return what was found; for goods, articles are looked for before merchants, who are found by what they sell."""
    goods = next((query for query in asked if query.kind == Kind.MERCHANT and query.names_goods), None)
    if goods is None:
        return engine().search(asked)
    first = [query for query in asked if query.kind != Kind.MERCHANT]
    if not any(query.kind == Kind.PRODUCT for query in first):
        probe = replace(goods, kind=Kind.PRODUCT, related=(), tiles=None, open_at=None, page=1, size=1, uncounted=True)
        first = [*first, probe]
    found = engine().search(first)
    sellers = next(results.named_by for results in found if results.query.kind == Kind.PRODUCT)
    merchants = engine().search([replace(goods, sold_by=sellers)])
    return [*merchants, *(results for results in found if results.query in asked)]


def _first_found(results: Sequence[Results]) -> int:
    return next((place for place, found in enumerate(results) if found.total), 0)


def _lacks_guessed(gazetteer: Gazetteer, query: Query, found: Results) -> bool:
    """Return whether a town has nobody of the categories guessed."""
    if query.within != Within.PLACE or query.category or not (query.inferred and found.query.is_counted):
        return False
    in_town = bool(query.places_asked or (query.place and query.place.circle))
    return in_town and not any(_counted_of(gazetteer, found, slug) for slug in query.inferred)


def _counted_of(gazetteer: Gazetteer, found: Results, slug: str) -> bool:
    """Return whether a category, or one below it, is among what was found."""
    known = gazetteer.categories
    return any(slug in (each, known[each].parent) for each in found.categories if each in known)


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


def _wider(query: Query, kind: Kind | None) -> list[int]:
    """Return the kilometres to open an empty place to; none if there is nothing wider, or no centre to count from."""
    if not (query.place and query.place.point) or query.within == Within.ANYWHERE or kind == Kind.STORY:
        return []
    radius = query.radius if query.within == Within.RADIUS else query.place.circle
    near = () if query.place.towns else (NEARBY,)  # an area of several towns is wider than that
    return [wider for wider in (*near, NEIGHBOURS, FARTHEST) if wider > radius]


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
