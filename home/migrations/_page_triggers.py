"""For migrations: triggers that note what changes on public pages, by the tags of page_cache.py.

They run once a statement, in the transaction that changes. Whatever is published notes ``page:ID`` by itself, since
publishing writes its date: a new field or child table of a page needs no trigger. A new table that pages show without
being published does.
"""

from collections.abc import Iterator

from django.db.migrations import RunSQL

WRITES = ("insert", "update", "delete")
ROWS = {
    "insert": "referencing new table as new_rows",
    "update": "referencing old table as old_rows new table as new_rows",
    "delete": "referencing old table as old_rows",
}


def note(kind: str, table: str, columns: str, tags: str, writes: tuple[str, ...] = WRITES) -> Iterator[RunSQL]:
    """Yield the operations that make a table note its changes.

    kind: names the trigger among those of the table. columns: those that matter, "*" for all. tags: a query on
    ``changed``, which holds these columns of the rows as they were and as they are; it gives one tag a row.
    """
    quoted = tags.replace("'", "''")
    for write in writes:
        name = f"note_{kind}_of_pages_on_{write}"
        yield RunSQL(
            f"create trigger {name} after {write} on {table} {ROWS[write]} for each statement"
            f" execute function portal_note_page_changes('{columns}', '{quoted}');",
            f"drop trigger {name} on {table};",
        )
