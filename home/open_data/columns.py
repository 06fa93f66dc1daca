"""What a dataset is: its columns, in words and in the terms of Table Schema, and where its rows come from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """kind: a type of Table Schema. told: what it says, in French. constraints: of Table Schema."""

    name: str
    kind: str
    told: str
    constraints: Mapping[str, Any] | None = None

    def schema(self) -> dict[str, Any]:
        kept = {"constraints": dict(self.constraints)} if self.constraints else {}
        # An array in a CSV is written as Table Schema reads it: a list in JSON.
        return {"name": self.name, "type": self.kind, "description": self.told, **kept}


@dataclass(frozen=True)
class Dataset:
    """rows: yields its rows, of which none is kept in memory. point: whether a row has latitude and longitude.

    keys: the columns that make a row unique; refers: of a column to (dataset, column).
    """

    name: str
    title: str
    told: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]
    keys: tuple[str, ...]
    refers: Mapping[str, tuple[str, str]] | None = None
    point: bool = False

    @property
    def formats(self) -> tuple[str, ...]:
        return ("csv", "jsonl", "geojson") if self.point else ("csv", "jsonl")

    def table_schema(self) -> dict[str, Any]:
        """Return its Table Schema (specs.frictionlessdata.io/table-schema)."""
        keys = [
            {"fields": [name], "reference": {"resource": dataset, "fields": [column]}}
            for name, (dataset, column) in (self.refers or {}).items()
        ]
        return {
            "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
            "name": self.name,
            "title": self.title,
            "description": self.told,
            "missingValues": [""],
            "fields": [column.schema() for column in self.columns],
            "primaryKey": list(self.keys),
            **({"foreignKeys": keys} if keys else {}),
        }
