"""Queries whose SQL Django writes once a process: writing it costs several times what asking it does.

    _MADE = Statement(lambda: Rendition.objects.filter(image__among=Given("pictures")).values_list("image", "file"))
    rows = _MADE(pictures=[3, 5])

What varies between two askings is a ``Given``; all else, joins, columns and limits included, is written for good.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.db import connections
from django.db.models import Expression, Field, ForeignObject, Lookup, QuerySet


class Given(Expression):
    """A value, or a list of them for ``among``, that a Statement is told each time it is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", (self,)


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """``field__among=[…]``: ``in``, in SQL that is the same whatever the length of the list."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = compiler.compile(self.rhs) if hasattr(self.rhs, "as_sql") else ("%s", (list(self.rhs),))
        return f"{lhs} = any({rhs})", (*lhs_params, *rhs_params)


class Statement:
    """A queryset to ask again and again with other values. It must not depend on anything but these.

    build: returns the queryset, of models with what ``select_related`` names, or of ``values_list``; its prefetches are
    not followed. It is called at the first asking, when models are loaded.
    """

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self._build = build

    def __call__(self, **given: Any) -> list[Any]:
        """Return the rows, or models, for these values; one query."""
        queryset, written, sql, params = self._written
        # Compilers and queries hold one asking's state: each has its own, and the connection of its own thread.
        compiler, query = copy(written), copy(queryset.query)
        compiler.connection = connections[queryset.db]
        values = tuple(given[param.name] if isinstance(param, Given) else param for param in params)
        compiler.as_sql = lambda: (sql, values)
        query.get_compiler = lambda *args, **kwargs: compiler
        asked = SimpleNamespace(db=queryset.db, query=query, _fields=queryset._fields, _known_related_objects={})
        return list(queryset._iterable_class(asked))

    def one(self, **given: Any) -> Any | None:
        """Return the first row, or model, for these values, or None without any."""
        return next(iter(self(**given)), None)

    @cached_property
    def _written(self) -> tuple:
        queryset: Any = self._build()
        compiler = queryset.query.get_compiler(queryset.db)
        return queryset, compiler, *compiler.as_sql()
