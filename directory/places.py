"""Loads towns from the region's folder and categories from directory/data/ into the tables."""

import csv
import json
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from directory.models import Category, Town
from portal.planner import count_anew

DATA = Path(__file__).parent / "data"


@dataclass
class Changes:
    """What differs between a data file and its table: rows to create, rows to update, rows alike.

    unlisted: rows of the table that the file no longer names; merchants may stand on them, so they stay.
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    created: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    unchanged: int = 0
    unlisted: list = field(default_factory=list)

    def write(self) -> None:
        """Store them, parents before children."""
        with transaction.atomic():
            for is_child in (False, True):
                rows = [row for row in self.created if (row.parent is not None) == is_child]
                self.model._default_manager.bulk_create(rows)
            if self.updated:
                self.model._default_manager.bulk_update(self.updated, [*self.fields, "parent"], batch_size=500)
        count_anew(len(self.created) + len(self.updated), self.model)


def town_changes(only: Collection[str] | None = None) -> Changes:
    """Compare towns.csv with the table; with ``only``, just the towns of these INSEE codes."""
    wanted: dict[str, Town] = {}
    with (settings.REGION.folder / "towns.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if only is None or row["insee"] in only:
                wanted[row["insee"]] = _town(row, parent=wanted.get(row["parent_insee"]))
    return _compare(Town, "insee_code", wanted.values(), unlisted=only is None)


def category_changes() -> Changes:
    """Compare categories.json with the table; what editors have changed since is left as they wrote it.

    The region's categories.toml says which names and synonyms are others there.
    """
    own = tomllib.loads((settings.REGION.folder / "categories.toml").read_text(encoding="utf-8"))
    wanted = []
    for row in json.loads((DATA / "categories.json").read_text(encoding="utf-8")):
        top = _category(row)
        children = [child | own.get(child["slug"], {}) for child in row["children"]]
        wanted += [top, *(_category(child, parent=top) for child in children)]
    for position, category in enumerate(wanted, start=1):
        category.position = position
    changes = _compare(Category, "slug", wanted, kept=("edited_at",))
    edited = set(Category.objects.exclude(edited_at=None).values_list("pk", flat=True))
    left = [category for category in changes.updated if category.pk not in edited]
    changes.unchanged += len(changes.updated) - len(left)
    changes.updated = left
    return changes


def _town(row: dict[str, str], parent: Town | None) -> Town:
    return Town(
        insee_code=row["insee"],
        name=row["name"].replace("'", "’"),
        slug=row["slug"],
        department_code=row["dept_code"],
        department_name=row["dept_name"].replace("'", "’"),
        postal_codes=row["postal_codes"].split("|"),
        population=int(row["population"]),
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        epci_code=row["epci_siren"],
        epci_name=row["epci_name"].replace("'", "’"),
        former_names=[name for name in row["former_communes"].replace("'", "’").split("|") if name],
        parent=parent,
    )


def _category(row: dict, parent: Category | None = None) -> Category:
    return Category(
        slug=row["slug"],
        name=row["name"],
        synonyms=row["synonyms"],
        naf_codes=row.get("naf", []),
        parent=parent,
    )


def _compare(
    model: type[models.Model], key: str, wanted: Iterable, unlisted: bool = True, kept: Collection[str] = ()
) -> Changes:
    """Sort rows into created, updated and unchanged; parents come before their children. kept: columns of no file."""
    columns = [column for column in model._meta.concrete_fields if not column.primary_key]
    changes = Changes(model, tuple(column.name for column in columns if column.name not in (key, "parent", *kept)))
    known: dict[str, Any] = {getattr(row, key): row for row in model._default_manager.all()}
    for new in wanted:
        old = known.pop(getattr(new, key), None)
        if old is None:
            changes.created.append(new)
            continue
        new.pk = old.pk
        parent_id = new.parent.pk if new.parent else None
        if old.parent_id == parent_id and all(getattr(old, name) == getattr(new, name) for name in changes.fields):
            changes.unchanged += 1
        else:
            changes.updated.append(new)
    changes.unlisted = list(known.values()) if unlisted else []
    return changes
