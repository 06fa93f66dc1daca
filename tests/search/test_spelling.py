import pytest

from search.answer import choose_reading
from search.query import Within
from search.understanding.parse import parse
from search.understanding.spelling import Speller, edit_distance, sound
from tests.factories import make_merchant
from tests.search.conftest import up_to_date


@pytest.mark.parametrize(
    ("typed", "meant", "insee_code"),
    [
        ("boulengerie st etienne", "boulangerie-patisserie", "42218"),
        ("farmacie lyon 9", "pharmacie", "69389"),
        ("restorant anecy", "restaurant", "74010"),
        ("grenobel coiffeur", "coiffeur", "38185"),
        ("resto clermont ferand", "restaurant", "63113"),
    ],
)
def test_faults_are_corrected(gazetteer, typed, meant, insee_code):
    query = parse(gazetteer, typed).corrected.query

    assert (query.inferred[0], query.place.insee_code, query.within) == (meant, insee_code, Within.PLACE)


@pytest.mark.parametrize("typed", ["boulangerie st etienne", "pzin", "42000 7300", "xqzwvk", ""])
def test_what_is_known_or_like_nothing_is_left_alone(gazetteer, typed):
    assert parse(gazetteer, typed).corrected is None


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("cavist", "caviste"),
        ("caxixt", "caxixt"),  # two faults in a short word
        ("quinqaillerit", "quincaillerie"),
        ("xaviste", "xaviste"),  # the first letter is kept
        ("vin", "vin"),
        ("vni", "vni"),  # under five letters
        ("cav1ste", "cav1ste"),
    ],
)
def test_only_so_many_faults_are_forgiven(typed, corrected):
    speller = Speller(["caviste", "quincaillerie", "vin"], {})

    assert speller.correct(typed) == corrected


def test_letters_swapped_are_one_fault():
    assert edit_distance("grenobel", "grenoble") == 1
    assert edit_distance("", "pain") == 4


def test_what_sounds_alike_is_alike():
    assert sound("farmacie") == sound("pharmacie")
    assert sound("restorant") == sound("restaurant")
    assert sound("pain") != sound("pont")


def test_a_word_that_enough_merchants_use_stays_as_typed(gazetteer, places, engine):
    for number in range(3):
        make_merchant(title=f"Farmacie d’antan {number}")
    up_to_date()
    shared, rare = parse(gazetteer, "farmacie"), parse(gazetteer, "boulengerie")

    kept = choose_reading(shared, engine)
    assert (kept.text, kept.query.words) == ("farmacie", ("farmacie",))
    assert kept.query.inferred == ("pharmacie",)  # what was meant raises all the same
    assert choose_reading(rare, engine) is rare.corrected
    assert (shared.corrected.text, rare.corrected.text) == ("pharmacie", "boulangerie")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pompes fueebres", "pompes funebres"),  # pompes alone are shoes
        ("nettoyge a sec", "nettoyage a sec"),
        ("lavevaisselle", "lave vaisselle"),
        ("quin caillerie", "quincaillerie"),
    ],
)
def test_a_fault_is_read_beside_its_neighbours(gazetteer, typed, meant):
    assert parse(gazetteer, typed).corrected.text == meant


def test_a_word_of_french_is_no_misspelled_town(gazetteer):
    assert parse(gazetteer, "disjoncteur saute tout le temps").corrected is None
