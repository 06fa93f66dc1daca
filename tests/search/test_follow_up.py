"""Questions that go on from the one before, as the form of a results page sends them."""

import pytest
from django.test import Client

from search.understanding.follow_up import follow_up
from tests.factories import make_merchant
from tests.search.conftest import up_to_date

LEANING = [
    ("boulangerie", "et à Aussois", "Moûtiers", "boulangerie à Aussois", ""),
    ("potière", "et du côté de Crest ?", "Dieulefit (26)", "potière du côté de Crest ?", ""),
    ("charcuterie", "plus loin, vers Burzet", "Lalevade", "charcuterie vers Burzet", ""),
    ("chocolats", "celui de la Croix-Rousse", "Lyon (69)", "chocolats à croix rousse", ""),
    ("fleuristes", "qui livrent", "Annecy (74)", "fleuristes qui livrent", "Annecy (74)"),
    ("chausseur", "un qui soit ouvert le samedi", "Romans", "chausseur qui ouvert le samedi", "Romans"),
    ("boulanger", "sans gluten", "Moulins", "boulanger sans gluten", "Moulins"),
    ("boucherie", "ouverte le lundi matin ?", "", "boucherie ouverte le lundi matin ?", ""),
    ("foulard en soie", "j’ai pas plus de 80 €", "Lyon", "foulard en soie j’ai pas plus de 80 €", "Lyon"),
    ("fromage", "moins de 20 € le kilo", "Salers", "fromage moins de 20 €", "Salers"),
    ("producteur de châtaignes", "en farine plutôt", "Privas", "producteur de châtaignes en farine", "Privas"),
    ("beaufort", "celui d’alpage", "Albertville", "beaufort d’alpage", "Albertville"),
    ("poulet de Bresse", "non, un fermier, pas un Bresse", "Bourg", "poulet un fermier, pas un Bresse", "Bourg"),
    ("boulangerie ouverte le dimanche", "ouverte le lundi", "Annecy", "boulangerie ouverte le lundi", "Annecy"),
    ("vin bio à moins de 10 €", "moins de 20 €", "", "vin bio moins de 20 €", ""),
    ("restaurant", "avec une terrasse", "", "restaurant avec une terrasse", ""),
]
ALONE = [
    ("boulangerie", "boulangerie", "Die", "Die"),  # sent again as it was
    ("", "qui livrent", "Annecy", "Annecy"),
    ("boulangerie", "", "Die", "Die"),
    ("fromage", "et un caviste", "Die", "Die"),
    ("poissonnerie", "de la truite", "Thonon", "Thonon"),
    ("du vin", "et un fromage de chèvre pour aller avec", "Tain", "Tain"),
    ("album", "chez un libraire de Valence ouvert le lundi", "", ""),
    ("pharmacie", "et un docteur ?", "Saint-Flour", "Saint-Flour"),
    ("du pain", "boucherie à Crest", "Die (26)", ""),  # the words say where, « Où ? » holds the page before
    ("traiteur", "x" * 5000, "", ""),
]


@pytest.mark.parametrize(("before", "q", "where", "read", "there"), LEANING)
def test_what_has_no_subject_goes_on_from_the_question_before(gazetteer, before, q, where, read, there):
    said = follow_up(gazetteer, q, where, before)

    assert (said.q, said.where, said.before) == (read, there, before)


@pytest.mark.parametrize(("before", "q", "where", "there"), ALONE)
def test_what_stands_by_itself_is_left_as_typed(gazetteer, before, q, where, there):
    said = follow_up(gazetteer, q, where, before)

    assert (said.q, said.where, said.before) == (q[:200], there, "")


def test_the_page_of_a_question_sends_it_along_and_tells_what_it_read(engine, places):
    near = make_merchant(title="Au Bon Pain", category="boulangerie-patisserie", town=places.privas)
    far = make_merchant(title="Le Fournil", category="boulangerie-patisserie", town=places.die)
    up_to_date()
    first = Client().get("/recherche/", {"q": "boulangerie", "ou": "Privas"})
    assert '<input type="hidden" name="avant" value="boulangerie">' in first.content.decode()
    assert near.title in first.content.decode()

    page = Client().get("/recherche/", {"q": "et à Die", "ou": "Privas (07)", "avant": "boulangerie"})

    told = page.content.decode()
    assert far.title in told
    assert near.title not in told
    assert "Suite de" in told
    assert page.context["follow_up"]["url"] == "/recherche/?q=et+%C3%A0+Die"
    assert page.context["address"].what == "boulangerie"
