"""Finds and removes a person's name, addresses and numbers in texts that others wrote or that machines logged."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from portal.privacy.person import Person


def naming(rows: QuerySet, person: Person, *columns: str) -> QuerySet:
    """Return the rows that name the person in one of these columns, of text or JSON; perhaps a few more."""
    if not person.sql_pattern:
        return rows.none()
    texts = {f"text_of_{column}": Cast(column, TextField()) for column in columns}
    return rows.annotate(**texts).filter(reduce(or_, (Q(**{f"{name}__iregex": person.sql_pattern}) for name in texts)))


def scrub(rows: QuerySet, person: Person, *columns: str) -> int:
    """Replace what names the person in these columns; return how many rows did."""
    count = 0
    for row in naming(rows.order_by(), person, *columns).iterator():
        changed = dict(_changes(row, person, columns))
        if changed:
            rows.model._default_manager.filter(pk=row.pk).update(**changed)
            count += 1
    return count


def _changes(row: Any, person: Person, columns: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for column in columns:
        before = getattr(row, column)
        after = person.scrubbed_json(before)
        if after != before:
            yield column, after
