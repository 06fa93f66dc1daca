"""Places wider or narrower than a commune: what words name them, and what stands in them."""

import csv
from pathlib import Path

import pytest

from directory.areas import areas
from directory.places import town_changes
from search.query import Within
from search.understanding import gazetteer as vocabulary
from search.understanding.normalize import fold
from search.understanding.parse import parse
from tests.factories import make_merchant

DATA = Path(__file__).parent / "data"
HOW = {"place": Within.PLACE, "radius": Within.RADIUS, "near": Within.ANYWHERE}


def lines(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader((line for line in file if not line.startswith("#")), delimiter="\t"))


@pytest.mark.parametrize(("what", "where", "name", "how", "left"), lines("areas.tsv"))
def test_an_area_is_understood_in_either_box(gazetteer, what, where, name, how, left):
    reading = parse(gazetteer, what, where)

    assert reading.query.place.name == name
    assert reading.query.within == HOW[how]
    assert reading.what == left


def test_every_member_of_an_area_is_one_of_the_region(gazetteer):
    towns = town_changes().created
    known = {name for town in towns for name in (town.epci_name, town.insee_code, f"dept:{town.department_code}")}

    assert {member for area in areas() for member in area.members} <= known


@pytest.mark.parametrize("area", areas(), ids=lambda area: area.slug)
def test_every_name_of_an_area_is_a_place(gazetteer, area):
    """It is the area's own, or a village's of that name within."""
    known = {place.name: place for place in gazetteer.areas}
    for name in (area.name.split(" (")[0], *area.also):
        place = parse(gazetteer, "boulangerie", name).query.place

        assert place is not None, name
        within = place.insee_code in known[area.name].towns and not place.area
        assert within or fold(place.name).startswith(fold(area.name.split(" (")[0])), (name, place.name)


@pytest.mark.parametrize("typed", ["chartreuse verte", "chartreuse", "beaujolais nouveau", "savon de Marseille"])
def test_a_good_that_bears_the_name_of_an_area_is_no_place_asked_for(gazetteer, typed):
    assert not parse(gazetteer, typed).query.within


def test_the_village_of_the_same_name_is_offered(gazetteer):
    reading = parse(gazetteer, "boulangerie", "Tarentaise")

    assert [place.label for place in reading.others] == ["Tarentaise (42)"]


@pytest.mark.parametrize(
    ("q", "ou"), [("plombier à Trifouillis", ""), ("plombier à Trifouillis les Oies", ""), ("plombier", "Trifouillis")]
)
def test_a_place_that_nobody_knows_is_said(gazetteer, q, ou):
    reading = parse(gazetteer, q, ou)

    assert reading.unknown_place
    assert reading.what == "plombier"


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("fromagerie dans le Morvan", "Morvan"),
        ("poterie Puisaye", "Puisaye"),
        ("lavande en Haute-Provence", "Haute-Provence"),
        ("boulangerie de Dijon", "Dijon"),
        ("horloger Suisse romande", "Suisse romande"),
        ("restaurant dans les Cévennes gardoises", "Cévennes gardoises"),
    ],
)
def test_a_land_beyond_the_region_is_said(gazetteer, q, name):
    reading = parse(gazetteer, q)

    assert reading.outside is not None
    assert reading.outside.name == name


@pytest.mark.parametrize("q", ["savon de Marseille", "moutarde de Dijon", "jambon de Bayonne", "couteau de Laguiole"])
def test_what_is_named_after_a_town_beyond_is_sold_here(gazetteer, q):
    assert not parse(gazetteer, q).is_unplaced


@pytest.mark.parametrize("q", ["moule à kouglof", "pain à burger", "lampe à poser", "fil à tisser"])
def test_what_follows_a_good_is_no_place(gazetteer, q):
    assert not parse(gazetteer, q).is_unplaced


def test_merchants_of_an_area_are_found_alike_by_both_engines(ask, places):
    inside = make_merchant(title="Chèvrerie de Romeyer", category="fromager-fermier", town=places.die)
    make_merchant(title="Fromagerie du Forez", category="fromager-fermier", town=places.saint_etienne)
    known = vocabulary.current()
    query = parse(known, "fromage", "Diois").query

    assert [hit.entry.id for hit in ask(query).hits] == [inside.pk]


def test_an_arrondissement_is_told_by_the_postal_code_or_the_position(ask, places):
    coded = make_merchant(title="Pharmacie A", category="pharmacie", town=places.lyon, postal_code="69003")
    placed = make_merchant(title="Pharmacie B", category="pharmacie", town=places.lyon, latitude=45.76, longitude=4.86)
    make_merchant(title="Pharmacie C", category="pharmacie", town=places.lyon)
    query = parse(vocabulary.current(), "pharmacie", "69003").query

    assert {hit.entry.id for hit in ask(query).hits} == {coded.pk, placed.pk}


@pytest.mark.parametrize(
    ("what", "where", "codes", "at"),
    [
        ("boucherie Crest ou Die", "", {"26108", "26113"}, "à Crest et à Die"),
        ("fleuriste", "entre Valence et Le Puy-en-Velay", {"26362", "43157"}, "à Valence et au Puy-en-Velay"),
        ("fleuriste", "Voiron, Moirans ou Rives", None, ""),
    ],
)
def test_several_towns_are_one_place_with_each_to_choose(gazetteer, what, where, codes, at):
    reading = parse(gazetteer, what, where)

    if codes:
        assert set(reading.query.place.towns) == codes
        assert reading.query.place.at == at
        assert codes <= {place.insee_code for place in reading.others}
    assert reading.query.place is not None


def test_two_departments_are_all_their_towns(gazetteer):
    place = parse(gazetteer, "miel", "Savoie et Haute-Savoie").query.place

    assert {code[:2] for code in place.towns} == {"73", "74"}
    assert place.point is not None


def test_merchants_of_two_towns_are_found_by_both_engines(ask, places):
    in_die = make_merchant(title="Boucherie A", category="boucherie-charcuterie", town=places.die)
    in_privas = make_merchant(title="Boucherie B", category="boucherie-charcuterie", town=places.privas)
    make_merchant(title="Boucherie C", category="boucherie-charcuterie", town=places.saint_etienne)
    query = parse(vocabulary.current(), "boucherie", "Die et Privas").query

    assert {hit.entry.id for hit in ask(query).hits} == {in_die.pk, in_privas.pk}
