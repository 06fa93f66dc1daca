"""The register of personal data and the schema of the database: no column that nobody has declared."""

from collections import Counter

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection

from home.purges import PURGES
from portal.privacy import register
from portal.privacy.register import Fate

pytestmark = pytest.mark.django_db

COUNTED = ("bigint", "boolean", "integer", "numeric", "smallint")  # of these, only what points to a person
WHERE = "declare it in the personal_data.py of its package: as personal in a Holding, or among its impersonal columns"
BY_NAME = {purge.name: purge for purge in PURGES}


def schema():
    """Return the columns that may name somebody, by table: all but numbers, and the numbers of accounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select columns.table_name, column_name, data_type from information_schema.columns
            join information_schema.tables using (table_schema, table_name)
            where table_schema = 'public' and table_type = 'BASE TABLE'"""
        )
        found = cursor.fetchall()
        cursor.execute(
            """select conrelid::regclass::text, attname from pg_constraint
            join pg_attribute on attrelid = conrelid and attnum = any(conkey)
            where contype = 'f' and confrelid = 'portal_user'::regclass"""
        )
        people = set(cursor.fetchall()) | keys_without_constraint()
    return {(table, column) for table, column, kind in found if kind not in COUNTED or (table, column) in people}


def keys_without_constraint():
    fields = (field for model in apps.get_models(include_auto_created=True) for field in model._meta.local_fields)
    return {(field.model._meta.db_table, field.column) for field in fields if field.related_model is get_user_model()}


def held():
    return [
        (table, column)
        for holding in register.holdings()
        for table, columns in holding.columns.items()
        for column in columns.split()
    ]


def undeclared(columns):
    declared = set(held()) | {(table, one) for table, names in register.impersonal_columns().items() for one in names}
    return sorted(
        f"{table}.{column}"
        for table, column in columns
        if table not in register.unused_tables() and (table, column) not in declared
    )


def test_every_column_that_may_name_somebody_is_declared():
    assert undeclared(schema()) == [], WHERE


def test_a_new_column_is_found():
    with connection.cursor() as cursor:
        cursor.execute("alter table home_notice add column address text, add column uninteresting integer")
        cursor.execute("create table shop_club (id bigint primary key, motto varchar(9))")
        cursor.execute("alter table shop_storefront add column kept_by bigint references portal_user (id)")

    assert undeclared(schema()) == ["home_notice.address", "shop_club.motto", "shop_storefront.kept_by"]


def test_nothing_is_declared_that_does_not_exist():
    columns = schema()
    tables = {table for table, _ in columns}
    impersonal = {(table, one) for table, names in register.impersonal_columns().items() for one in names}

    assert set(held()) - columns == set()
    assert impersonal - columns == set()
    assert register.unused_tables().keys() - {*tables, *connection.introspection.table_names()} == set()


def test_no_column_is_declared_twice():
    impersonal = {(table, one) for table, names in register.impersonal_columns().items() for one in names}

    assert [column for column, times in Counter(held()).items() if times > 1] == []
    assert set(held()) & impersonal == set()
    assert {table for table, _ in held()} & register.unused_tables().keys() == set()


def test_each_purge_belongs_to_one_line_of_the_register():
    named = Counter(name for holding in register.holdings() for name in holding.purges)

    assert set(BY_NAME) - set(named) == set(), "name it among the `purges` of a Holding"
    assert set(named) - set(BY_NAME) == set()


def test_each_line_says_what_becomes_of_it():
    for holding in register.holdings():
        assert all((holding.does, holding.what, holding.whose, holding.why, holding.seen_by, holding.kept)), (
            holding.name
        )
        assert holding.fate_told, holding.name
        if holding.fate in (Fate.DELETED, Fate.EMPTIED):
            assert holding.erase, f"{holding.name}: erasing a person needs to know how"


def test_what_a_copy_leaves_out_is_among_the_columns():
    for holding in register.holdings():
        columns = " ".join(holding.columns.values()).split()
        assert set(holding.secret) <= set(columns), holding.name
