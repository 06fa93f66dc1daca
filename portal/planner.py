"""What PostgreSQL's planner believes of tables that were just filled.

Until autovacuum counts a table anew, it is planned for as it was: a table counted when it was empty, then filled in one
go, has met queries that take minutes for what takes a second. So whatever fills tables in bulk counts them at its end.
"""

from django.db import connection, models

MANY = 500  # rows written at once from which a table is counted anew; below, autovacuum is soon enough


def count_anew(written: int, *filled: type[models.Model]) -> None:
    """Have PostgreSQL count the tables of these models if many rows were written; one statement.

    written: rows written. filled: models, with the tables of those they inherit from.
    """
    if written < MANY:
        return
    tables = dict.fromkeys(table for model in filled for table in _tables_of(model))
    with connection.cursor() as cursor:
        cursor.execute(f"analyze {', '.join(map(connection.ops.quote_name, tables))}")


def _tables_of(model: type[models.Model]) -> list[str]:
    return [each._meta.db_table for each in (*model._meta.get_parent_list(), model)]
