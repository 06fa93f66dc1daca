import math

import pytest
from django.core.management import call_command

from directory.models import Category, Town
from directory.places import category_changes, town_changes

pytestmark = pytest.mark.django_db


def load_places(capsys, *options):
    call_command("load_places", *options)
    return capsys.readouterr().out


def test_nothing_is_stored_without_write(capsys):
    out = load_places(capsys)

    assert "créées 4034" in out
    assert "--write" in out
    assert not Town.objects.exists()
    assert not Category.objects.exists()


def test_the_whole_region_is_loaded_and_a_second_run_changes_nothing(capsys):
    load_places(capsys, "--write")

    assert Town.objects.count() == 4_034
    assert Town.objects.get(insee_code="69383").parent == Town.objects.get(insee_code="69123")
    assert Category.objects.filter(parent=None).count() == 12
    assert Category.objects.exclude(parent=None).count() == 94
    assert Category.objects.get(slug="caviste").parent.slug == "alimentation"
    assert "10.71C" in Category.objects.get(slug="boulangerie-patisserie").naf_codes
    out = load_places(capsys, "--write")
    assert "créées 0, mises à jour 0, inchangées 4034" in out
    assert "créées 0, mises à jour 0, inchangées 106" in out


def test_a_row_that_moved_is_updated_and_nothing_else(places):
    Town.objects.filter(insee_code="07186").update(population=1, parent=places.lyon)
    Category.objects.filter(slug="caviste").update(name="Cave")

    towns = town_changes(only={"07186", "26113"})
    categories = category_changes()
    towns.write()
    categories.write()

    assert [town.insee_code for town in towns.updated] == ["07186"]
    assert [category.slug for category in categories.updated] == ["caviste"]
    privas = Town.objects.get(insee_code="07186")
    assert (privas.pk, privas.population, privas.parent) == (places.privas.pk, 8_538, None)


def test_a_town_that_left_the_file_is_named_and_kept(capsys, places):
    Town.objects.filter(insee_code="26113").update(insee_code="99999", slug="die-autrefois")

    out = load_places(capsys, "--write")

    assert "absentes du fichier, gardées : Die (26)" in out
    assert Town.objects.filter(insee_code="99999").exists()


def test_every_town_of_the_files_lies_in_the_region():
    for town in town_changes().created:
        assert math.isfinite(town.latitude), town
        assert 44.0 < town.latitude < 46.9, town
        assert 2.0 < town.longitude < 7.2, town
        assert town.postal_codes, town
