"""What is proposed after a few letters: forty beginnings, and what one of the first three proposals must say."""

from pathlib import Path

import pytest

from search.page.suggestions import Beginnings, proposed
from search.understanding.normalize import fold, words_of

FILE = Path(__file__).parent / "data" / "beginnings.tsv"
LINES = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


@pytest.fixture(scope="module")
def beginnings(gazetteer):
    return Beginnings(gazetteer)


def labels(beginnings, typed):
    return [fold(one.label) for one in proposed(beginnings, typed, words_of(typed))]


@pytest.mark.parametrize(("typed", "wanted"), LINES)
def test_what_is_meant_is_among_the_first_three(beginnings, places, without_elasticsearch, typed, wanted):
    first = labels(beginnings, typed)[:3]

    assert any(one in label for one in wanted.split("|") for label in first), first


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("coif vic", "coiffeur – vichy (03)"),
        ("boul vil", "boulangerie – patisserie – villeurbanne (69)"),
        ("fleuriste aur", "fleuriste – aurillac (15)"),
        ("resto chamb", "resto – chambery (73)"),
        ("opticien mou", "opticien – moulins (03)"),
    ],
)
def test_what_and_where_are_begun_together(beginnings, places, without_elasticsearch, typed, wanted):
    assert wanted in labels(beginnings, typed)[:3]


@pytest.mark.parametrize("typed", ["bouhcer", "boulnager", "fromagge", "coifffeur", "chocloat", "opitcien"])
def test_a_fault_in_what_is_begun_is_mended(beginnings, places, without_elasticsearch, typed):
    wanted = {"bouh": "bouch", "boul": "boulang", "from": "fromage", "coif": "coiffeur", "choc": "chocolat"}
    assert any(wanted.get(typed[:4], "opticien") in label for label in labels(beginnings, typed))


@pytest.mark.parametrize("typed", ["pain complet", "huile de noix", "savon noir"])
def test_a_good_that_begins_so_is_no_town(beginnings, places, without_elasticsearch, typed):
    assert not any(" – " in label and "(" in label for label in labels(beginnings, typed)[:1])
