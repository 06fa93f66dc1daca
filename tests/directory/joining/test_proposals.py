"""What the register's answer proposes, and what it means for who wants to join."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from deploy.local.fake_register import scenarios
from directory.hours import validate_opening_hours
from directory.joining.categories import category_choices
from directory.joining.proposals import in_mixed_case, name_over_the_door, proposed
from directory.joining.towns import town_named
from directory.joining.usual_hours import BY_CATEGORY, BY_GROUP, usual_hours
from directory.joining.verdict import verdict
from directory.models import Category
from directory.places import town_changes
from directory.space import week
from directory.vetting import naf
from directory.vetting.register import read
from tests.directory.vetting.test_register import NOW

BY_KEY = {scenario.key: scenario for scenario in scenarios()}


def told(key):
    scenario = BY_KEY[key]
    return read(scenario.siret, {"results": scenario.results}, NOW)


@pytest.mark.parametrize(
    ("register", "written"),
    [
        ("LE FOURNIL DES MINES", "Le Fournil des Mines"),
        ("L'ÉPI D'OR", "L’Épi d’Or"),
        ("SARL AU PAIN DORE", "SARL au Pain Dore"),
        ("CHEZ MARIE-LOU", "Chez Marie-Lou"),
        ("LES JARDINS DU VAL-D'OR", "Les Jardins du Val-d’Or"),
        ("Fromagerie déjà bien écrite", "Fromagerie déjà bien écrite"),
        ("GAEC DES TROIS PRES", "GAEC des Trois Pres"),
        ("", ""),
    ],
)
def test_capitals_become_a_name_as_one_writes_it(register, written):
    assert in_mixed_case(register) == written


@pytest.mark.parametrize(
    ("register", "written"),
    [
        ("12 COURS DU PALAIS", "12 cours du Palais"),
        ("3 BIS R DE LA REPUBLIQUE", "3 bis rue de la Republique"),
        ("LD LES GRANDES VIGNES", "lieu-dit les Grandes Vignes"),
        ("ZA LA PLAINE", "ZA la Plaine"),
        ("5 PL DE L'EGLISE", "5 place de l’Eglise"),
    ],
)
def test_a_street_is_written_out(register, written):
    assert in_mixed_case(register, streets=True) == written


def test_the_trade_name_goes_over_the_door_and_a_sole_trader_is_not_named(db):
    shop = told("F1").establishment
    assert name_over_the_door(shop) == "Le Fournil des Mines"
    assert name_over_the_door(replace(shop, trade_name="")) == "Boulangerie du Palais"
    assert name_over_the_door(replace(shop, trade_name="", legal_form_code="1000", name="JEANNE MARTIN")) == ""


def test_all_that_the_register_tells_is_proposed(places):
    assert proposed(told("F1").establishment) == {
        "title": "Le Fournil des Mines",
        "category": "boulangerie-patisserie",
        "street": "12 cours du Palais",
        "postal_code": "07000",
        "town": "07186",
        "town_name": "Privas",
    }


def test_of_who_is_masked_only_what_is_never_masked_is_proposed(places):
    assert proposed(told("F7").establishment) == {
        "category": "boulangerie-patisserie",
        "postal_code": "07000",
        "town": "07186",
        "town_name": "Privas",
    }


@pytest.mark.parametrize(
    ("key", "may_go_on", "words"),
    [
        ("F1", True, ""),
        ("F2", False, "cessé son activité"),
        ("F3", False, "Votre siège actuel a le SIRET"),
        ("F4", True, "ne connaît pas"),
        ("F5", True, ""),
        ("F6", False, "hors de la région"),
        ("F7", True, ""),
        ("F8", True, ""),
        ("F9", True, ""),
        ("F10", True, ""),
        ("F10b", False, "hors de la région"),
        ("F11", True, ""),
        ("F13", True, ""),
        ("F14", True, ""),
        ("F15", True, ""),
        ("F25", True, ""),
    ],
)
def test_the_register_s_answer_means_something_for_each_scenario(places, key, may_go_on, words):
    found = verdict(BY_KEY[key].siret, told(key))

    assert found.may_go_on == may_go_on
    assert words in found.text
    assert bool(words) == bool(found.text)
    assert found.must_confirm == (key == "F4")


def test_a_former_commune_of_the_region_is_in_the_region(places):
    town_changes(only=["01033"]).write()

    assert verdict(BY_KEY["F12"].siret, told("F12")).may_go_on
    assert proposed(told("F12").establishment)["town_name"] == "Valserhône"


@pytest.mark.parametrize(
    ("name", "postal_code", "insee"),
    [
        ("Privas", "07000", "07186"),
        ("privas", "07000", "07186"),
        ("PRIVAS CEDEX", "07000", "07186"),
        ("St Etienne", "42000", "42218"),
        ("Saint-Étienne", "42100", "42218"),
        ("Lyon", "69003", "69123"),
        ("Lyon 3e", "69003", "69383"),
        ("Lyon 3e Arrondissement", "69003", "69383"),
        ("Romans sur Isère", "26100", "26281"),
        ("Bellegarde-sur-Valserine", "01200", "01033"),
        ("Valserhone", "01200", "01033"),
        ("Saint-Étienne", "42007", "42218"),
    ],
)
def test_a_town_is_read_as_people_write_it(places, name, postal_code, insee):
    town_changes(only=["01033"]).write()

    assert town_named(name, postal_code).insee_code == insee


@pytest.mark.parametrize(
    ("name", "postal_code", "field", "words"),
    [
        ("Privas", "26150", "postal_code", "Le code postal de Privas est 07000"),
        ("Paris", "75008", "postal_code", "Aucune commune de la région n’a le code postal 75008"),
        ("Nulle-Part", "07000", "town", "Privas"),
        ("", "07000", "town", "Privas"),
        ("!!!", "99999", "postal_code", "Aucune commune"),
    ],
)
def test_a_town_that_cannot_be_told_is_asked_for(places, name, postal_code, field, words):
    with pytest.raises(ValidationError) as error:
        town_named(name, postal_code)

    assert error.value.code == field
    assert words in error.value.message


def test_every_category_has_hours_to_start_from_that_the_table_shows(places):
    for category in Category.objects.filter(parent__isnull=False).select_related("parent"):
        text = usual_hours(category)
        validate_opening_hours(text)
        assert week.read(text)
    slugs = set(Category.objects.values_list("slug", flat=True))
    assert set(BY_CATEGORY) | set(BY_GROUP) <= slugs


def test_what_the_code_proposes_stands_first_and_once(places):
    choices = category_choices(naf.known("47.29Z"))

    assert choices[1][1][0] == ("fromagerie-cremerie", "Fromagerie – crèmerie")
    slugs = [slug for _, some in choices[1:] for slug, _ in some]
    assert len(slugs) == len(set(slugs)) == Category.objects.filter(parent__isnull=False).count()
    assert [label for label, _ in category_choices(None)][:2] == ["", "Alimentation & bouche"]
