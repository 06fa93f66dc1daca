"""One rule of telephone numbers, however people paste them."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from portal.phone import PhoneFormField, any_phone, french_phone, international, telephone_url
from tests.tables import rows

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("read", [french_phone, any_phone])
@pytest.mark.parametrize(("typed", "stored"), rows(DATA / "phones.tsv"))
def test_a_french_number_is_read_as_people_paste_it(read, typed, stored):
    assert read(typed) == stored
    assert read(stored) == stored


@pytest.mark.parametrize(("number", "url"), rows(DATA / "phone-links.tsv"))
def test_a_number_can_be_dialled_from_abroad(number, url):
    assert telephone_url(number) == url


@pytest.mark.parametrize(
    ("typed", "stored", "url"),
    [
        ("+41 22 700 00 00", "+41 22 700 00 00", "tel:+41227000000"),
        ("(0041) 22 700 00 00", "+41 22 700 00 00", "tel:+41227000000"),
        ("+41 (0)22 700 00 00", "+41 22 700 00 00", "tel:+41227000000"),
        ("+39 06 6988 2222", "+39 06 6988 2222", "tel:+390669882222"),
        ("\u202a+49 1512 3456789\u202c", "+49 1512 3456789", "tel:+4915123456789"),
        ("+262 692 12 34 56", "+262 692 12 34 56", "tel:+262692123456"),
    ],
)
def test_a_shopper_may_have_a_foreign_number(typed, stored, url):
    assert any_phone(typed) == stored
    assert telephone_url(stored) == url
    with pytest.raises(ValidationError, match="Écrivez un numéro français"):
        french_phone(typed)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("04 75 64 01", "dix chiffres"),
        ("04 75 64 01 01 01", "dix chiffres"),
        ("00 00 00 00 00", "dix chiffres"),
        ("au fournil", "dix chiffres"),
        ("-", "dix chiffres"),
        ("\u200b", "dix chiffres"),
        ("3949", "ni numéro court"),
        ("118 218", "ni numéro court"),
        ("04 75 64 01 01 / 06 39 98 21 40", "un seul numéro"),
        ("04 75 64 01 01 ou 06 39 98 21 40", "un seul numéro"),
        ("04 75 64 01 01, demander Maud", "un seul numéro"),
        ("04 75 64 01 0²", "un seul numéro"),
        ("4,75640E+08", "Le tableur a arrondi ce numéro"),
        ("4,7564E+08", "Le tableur a arrondi ce numéro"),
    ],
)
def test_what_is_no_french_number_is_refused_with_the_way_to_mend_it(typed, reason):
    with pytest.raises(ValidationError, match=reason):
        french_phone(typed)


@pytest.mark.parametrize("typed", ["06 39", "+", "abc", "41 22 700 00 00", "+33 6 39"])
def test_a_shopper_s_half_number_is_refused(typed):
    with pytest.raises(ValidationError, match="Écrivez les dix chiffres"):
        any_phone(typed)


@pytest.mark.parametrize("typed", ["+41 22", "0041 22", "(+41) 15"])
def test_half_a_foreign_number_is_refused(typed):
    with pytest.raises(ValidationError, match="avec son indicatif et en entier"):
        any_phone(typed)


def test_no_number_is_no_number():
    assert (french_phone(""), any_phone(" "), international("")) == ("", "", "")


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("04 75 21 00 00", "+33 4 75 21 00 00"),
        ("0475210000", "+33 4 75 21 00 00"),
        ("+41 22 700 00 00", "+41 22 700 00 00"),
        ("3949", "3949"),
        ("chez Maud", "chez Maud"),
    ],
)
def test_machines_are_told_the_whole_number(stored, told):
    assert international(stored) == told


def test_a_form_takes_all_that_comes_along_with_a_pasted_number():
    assert PhoneFormField().clean("\u202aTéléphone :\u202f+33\u00a0(0)4\u00a075\u00a064\u00a001\u00a001\u202c") == (
        "04 75 64 01 01"
    )
