"""One form for a word and its plural; words that look like plurals, and words that share a stem, stay apart."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.understanding.inflection import base_form, irregular_plurals, singular
from search.understanding.normalize import SHOPPING_WORDS, content_words, words_of
from search.understanding.terms import begun, indexed, terms, told
from search.understanding.wordlists import DATA, inflections

CASES = Path(__file__).parent / "data"


def pairs(name):
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in list(csv.reader(file))[1:]]


def lines(name):
    return [line for line in (CASES / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


PATIENTLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
PLURALS, STRANGERS = pairs("plurals.csv"), pairs("strangers.csv")


@pytest.mark.parametrize(("one", "several"), PLURALS)
def test_a_word_and_its_plural_have_the_same_terms(one, several):
    assert indexed(one) == indexed(several)
    assert indexed(one.upper()) == indexed(several)


@pytest.mark.parametrize(("asked", "stranger"), STRANGERS)
def test_words_that_share_a_stem_stay_apart(asked, stranger):
    assert indexed(asked) != indexed(stranger)


@pytest.mark.parametrize("word", [word for line in lines("uncut.txt") for word in words_of(line)])
def test_what_only_looks_like_a_plural_is_not_cut(word):
    assert base_form(word) == word


def test_the_form_of_a_form_is_itself():
    texts = [path.read_text(encoding="utf-8") for path in DATA.iterdir()]
    words = {word for text in (*texts, *map(" ".join, PLURALS)) for word in words_of(text)}
    assert len(words) > 5_000

    assert [word for word in words if singular(singular(word)) != singular(word)] == []
    assert [word for word in words if base_form(base_form(word)) != base_form(word)] == []


@PATIENTLY
@given(st.text("aeioulnrtsxz0", min_size=1, max_size=12))
def test_the_form_of_any_form_is_itself(word):
    assert singular(singular(word)) == singular(word)
    assert base_form(base_form(word)) == base_form(word)


def test_every_listed_plural_is_of_its_listed_singular():
    endings = {"ail": ("ail", "aux"), "al": ("al", "aux"), "au": ("", "x"), "eu": ("", "x"), "ou": ("", "x")}
    for rule, (dropped, plural) in {**endings, "ai": ("", "s"), "oi": ("", "s")}.items():
        for word in [words_of(written)[0] for written in inflections()[rule]]:
            assert singular(word.removesuffix(dropped) + plural) == word


def test_what_the_shop_says_in_every_question_has_both_numbers():
    assert {"tarifs", "ventes", "adresses", "boutique", "boutiques"} <= SHOPPING_WORDS


def test_irregular_plurals_are_known():
    assert irregular_plurals("oeil") == ["yeux"]
    assert irregular_plurals("pain") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pain sans gluten", "pain sans sansgluten"),
        ("Pizza sans fromage ni crème", "pizza sans sansfromage ni sanscreme"),
        ("sans aucun fromage", "sans aucun sansfromage"),
        ("sans les œufs", "sans le sansoeuf"),
        ("n’utilise pas d’œufs", "utilise pas sansoeuf"),
        ("Il n’y a pas de gluten", "il y a pas de sansgluten"),
        ("jamais de farine", "jamais de sansfarine"),
        ("sans lait de vache", "sans sanslait de sansvache"),
        ("sans traces d’arachide ou de noix", "sans sanstrace sansarachide ou de sansnoix"),
        ("sans fruits à coque", "sans sansfruit a sanscoque"),
        ("sans lactose, fromage de brebis", "sans sanslactose fromage de brebis"),
        ("À deux pas de la boulangerie", "a deux pas de le boulangerie"),
        ("au pas de la porte", "au pas de le porte"),
        ("plus de 100 fromages", "plus de 100 fromage"),
        ("pas que du pain", "pas que de pain"),
        ("sans frais", "sans sansfrais"),
        ("Sans OS ni abats", "sans sansos ni sansabat"),
        ("Martin et fils", "martin et fils"),
        ("Fils à coudre et aiguilles", "fil a coudre et aiguille"),
        ("des fils de lin", "de fil de lin"),
        ("Ferme Roux & Fils", "ferme roux fils"),
        ("sans", "sans"),
        ("", ""),
    ],
)
def test_what_is_denied_is_another_word(text, expected):
    assert indexed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Du pain sans gluten", ("pain", "sansgluten")),
        ("un cadeau sans livraison", ("cadeau",)),
        ("sans", ("sans",)),
        ("bobines de fils", ("bobines", "fil")),
        ("sansevierias", ("sansevierias",)),
    ],
)
def test_what_is_looked_for_tells_what_is_denied(text, expected):
    assert told(words_of(text)) == expected
    assert len(told(words_of(text))) == len(content_words(words_of(text)))


@PATIENTLY
@given(st.lists(st.sampled_from(words_of("sans pas de ni ou la huile olive fromages a coque jamais aucun trace"))))
def test_each_word_has_one_term(words):
    assert len(terms(words)) == len(words)
    assert len(told(words)) == len(content_words(words))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["petits", "chevau"], (["petit"], "chevau", ["cheval"])),
        (["yeu"], ([], "yeu", ["oeil"])),
        (["gateaux"], ([], "gateaux", ["gateau"])),
        (["sans", "glu"], (["sans"], "sansglu", [])),
    ],
)
def test_a_word_begun_may_be_its_plural(typed, expected):
    assert begun(typed) == expected
