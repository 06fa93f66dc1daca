"""Names after à, de and chez; dates with their ordinal."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from portal import grammar
from portal.dates import date_format

NAMES = [
    ("Die", "à Die", "de Die", "chez Die"),
    ("Annecy", "à Annecy", "d’Annecy", "chez Annecy"),
    ("Écully", "à Écully", "d’Écully", "chez Écully"),
    ("Hauteluce", "à Hauteluce", "d’Hauteluce", "chez Hauteluce"),
    ("Yssingeaux", "à Yssingeaux", "d’Yssingeaux", "chez Yssingeaux"),
    ("Yenne", "à Yenne", "de Yenne", "chez Yenne"),
    ("Le Puy-en-Velay", "au Puy-en-Velay", "du Puy-en-Velay", "chez Le Puy-en-Velay"),
    ("Les Houches", "aux Houches", "des Houches", "chez Les Houches"),
    ("Les Abrets en Dauphiné", "aux Abrets en Dauphiné", "des Abrets en Dauphiné", "chez Les Abrets en Dauphiné"),
    ("La Mure", "à La Mure", "de La Mure", "chez La Mure"),
    ("L’Atelier", "à L’Atelier", "de L’Atelier", "chez L’Atelier"),
    ("Le Chai de Pierrefeu", "au Chai de Pierrefeu", "du Chai de Pierrefeu", "chez Le Chai de Pierrefeu"),
    ("Leblanc", "à Leblanc", "de Leblanc", "chez Leblanc"),
    ("Lesage & fils", "à Lesage & fils", "de Lesage & fils", "chez Lesage & fils"),
    ("Aux Deux Épis", "aux Deux Épis", "d’Aux Deux Épis", "aux Deux Épis"),
    ("Au Bœuf qui rit", "au Bœuf qui rit", "d’Au Bœuf qui rit", "au Bœuf qui rit"),
    ("Chez Perrine", "chez Perrine", "de Chez Perrine", "chez Perrine"),
    ("À Table", "à Table", "d’À Table", "à Table"),
]


@pytest.mark.parametrize(("name", "at", "of", "chez"), NAMES)
def test_a_name_contracts_with_its_preposition(name, at, of, chez):
    assert (grammar.at(name), grammar.of(name), grammar.chez(name)) == (at, of, chez)


def test_templates_have_the_same_three():
    template = Template("{{ name|at_name }}, {{ name|of_name }}, {{ name|chez_name }}")

    assert template.render(Context({"name": "Le Chai"})) == "au Chai, du Chai, chez Le Chai"


@pytest.mark.parametrize(
    ("day", "format", "written"),
    [
        (date(2027, 1, 1), "l j F", "vendredi 1er janvier"),
        (date(2026, 12, 1), "j F Y", "1er décembre 2026"),
        (date(2026, 12, 11), "j F Y", "11 décembre 2026"),
        (date(2026, 12, 21), "l j F", "lundi 21 décembre"),
        (date(2026, 12, 31), "j F", "31 décembre"),
        (date(2026, 8, 1), "j F", "1er août"),
        (date(2026, 8, 1), "Y-m-d", "2026-08-01"),
        (date(2026, 8, 1), "d/m/Y", "01/08/2026"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal(day, format, written):
    assert date_format(day, format) == written
    assert Template(f'{{{{ day|date:"{format}" }}}}').render(Context({"day": day})) == written


def test_a_moment_is_told_in_local_time():
    first = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert Template('{{ at|date:"l j F à G:i" }}').render(Context({"at": first})) == "vendredi 1er janvier à 0:30"


def test_a_missing_date_stays_empty():
    assert Template('{{ day|date:"j F" }}').render(Context({"day": None})) == ""


def test_every_written_date_comes_from_portal_dates():
    careless = [
        str(path.relative_to(settings.BASE_DIR))
        for package in ("directory", "home", "portal", "search", "shop")
        for path in Path(settings.BASE_DIR / package).rglob("*.py")
        if path.name != "dates.py"
        and any(
            line.startswith(("from django.utils.dateformat import", "from django.utils.formats import date_format"))
            for line in path.read_text().splitlines()
        )
    ]

    assert careless == ["portal/concurrent_edits.py"]  # the name of a month alone
