"""Text without the characters nobody sees."""

import unicodedata

import pytest
from django import forms

from portal.text import clean, is_rounded, pasted_code

KEPT = [
    "Pain au levain.\nCuit au bois.",
    "1\u202f250,00\u00a0€",
    "«\u00a0Le Fournil\u00a0»\u202f!",
    "👩\u200d🌾 et ❤\ufe0f\u200d🔥",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "a\tb",
    "L’été à Œting, ß",
    "क्\u200dष",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_seen_stays(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Il chauffe.\vDoucement.", "Il chauffe. Doucement."),
        ("Il chauffe.\fDoucement.", "Il chauffe. Doucement."),
        ("Le\vFournil", "Le Fournil"),
        ("Le\x00 Four\x1fnil\x7f", "Le Fournil"),
        ("Le\x80\x9fFournil", "LeFournil"),
        ("un\r\ndeux\rtrois\u2028quatre\u2029cinq\x85six", "un\ndeux\ntrois\nquatre\ncinq\nsix"),
        ("\u202ale Fournil\u202c\u200e", "le Fournil"),
        ("le\u200b Four\u00adnil\ufeff", "le Fournil"),
        ("abc\u200ddef\u200c", "abcdef"),
        ("le\ud800Fournil\udc00", "leFournil"),
        ("le\ufffeFour\U0001ffffnil\ufdd0", "leFournil"),
        ("e\u0301te\u0301", "été"),
        ("\u2067bon\u2069", "bon"),
    ],
)
def test_what_nobody_sees_goes(typed, kept):
    assert clean(typed) == kept
    assert clean(kept) == kept


def test_cleaning_twice_changes_nothing_more():
    signs = [chr(code) for code in range(0x3000)] + ["\ud800", "\ufeff", "👩", "é"]
    for first in signs:
        text = clean(f"a{first}\u200d{first}\r{first}e\u0301")
        assert clean(text) == text
        assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize(
    "code", ['="07000"', "'07000", "\u200b07000\u00a0", "\uff10\uff17\uff10\uff10\uff10", " 07000 "]
)
def test_a_code_is_what_it_was_before_a_spreadsheet(code):
    assert pasted_code(code) == "07000"


@pytest.mark.parametrize("code", ["7,32829E+13", "7.32829E13", "7E+13"])
def test_a_rounded_number_is_told_apart(code):
    assert is_rounded(code)
    assert not is_rounded("73282932000074")


class Form(forms.Form):
    """One of each box that people type in."""

    line = forms.CharField(required=False)
    lines = forms.CharField(widget=forms.Textarea, required=False)
    link = forms.URLField(assume_scheme="https", required=False)
    secret = forms.CharField(widget=forms.PasswordInput, strip=False, required=False)
    needed = forms.CharField()


def test_every_form_cleans_its_text():
    form = Form(
        {
            "line": "Le\vFournil\u2028des Mines\u200b",
            "lines": "un\r\ndeux\u2028trois\f",
            "link": "\u202ahttps://fournil.example\u202c",
            "secret": "se\u200bcret e\u0301",
            "needed": "x",
        }
    )

    assert form.is_valid()
    assert form.cleaned_data["line"] == "Le Fournil des Mines"
    assert form.cleaned_data["lines"] == "un\ndeux\ntrois"
    assert form.cleaned_data["link"] == "https://fournil.example"
    assert form.cleaned_data["secret"] == "se\u200bcret e\u0301"


def test_a_text_of_nothing_that_is_seen_is_no_text():
    assert "needed" in Form({"needed": "\u200b\ufeff\v"}).errors
