"""The interface of a search engine. ``failover.engine()`` returns the one to use."""

from collections.abc import Sequence
from typing import Protocol

from search.query import Query
from search.results import Results


class Unavailable(Exception):
    """The engine does not answer, or not in time, or not in full."""


class Engine(Protocol):
    """Answers queries. Two engines given the same queries and entries return the same results in the same order."""

    name: str

    def search(self, queries: Sequence[Query]) -> list[Results]:
        """Answer several queries at once, in their order. Raises Unavailable."""
