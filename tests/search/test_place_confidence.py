"""One question for each rule that says whether a name of a place is meant."""

import pytest

from search.understanding.normalize import words_of
from search.understanding.place_confidence import RULES, Span, rule_of
from search.understanding.place_mentions import _edges

# (rule, question, words that name a place, the likeliest place they name)
EXAMPLES = [
    ("kind of place", "boulangerie dans le quartier des Ormes", "le quartier", "Le Quartier"),
    ("department", "plombier 03", "03", "Allier"),
    ("quantity", "taille 38", "38", "Isère"),
    ("near", "vignerons autour de Beaujeu", "beaujeu", "Beaujeu"),
    ("area of", "boulangerie ville de Privas", "privas", "Privas"),
    ("postal code", "matelas 63000", "63000", "Clermont-Ferrand"),
    ("at, with the town's article", "boulangerie au Puy", "puy", "Le Puy-en-Velay"),
    ("at an everyday word", "boulangerie à Champs", "champs", "Champs"),
    ("in an everyday word", "pain cuit au four", "four", "Four"),
    ("at", "noix à Grenoble", "grenoble", "Grenoble"),
    ("part of a good", "couteau de Thiers", "thiers", "Thiers"),
    ("village of a good", "saint-nectaire fermier", "saint nectaire", "Saint-Nectaire"),
    ("everyday part of a good", "auberge de montagne", "montagne", "Montagne"),
    ("good of a department", "beaufort dans le 38", "beaufort dans le 38", "Beaufort"),
    ("everyday word of something", "cours de cuisine", "cours", "Cours"),
    ("good of its village", "Salers", "salers", "Salers"),
    ("everyday word", "chapeau", "chapeau", "Chapeau"),
    ("small town that is a word", "Vals-les-Bains", "bains", "Bains"),
    ("of, after a trade", "boulangerie de Rives", "rives", "Rives"),
    ("of", "pays de Gex", "gex", "Gex"),
    ("last", "imprimerie Langeac", "langeac", "Langeac"),
    ("first", "Velanne boulangerie", "velanne", "Velanne"),
    ("known, in between", "plombier Lyon urgence fuite", "lyon", "Lyon"),
    ("unknown, in between", "plombier Alix urgence fuite", "alix", "Alix"),
]


@pytest.mark.parametrize(("rule", "question", "name", "place"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_the_rule_that_decides(gazetteer, rule, question, name, place):
    words, named = words_of(question), words_of(name)
    start = next(i for i in range(len(words)) if list(words[i : i + len(named)]) == list(named))
    (found, *_) = gazetteer.find(named)

    decides = rule_of(Span(gazetteer, question, words, start, start + len(named), found, _edges(words)))

    assert (decides.name, found.name) == (rule, place)


def test_every_rule_has_an_example():
    assert [example[0] for example in EXAMPLES] == [rule.name for rule in RULES]
