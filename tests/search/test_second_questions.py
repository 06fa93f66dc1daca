"""What people type after a first question, or in passing: another place, a limit, nothing else that says what."""

import pytest
from django.utils import timezone

from search.understanding.parse import parse


@pytest.mark.parametrize(
    ("what", "where", "insee", "left"),
    [
        ("et à Aussois", "Moûtiers", "73023", ""),
        ("plutôt à Vienne", "Lyon", "38544", ""),
        ("sinon vers Privas", "Aubenas", "07186", ""),
        ("ou à Die ?", "Crest", "26113", ""),
        ("pizzeria à Vienne", "Lyon", "69123", "pizzeria"),  # « Où ? » decides where more is asked
        ("Vienne", "Lyon", "69123", ""),
    ],
)
def test_a_question_that_only_goes_on_moves_to_its_place(gazetteer, what, where, insee, left):
    read = parse(gazetteer, what, where)

    assert (read.query.place.insee_code, read.what) == (insee, left or read.what)
    assert not left or read.query.words == (left,)


@pytest.mark.parametrize(
    ("typed", "insee"),
    [("Lalevade", "07127"), ("LALEVADE", "07127"), ("lalevade", "07127"), ("Xyzzyville", None)],
)
def test_the_only_town_that_begins_so_is_taken_and_said(gazetteer, typed, insee):
    read = parse(gazetteer, "pain", typed)

    assert (read.query.place.insee_code if read.query.place else None) == insee
    assert insee is None or read.read_as_place == typed


@pytest.mark.parametrize(
    ("asked", "price"),
    [
        ("j’ai pas plus de 80 €", "0-80"),
        ("moins de 20 € le kilo", "0-20"),
        ("moins de 3 euros la pièce", "0-3"),
        ("pas plus de 15 € la bouteille", "0-15"),
    ],
)
def test_a_price_alone_leaves_no_word_to_look_for(gazetteer, asked, price):
    read = parse(gazetteer, asked, "Valence")

    assert read.wishes.price == price
    assert read.query.words == ()


@pytest.mark.parametrize(
    ("asked", "hour"),
    [
        ("un qui soit ouvert le samedi aprèm", 15),
        ("ouvert samedi après-midi sans fermer à midi", 15),
        ("ouvert le lundi sans interruption", 10),
    ],
)
def test_hours_alone_leave_no_word_to_look_for(gazetteer, tuesday, asked, hour):
    read = parse(gazetteer, asked, "Valence")

    assert read.wishes.opening.moment(timezone.now(), at_table=False).hour == hour
    assert read.query.words == ()


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("louer une salle des fêtes", "loisirs"),
        ("réserver une salle polyvalente", "loisirs"),
        ("refaire ma carte grise", "services publics"),
        ("demander un permis de conduire", "services publics"),
        ("distributeur du crédit agricole", "banques"),
        ("agence caisse d’épargne", "banques"),
        ("louer des skis", ""),
        ("distributeur de pizzas", ""),
        ("refaire un fauteuil", ""),
    ],
)
def test_a_verb_before_what_is_not_of_this_site_sells_nothing(gazetteer, asked, name):
    unanswered = parse(gazetteer, asked).wishes.unanswered

    assert (name in unanswered.name) if name else unanswered is None
