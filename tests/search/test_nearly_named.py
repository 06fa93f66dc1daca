"""Names that are nearly remembered: the page answers the name, says so, and both engines agree."""

import pytest
from django.test import Client

from tests.factories import make_merchant
from tests.search.conftest import up_to_date

NAMES = {
    "Chez Papytof": "restaurant",
    "Chez Popeye": "restaurant",
    "Biocoop Valmy": "bio-vrac",
    "Fleur de Vache et Saucissons": "boucherie-charcuterie",
    "Le Fleuron de Die": "fleuriste",
    "Romantica": "pizzeria",
    "Boulangerie Dupont": "boulangerie-patisserie",
}
NEAR = [
    ("chez papitof", "Chez Papytof"),
    ("papitof", "Chez Papytof"),
    ("biocop valmi", "Biocoop Valmy"),
    ("fleur de vache et saucisses", "Fleur de Vache et Saucissons"),
    ("boulangerie dupomt", "Boulangerie Dupont"),
]
# A word wished, something denied, a name that is here, one that nobody's is near.
LEFT = ["restaurant romantique", "savon sans papytofe", "chez papytof", "chez zorglub", "boulangerie martinet"]


@pytest.fixture
def named(engine, places):
    for name, category in NAMES.items():
        make_merchant(title=name, category=category, town=places.privas)
    up_to_date()


@pytest.mark.parametrize("where", ["", "Privas"])
@pytest.mark.parametrize(("typed", "name"), NEAR)
def test_a_name_nearly_remembered_is_answered_and_said(named, typed, name, where):
    page = Client().get("/recherche/", {"q": typed, "ou": where})

    first = page.context["blocks"]["merchant"]["results"].hits[0].entry
    assert first.title == name
    assert page.context["correction"]["text"] == name
    assert page.context["correction"]["typed"] == typed


def test_it_is_looked_for_in_the_place_asked(named, places):
    page = Client().get("/recherche/", {"q": "chez papitof", "ou": "Die"})

    assert not page.context["correction"]


@pytest.mark.parametrize("typed", LEFT)
def test_other_questions_are_answered_as_typed(named, typed):
    page = Client().get("/recherche/", {"q": typed})

    assert not page.context["correction"] or page.context["correction"]["text"] not in NAMES


def test_what_was_typed_can_be_searched_all_the_same(named):
    page = Client().get("/recherche/", {"q": "chez papitof", "tel-quel": "1"})

    assert not page.context["correction"]
