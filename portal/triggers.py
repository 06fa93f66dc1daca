"""Triggers of the database that models of several packages share, and how their SQL is written.

They are declared in ``Meta.triggers`` through django-pgtrigger. Those that refuse raise Django's IntegrityError.
"""

from typing import Any

import pgtrigger


def one_line(sql: str) -> str:
    """Return SQL on one line, as migrations keep it."""
    return " ".join(sql.split())


def refuse(constraint: str, message: str, about: str = "") -> str:
    """Return the PL/pgSQL that raises an IntegrityError. about: the SQL of what stands for the message's %."""
    values = f", {about}" if about else ""
    return f"raise exception '{message}'{values} using errcode = 'check_violation', constraint = '{constraint}';"


def deferred(name: str, operation: Any, func: str, condition: str | None = None) -> pgtrigger.Trigger:
    """Return a trigger that looks when the transaction ends, however its statements were ordered."""
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func=one_line(func),
        condition=pgtrigger.Condition(condition) if condition else None,
    )


def never_rewritten(name: str, constraint: str, message: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses every update of a row."""
    func = refuse(constraint, message)
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=pgtrigger.Update, func=func)


def kept_with(name: str, table: str, column: str, constraint: str, message: str) -> pgtrigger.Trigger:
    """Return a trigger that lets rows go only with the row of a table that their column names.

    It looks at the commit: Django deletes what points to a row before the row.
    """
    func = f"if exists (select from {table} where id = old.{column}) then {refuse(constraint, message)} end if;"
    return deferred(name, pgtrigger.Delete, f"{func} return null;")
