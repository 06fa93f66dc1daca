"""The results: what is answered, the same from every engine."""

import math
from dataclasses import dataclass, field

from directory.geography import distance
from search.entry import Entry
from search.query import Query


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. points: see ranking.py. distance: kilometres from the place asked for, or None.

    others: on the last one shown of a folded seller, how many more of theirs answer the question.
    """

    entry: Entry
    points: int
    distance: float | None
    others: int = 0

    @classmethod
    def of(cls, query: Query, entry: Entry, points: int, others: int = 0) -> "Hit":
        """Return an entry as a result of a query, with how far it is from where that looks."""
        away = distance(query.point, entry.point) if query.point and entry.point else None
        return cls(entry, points, away, others)


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one Query.

    total: all results, of which ``hits`` are one page. sellers: how many they are, where they are folded.
    categories, towns, departments, labels, prices, services: counts by category slug, INSEE code, department, key of
    LABELS, of PRICE_BANDS and of SERVICES; open_now: how many are open. Each ignores its own filter and honours the
    others, so a shopper who chose a town still sees what the others hold. Towns and departments ignore each other.
    Towns are the fullest MOST_TOWNS. tiles: counts of all results by (x, y) of the tiles asked for.
    named_by: ids of the merchants who sell an article whose name holds the words, where articles were asked for.
    engine: the name of the engine that answered. is_fallback: it stood in for another.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    categories: dict[str, int] = field(default_factory=dict)
    towns: dict[str, int] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    tiles: dict[tuple[int, int], int] = field(default_factory=dict)
    named_by: tuple[int, ...] = ()
    open_now: int = 0
    sellers: int = 0
    engine: str = ""
    is_fallback: bool = False

    @property
    def pages(self) -> int:
        return math.ceil(self.listed / self.query.size)

    @property
    def listed(self) -> int:
        """How many results, or folded sellers, the pages list."""
        return self.sellers if self.query.folded else self.total

    @property
    def first(self) -> int:
        """The rank of the first hit, or seller, shown, from 1."""
        return self.query.start + 1

    @property
    def last(self) -> int:
        return min(self.query.start + self.query.size, self.listed)


MOST_TOWNS = 12
MOST_TILES = 1_000  # far more than a map shows
