"""One command brings a portal up to date, and finds nothing to do the second time."""

import re
from importlib.util import cache_from_source
from pathlib import Path

import pytest
from django.core.management import call_command

from search.models import IndexedEntry

pytestmark = pytest.mark.django_db


def outcomes(text):
    """Return {step: what came out of it}."""
    lines = re.findall(r"^  (.+?) +[\d.]+ s(?:  (.*))?$", text, re.MULTILINE)
    return dict(lines)


def test_preparing_twice_changes_nothing_the_second_time(capsys):
    call_command("prepare")
    first = outcomes(capsys.readouterr().out)
    call_command("prepare")
    second = outcomes(capsys.readouterr().out)

    assert first["Static files"] == "collected"
    assert second["Tables"] == second["Static files"] == "up to date"


def test_what_is_prepared_starts_without_compiling(settings):
    source = settings.BASE_DIR / "portal/wsgi.py"
    compiled = Path(cache_from_source(source))
    compiled.unlink(missing_ok=True)

    call_command("prepare")

    assert compiled.exists()


def test_the_accounts_of_the_demo_are_told_where_no_report_is_asked_for(capsys):
    call_command("prepare", demo=True)

    assert "Mot de passe des trois comptes" in capsys.readouterr().out


def test_an_elasticsearch_that_does_not_answer_stops_nothing(capsys, settings):
    settings.ELASTICSEARCH_URL = ["http://127.0.0.1:9"]
    IndexedEntry.objects.all().delete()

    call_command("prepare", index=True)

    assert "Elasticsearch ne répond pas" in outcomes(capsys.readouterr().out)["Search index"]
