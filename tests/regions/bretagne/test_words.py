"""Where people in Brittany mean, and what their words for food and crafts lead to."""

import pytest

from directory.areas import areas
from directory.models import Town
from directory.places import town_changes
from search.understanding.parse import parse
from search.understanding.typed_place import read_place


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Quimper", "Quimper"),
        ("st brieuc", "Saint-Brieuc"),
        ("22000", "Saint-Brieuc"),
        ("pont l abbé", "Pont-l’Abbé"),
        ("ploumanac'h", "Perros-Guirec"),
        ("roazhon", "Rennes"),
        ("12 rue du Port, 56400 Auray", "Auray"),
        ("quinper", "Quimper"),
        ("29", "Finistère"),
        ("Côtes d'Armor", "Côtes-d’Armor"),
        ("presqu'île de Crozon", "Presqu’île de Crozon"),
        ("pays bigouden", "Pays bigouden"),
    ],
)
def test_a_place_of_brittany_is_understood(gazetteer, typed, name):
    assert [place.name for place in read_place(gazetteer, typed).places][:1] == [name]


@pytest.mark.parametrize(
    ("typed", "beyond"),
    [
        ("Lyon", "Lyon"),
        ("Nantes", "Nantes"),
        ("44000", "Loire-Atlantique"),
        ("Auvergne", "Auvergne"),
        ("lyon 3", "Lyon"),
    ],
)
def test_a_place_beyond_it_is_known_to_be_so(gazetteer, typed, beyond):
    read = read_place(gazetteer, typed)

    assert read.outside is not None
    assert read.outside.name == beyond


def test_nantes_is_answered_with_towns_of_this_side(gazetteer):
    offered = read_place(gazetteer, "Nantes").offered

    assert offered
    assert {place.department_code for place in offered} <= {"22", "29", "35", "56"}


@pytest.mark.parametrize(
    ("question", "place", "category"),
    [
        ("galettes à Vannes", "Vannes", "creperie"),
        ("kouign amann douarnenez", "Douarnenez", "boulangerie-patisserie"),
        ("huîtres cancale", "Cancale", "poissonnerie"),
        ("cidre fermier à Fouesnant", "Fouesnant", "brasserie-distillerie"),
        ("oignons de Roscoff", "Roscoff", "maraicher"),
        ("marinière st malo", "Saint-Malo", "vetements-homme"),
    ],
)
def test_words_of_brittany_lead_to_who_sells_it(gazetteer, question, place, category):
    query = parse(gazetteer, question).query

    assert (query.place.name if query.place else "") == place
    assert category in {query.category, *query.inferred}


def test_the_whole_region_is_no_place_apart(gazetteer):
    assert not parse(gazetteer, "fromage en Bretagne").query.place


def test_all_communes_are_there_once_with_all_that_pages_need(db):
    towns: list[Town] = town_changes().created

    assert len(towns) > 1_190
    assert {town.department_code for town in towns} == {"22", "29", "35", "56"}
    assert len({town.slug for town in towns}) == len({town.insee_code for town in towns}) == len(towns)
    assert all(town.postal_codes and 47 < town.latitude < 49 and -5.3 < town.longitude < -1 for town in towns)


def test_areas_hold_towns_that_are_there(db):
    towns = town_changes().created
    codes = {town.insee_code for town in towns}
    intercommunalities = {town.epci_name for town in towns}

    for area in areas():
        assert area.communes <= codes, area.name
        assert area.intercommunalities <= intercommunalities, area.name
