"""A cast of named people and real places, for every test."""

import pickle
from functools import cache

import pytest
from django.contrib.auth.models import Group

from directory.models import Category, Town
from directory.places import category_changes, town_changes
from tests.factories import make_merchant, make_user

TOWNS = {
    "privas": "07186",
    "saint_etienne": "42218",
    "die": "26113",
    "lyon": "69123",
    "lyon_3": "69383",
    "romans": "26281",
    "thiers": "63430",
}


class Places:
    """The towns of the cast by name: ``places.privas``, ``places.lyon_3``…"""

    privas: Town
    saint_etienne: Town
    die: Town
    lyon: Town
    lyon_3: Town
    romans: Town
    thiers: Town

    def __init__(self):
        found = {town.insee_code: town for town in Town.objects.filter(insee_code__in=TOWNS.values())}
        for name, insee_code in TOWNS.items():
            setattr(self, name, found[insee_code])


@pytest.fixture
def places(db):
    """A few real towns, and all categories."""
    are_there = Category.objects.exists() or Town.objects.exists()
    for changes in compared_with_the_files() if are_there else pickle.loads(all_of_the_files()):
        changes.write()
    return Places()


def compared_with_the_files():
    return category_changes(), town_changes(only=TOWNS.values())


@cache
def all_of_the_files():
    """What fills empty tables, pickled: each test stores copies, and the files are read once per process."""
    return pickle.dumps(compared_with_the_files())


@pytest.fixture
def baker(db):
    """Maud keeps the bakery in Privas."""
    return make_user("maud@fournil.example", first_name="Maud", last_name="Vernet")


@pytest.fixture
def bakery(places, baker):
    return make_merchant(
        title="Le Fournil des Mines",
        town=places.privas,
        category="boulangerie-patisserie",
        street="12 cours du Palais",
        siret="73282932000074",
        opening_hours="Tu-Sa 07:00-12:30,15:00-19:00; Su 07:00-12:30; PH off",
        story="<p>Pain au levain, cuit au bois depuis 1987.</p>",
        managers=[baker],
    )


@pytest.fixture
def neighbour(db):
    """Idris keeps the cheese shop in Saint-Étienne; nothing of the bakery is his."""
    return make_user("idris@cremerie.example", first_name="Idris", last_name="Faure")


@pytest.fixture
def cheesemonger(places, neighbour):
    return make_merchant(
        title="La Crèmerie du Gier",
        town=places.saint_etienne,
        category="fromagerie-cremerie",
        street="3 place du Peuple",
        siret="54210765113030",
        opening_hours="Tu-Sa 09:00-19:00",
        managers=[neighbour],
    )


@pytest.fixture
def editor(db):
    """Jeanne writes and vets for the Region; she is no superuser."""
    user = make_user("jeanne@region.example", first_name="Jeanne", last_name="Rey")
    user.groups.add(Group.objects.get(name="Rédaction"))
    return user


@pytest.fixture
def shopper(db):
    """Camille buys."""
    return make_user("camille@voisins.example", first_name="Camille", last_name="Moulin")
