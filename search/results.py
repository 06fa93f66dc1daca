"""What is answered: the same from every engine."""

import math
from dataclasses import dataclass, field

from search.entries import Entry
from search.query import Query


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. points: see ranking.py. distance: kilometres from the place asked for, or None."""

    entry: Entry
    points: int
    distance: float | None


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one Query.

    total: all results, of which ``hits`` are one page.
    categories, towns: counts by category slug and INSEE code. Each ignores its own filter and honours the others, so
    a shopper who chose a town still sees what the others hold. Towns are the fullest MOST_TOWNS.
    engine: the name of the engine that answered. is_fallback: it stood in for another.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    categories: dict[str, int] = field(default_factory=dict)
    towns: dict[str, int] = field(default_factory=dict)
    engine: str = ""
    is_fallback: bool = False

    @property
    def pages(self) -> int:
        return math.ceil(self.total / self.query.size)

    @property
    def first(self) -> int:
        """The rank of the first hit shown, from 1."""
        return self.query.start + 1

    @property
    def last(self) -> int:
        return self.query.start + len(self.hits)


MOST_TOWNS = 12
