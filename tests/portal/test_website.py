"""Addresses of websites as people type them."""

import pytest
from django.core.exceptions import ValidationError

from portal.website import website


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("fournil.example", "https://fournil.example"),
        ("www.fournil.example/pain?x=1", "https://www.fournil.example/pain?x=1"),
        ("http://fournil.example", "http://fournil.example"),
        ("//fournil.example", "https://fournil.example"),
        (" \u200bhttps://fournil.example ", "https://fournil.example"),
        ("https://medias.example/@fournil", "https://medias.example/@fournil"),
        ("medias.example/@fournil", "https://medias.example/@fournil"),
        ("“www.fournil.example”", "https://www.fournil.example"),
        ("«\u00a0fournil.example\u00a0»", "https://fournil.example"),
        ("<https://fournil.example>", "https://fournil.example"),
        ("'fournil.example'", "https://fournil.example"),
        ('"https://fournil.example/"', "https://fournil.example/"),
    ],
)
def test_a_website_gets_its_scheme(typed, stored):
    assert website(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "contact@fournil.example",
        "https://contact@fournil.example",
        "http://contact@fournil.example/",
        "mailto:contact@fournil.example",
        "mailto:contact@fournil.example?subject=Pain",
        "MAILTO:contact@fournil.example?cc=a@b.example",
        "<contact@fournil.example>",
        "\u202acontact@fournil.example\u202c",
    ],
)
def test_an_email_address_is_told_apart(typed):
    with pytest.raises(ValidationError, match="C’est une adresse électronique"):
        website(typed)


@pytest.mark.parametrize(
    "typed", ["au fournil", "fournil", "javascript://alert(1)", "ftp://fournil.example", "https://"]
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ValidationError, match="Écrivez une adresse entière"):
        website(typed)
