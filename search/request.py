"""What one request to the results page asks: its words understood, its filters read, put into one Query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search import filters
from search.answer import choose_reading
from search.engines.failover import engine
from search.filters import Filters
from search.links import BLOCKS, Address
from search.nearly_named import nearly_named
from search.query import Kind, Query, Within
from search.understanding.follow_up import BEFORE, follow_up
from search.understanding.gazetteer import Gazetteer
from search.understanding.lexicon import TABLES
from search.understanding.parse import ParsedQuery, parse


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked. known: what words can name.

    typed: the question as it was typed. parsed: the same, or as its spelling was corrected: the one to answer.
    filters: those of the address and of the words; own_filters: without what the words wish, which may be left out.
    query: that one within the filters. kind: the one kind of results that is asked for, or None for all.
    relaxed: the same query without what its words wish, where that narrows it; else None.
    is_unplaced: it must first be asked where: nobody can tell, and the visitor's position was not sent.
    is_empty: nothing was asked. is_a_question: it is not a step within the results of one. ou: what « Où ? » held.
    before: the question that this one goes on from, "" for none; added: what was typed then.
    """

    known: Gazetteer
    typed: ParsedQuery
    parsed: ParsedQuery
    filters: Filters
    own_filters: Filters
    query: Query
    relaxed: Query | None
    kind: Kind | None
    is_unplaced: bool
    is_empty: bool
    is_a_question: bool
    ou: str
    before: str = ""
    added: str = ""

    @property
    def is_corrected(self) -> bool:
        return self.parsed is not self.typed

    def relax(self) -> "SearchRequest":
        """Return the same, once what its words wish is left out."""
        return replace(self, query=self.relaxed or self.query, filters=self.own_filters)

    @property
    def address(self) -> Address:
        """The address of this search, to which filters and pages are added."""
        place = self.parsed.query.place
        return Address(
            what=self.parsed.what,
            where=place.label if place and self.parsed.query.within else self.parsed.unknown_place,
            category=self.query.category,
            kind=self.kind,
            filters=self.filters,
        )


def understand(known: Gazetteer, asked: Mapping[str, str]) -> SearchRequest:
    """Return what the parameters of an address ask. Raises Unreadable for a page that cannot be.

    Asks the engine one small question where a word is unknown; raises what the engine does.
    """
    q, category = asked.get("q", ""), asked.get("categorie", "").replace("\0", "")
    said = follow_up(known, q, asked.get("ou", ""), asked.get(BEFORE, ""))
    ou = said.where
    typed = parse(known, said.q, ou, category, asked.get("page", ""))
    narrowing = filters.read(asked)
    is_unplaced = typed.is_unplaced and not narrowing.around
    parsed = typed
    if not (narrowing.as_typed or is_unplaced):
        parsed = choose_reading(typed, engine())
        parsed = _by_name(known, typed, parsed, where=ou)
    is_filtered = bool(narrowing.fields)
    if parsed.query.within == Within.RADIUS:  # « près de Privas »
        narrowing = replace(narrowing, radius=narrowing.radius or parsed.query.radius)
    plainly = narrowing
    at_table = any(
        known.categories[slug].parent == TABLES for slug in parsed.query.inferred if slug in known.categories
    )
    narrowing = plainly.with_wishes(parsed.wishes, at_table)
    query = narrowing.narrow(parsed.query)
    query = replace(query, excluded_categories=_refused_categories(known, narrowing.excluded, query))
    relaxed = None
    if parsed.wishes.narrows:
        plainly = replace(plainly, excluded=narrowing.excluded)
        relaxed = plainly.narrow((parsed.unlabelled or parsed).query)
        relaxed = replace(relaxed, excluded_categories=query.excluded_categories)
    kind = BLOCKS.get(asked.get("type", ""))
    if kind is None and query.page > 1:
        kind = Kind.PRODUCT if narrowing.of_products else Kind.MERCHANT
    return SearchRequest(
        known,
        typed,
        parsed,
        narrowing,
        plainly,
        query,
        relaxed,
        kind,
        is_unplaced=is_unplaced,
        is_empty=not asked,
        is_a_question=kind is None and not is_filtered,
        ou=ou,
        before=said.before,
        added=q if said.before else "",
    )


def _by_name(known: Gazetteer, typed: ParsedQuery, parsed: ParsedQuery, where: str) -> ParsedQuery:
    """Return the reading to answer: that of a name which unknown words were meant to be, else the one parsed."""
    if not parsed.query.unexplained or not (name := nearly_named(known, typed)):
        return parsed
    place = typed.query.place if typed.query.within else None
    return parse(known, name, where or (place.label if place else ""), typed.query.category)


def _refused_categories(known: Gazetteer, excluded: Sequence[str], query: Query) -> tuple[str, ...]:
    """Return the categories that a question refuses: « restaurant, pas de pizza » is no pizzeria."""
    refused = (slug for word in excluded for slug in known.lexicon.guess((word,)).slugs[:1])
    return tuple(slug for slug in dict.fromkeys(refused) if slug not in query.inferred)
