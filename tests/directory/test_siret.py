"""One establishment, one page: the SIRET is read as people paste it, and kept as fourteen digits."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from directory.models import MerchantPage
from directory.siret import written_siret
from tests.tables import rows

PASTED = rows(Path(__file__).parent / "data/siret.tsv")


@pytest.mark.parametrize(("typed", "stored"), PASTED)
def test_a_siret_is_read_as_people_paste_it(typed, stored):
    assert written_siret(typed) == stored
    assert written_siret(stored) == stored


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("7,32829E+13", "Le tableur a arrondi ce SIRET"),
        ("7.32829320001E+13", "Le tableur a arrondi ce SIRET"),
        ("7328293200007", "nous en comptons 13"),
        ("732 829 320 00075", "un chiffre est sans doute faux"),
        ("00000000000000", "Ce numéro n’existe pas"),
        ("000 000 000 00018", "Ce numéro n’existe pas"),
        ("7328293200007²", "ne contient que des chiffres"),
        ("SIRET", "ne contient que des chiffres"),
        ("FR 732 829 320 00074", "ne contient que des chiffres"),
        ("\u200b", "ne contient que des chiffres"),
        ("1234567400019", "nous en comptons 13"),
    ],
)
def test_what_is_no_siret_is_refused_with_the_way_to_mend_it(typed, reason):
    with pytest.raises(ValidationError, match=reason):
        written_siret(typed)


@pytest.mark.parametrize("typed", ["1234567400019", "1234567400019.0", "'1234567400019"])
def test_zeros_that_a_spreadsheet_ate_are_given_back_where_that_makes_a_siret(typed):
    assert written_siret(typed, may_lack_zeros=True) == "01234567400019"
    with pytest.raises(ValidationError):
        written_siret("7328293200007", may_lack_zeros=True)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [typed for typed, _ in PASTED])
def test_one_establishment_has_one_page_however_its_number_is_written(bakery, cheesemonger, typed):
    cheesemonger.siret = typed

    with pytest.raises(ValidationError, match="SIRET"):
        cheesemonger.full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize("stored", ["732829320 0007", "７３２８２９３２００００７４", "7328293200007", ""])
def test_the_database_holds_nothing_but_fourteen_digits(bakery, stored):
    with pytest.raises(IntegrityError, match="siret_of_14_digits"), transaction.atomic():
        MerchantPage.objects.filter(pk=bakery.pk).update(siret=stored)
