"""A database of before one first migration per package replaced all others is refused in one sentence, or emptied."""

import re

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from portal import former_migrations

pytestmark = pytest.mark.django_db


@pytest.fixture
def former():
    MigrationRecorder(connection).record_applied(*former_migrations.FORMER)


def tables():
    return connection.introspection.table_names()


def test_migrate_refuses_it_and_says_where_to_read_on(former):
    with pytest.raises(SystemCheckError, match=re.escape("« To do at the upgrade »")):
        call_command("migrate", skip_checks=False)


def test_prepare_refuses_it_in_one_sentence(former):
    with pytest.raises(CommandError) as refused:
        call_command("prepare", demo=True)

    assert str(refused.value) == former_migrations.REFUSAL


def test_a_database_of_today_is_not_refused():
    assert not former_migrations.made(connection)
    assert run_checks(tags=[Tags.database], databases=["default"]) == []


def test_what_is_emptied_holds_nothing_and_is_no_longer_of_before(former):
    assert former_migrations.made(connection)

    former_migrations.empty(connection)

    assert tables() == []
    assert not former_migrations.made(connection)


def test_the_changelog_tells_of_the_file_that_brings_data_along(settings):
    (file,) = settings.BASE_DIR.glob("deploy/upgrades/*first-migrations.sql")
    named = set(re.findall(r"\('(\w+)', '(\w+)', now\(\)\)", file.read_text()))

    assert file.name in (settings.BASE_DIR / "CHANGELOG.md").read_text()
    assert named <= MigrationLoader(connection).disk_migrations.keys()  # migrate applies what has come since
    assert {app for app, _ in named} == {"portal", "directory", "shop", "regional_search", "home"}


def test_installing_the_declared_triggers_again_leaves_those_on_libraries_tables():
    question = "select count(*) from pg_trigger where tgname like 'pgtrigger%%'"
    with connection.cursor() as cursor:
        cursor.execute(question)
        before = cursor.fetchone()
        call_command("pgtrigger", "install")
        cursor.execute(question)

        assert cursor.fetchone() == before
