"""Names in addresses."""

import pytest

from portal.slugs import is_automatic, slug_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Œufs bio", "oeufs-bio"),
        ("ŒUFS BIO", "oeufs-bio"),
        ("Au Bœuf qui rit", "au-boeuf-qui-rit"),
        ("Chez Sœur Anne", "chez-soeur-anne"),
        ("Confiture de l'été", "confiture-de-l-ete"),
        ("Confiture de l’été", "confiture-de-l-ete"),
        ("Cæsar & Straße", "caesar-strasse"),
        ("Smørrebrød de Łódź", "smorrebrod-de-lodz"),
        ("L'Épi d'Or", "l-epi-d-or"),
        ("e\u0301te\u0301", "ete"),
        ("2,5 kg — promo !", "25-kg-promo"),
        ("Борщ", "borshch"),
        ("Le Fournil 🍞", "le-fournil"),
        ("  -- ", ""),
    ],
)
def test_an_address_says_the_name_in_ascii(text, slug):
    assert slug_of(text) == slug
    assert slug_of(slug) == slug


@pytest.mark.parametrize("slug", ["", "confiture-de-lete", "confiture-de-l-ete"])
def test_an_address_nobody_chose_is_told_apart(slug):
    assert is_automatic(slug, "Confiture de l'été")
    assert not is_automatic("la-confiture", "Confiture de l'été")
