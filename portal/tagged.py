"""Querysets that say what is read through them, so that a page that shows it is made again when that changes.

A page depends on the rows it has read, and on the set they were taken from: one that enters the set later would be
shown. Whoever narrows a set by more than its rows' own columns says by which change it is told: ``told_by``.
"""

from collections.abc import Collection, Iterable
from typing import Any, Self

from django.db import models

from portal.dependencies import depends_on_tags, rendering


class Tagged(models.QuerySet):
    """row_kind: what its rows are called among the tags, "" for none. whole: the tags of who is in the set at all."""

    row_kind = ""
    whole: tuple[str, ...] = ()
    _told_by: frozenset[str] | None = None

    def told_by(self, *tags: str) -> Self:
        """The same rows, told by these tags when one comes or goes, instead of those of the whole set."""
        narrowed = self._chain()  # type: ignore[attr-defined]
        narrowed._told_by = frozenset(tags)
        return narrowed

    def picked(self, keys: Collection[int]) -> Self:
        """Those with these primary keys; no other can come among them."""
        return self.filter(pk__among=keys).told_by(*self.tags_of(keys))

    @property
    def tags(self) -> frozenset[str]:
        """The tags of who is in the set."""
        return frozenset(self.whole) if self._told_by is None else self._told_by

    def tags_of(self, keys: Iterable[int]) -> list[str]:
        return [f"{self.row_kind}:{key}" for key in keys] if self.row_kind else []

    def row_tags(self, rows: Iterable[Any]) -> list[str]:
        """Return the tags of rows that were read: models, or named values with their ``pk``."""
        return self.tags_of(row.pk for row in rows if hasattr(row, "pk"))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return super(Tagged, self.told_by()).get(*args, **kwargs)

    def in_bulk(self, id_list: Any = None, **options: Any) -> Any:
        picked = self if id_list is None else self.told_by(*self.tags_of(id_list))
        return super(Tagged, picked).in_bulk(id_list, **options)

    def count(self) -> int:
        self._note_dependencies(())
        return super().count()

    def exists(self) -> bool:
        self._note_dependencies(())
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> Any:
        self._note_dependencies(())
        return super().aggregate(*args, **kwargs)

    def _note_dependencies(self, rows: Iterable[Any]) -> None:
        if rendering.get() is not None:
            depends_on_tags(*self.tags, *self.row_tags(rows))

    def _fetch_all(self) -> None:
        is_known = self._result_cache is not None
        super()._fetch_all()
        if not is_known:
            self._note_dependencies(self._result_cache or ())

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._told_by = self._told_by
        return clone
