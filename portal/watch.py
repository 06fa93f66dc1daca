"""Declares beside a model what a change of its rows notes in the log (portal/changes.py).

    class Meta:
        triggers = watched(Note("select 'page:' || merchant_id from changed"))

They become triggers of the database through django-pgtrigger: ``makemigrations`` writes them into migrations, and
``makemigrations --check`` tells when a migration is missing. Each runs once a statement, with all its rows.
"""

from dataclasses import dataclass
from typing import Any

import pgtrigger
from pgtrigger import compiler

from portal.triggers import one_line

TABLE = "portal_change"
CHANNEL = "portal_change"  # NOTIFY on it wakes those who wait for changes
EVERY = ("insert", "update", "delete")
_OPERATIONS = {"insert": pgtrigger.Insert, "update": pgtrigger.Update, "delete": pgtrigger.Delete}
_OLD, _NEW = "old_rows", "new_rows"
_ROWS = {
    "insert": pgtrigger.Referencing(new=_NEW),
    "update": pgtrigger.Referencing(old=_OLD, new=_NEW),
    "delete": pgtrigger.Referencing(old=_OLD),
}


@dataclass(frozen=True)
class Note:
    """What is noted of changed rows.

    tags: a query on ``changed``, which holds ``columns`` of the rows as they were and as they are; it gives one tag a
    row. columns: those that matter: an update that leaves them as they were is no change. on: which writes count.
    """

    tags: str
    columns: str = "*"
    on: tuple[str, ...] = EVERY


def _told(write: str, notes: list[Note]) -> str:
    """Return the SQL of the tags that one kind of write notes."""
    told = []
    for columns in dict.fromkeys(note.columns for note in notes):
        before, after = f"select {columns} from {_OLD}", f"select {columns} from {_NEW}"
        changed = {
            "insert": after,
            "delete": before,
            "update": f"({after} except {before}) union all ({before} except {after})",
        }[write]
        tags = " union all ".join(note.tags for note in notes if note.columns == columns)
        told.append(f"(with changed as ({changed}) {tags})")
    return " union all ".join(told)


class OnTable(pgtrigger.Trigger):
    """A trigger of a table that another model's ``Meta`` declares. table: which one, "" for the model's own."""

    def __init__(self, *, table: str = "", **options: Any) -> None:
        self.table = table
        super().__init__(**options)

    def compile(self, model: Any) -> compiler.Trigger:
        compiled = super().compile(model)
        if not self.table:
            return compiled
        sql = compiler.UpsertTriggerSql(**{**compiled.sql.kwargs, "table": self.table})
        return compiler.Trigger(name=compiled.name, sql=sql)


class Watch(OnTable):
    """The trigger of one kind of write. table: which one is watched, "" for the model's own."""

    when = pgtrigger.After
    level = pgtrigger.Statement

    def __init__(self, write: str, notes: list[Note], table: str = "") -> None:
        noting = f"""insert into {TABLE} (tag)
            select distinct tag from ({_told(write, notes)}) as told (tag) where tag is not null;
            if found then perform pg_notify('{CHANNEL}', ''); end if;
            return null;"""
        super().__init__(
            table=table,
            name=f"{table}_{write}" if table else f"note_{write}",
            operation=_OPERATIONS[write],
            referencing=_ROWS[write],
            func=one_line(noting),
        )


def watched(*notes: Note, table: str = "") -> list[Watch]:
    """Return the triggers that make a table note its changes, for ``Meta.triggers``.

    table: one of a library, watched on behalf of the model that it is declared with.
    """
    by_write = {write: [note for note in notes if write in note.on] for write in EVERY}
    return [Watch(write, told, table) for write, told in by_write.items() if told]
