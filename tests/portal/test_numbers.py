"""Numbers as the French write them, in forms."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from portal.numbers import FrenchDecimalField, FrenchIntegerField

PRICE = FrenchDecimalField(decimal_places=2, max_digits=8, min_value=Decimal("0.01"), fixed=True)
KILOS = FrenchDecimalField(decimal_places=6, max_digits=12, min_value=Decimal("0.000001"))
COUNT = FrenchIntegerField(min_value=0, max_value=100_000)


@pytest.mark.parametrize(
    ("typed", "price"),
    [
        ("1 250,00", "1250.00"),
        ("1\u00a0250,00", "1250.00"),
        ("1\u202f250,00", "1250.00"),
        ("1\u2009250,00", "1250.00"),
        ("1\u202f250,00\u00a0€", "1250.00"),
        ("1.250,00", "1250.00"),
        ("1,250.00", "1250.00"),
        ("1'250.00", "1250.00"),
        ("12 345,6", "12345.60"),
        ("8,40 €", "8.40"),
        ("8,40€", "8.40"),
        ("8€40", "8.40"),
        ("8 € 40", "8.40"),
        ("€ 8.40", "8.40"),
        ("8,40 euros", "8.40"),
        ("8,40 EUR TTC", "8.40"),
        ("8.40", "8.40"),
        ("8,4", "8.40"),
        ("8", "8.00"),
        ("8,", "8.00"),
        (",50", "0.50"),
        ("0,500", "0.50"),
        ("\uff18\uff0c\uff14\uff10", "8.40"),
        ("\u200b8,40", "8.40"),
        ("8, 40", "8.40"),
        ("8 , 40 €", "8.40"),
        ("1 250 , 00", "1250.00"),
        ("EUR 8,40", "8.40"),
        ("8,40 € TTC.", "8.40"),
        ("1," + "0" * 35, "1.00"),
    ],
)
def test_a_price_is_read_as_people_write_it(typed, price):
    assert str(PRICE.clean(typed)) == price


@pytest.mark.parametrize(
    ("typed", "kilos"),
    [("0,0005", "0.0005"), ("0.0005", "0.0005"), ("1,250", "1.25"), ("0.250", "0.25"), ("0,3", "0.3"), ("6,0", "6")],
)
def test_a_quantity_may_have_many_decimals(typed, kilos):
    assert KILOS.clean(typed) == Decimal(kilos)


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("1 000", 1000),
        ("1\u202f000", 1000),
        ("1\u00a0000", 1000),
        ("6,0", 6),
        ("6.0", 6),
        ("6,00", 6),
        (" 12 ", 12),
        ("0", 0),
        ("1.250", 1250),
        ("10 000,0", 10_000),
    ],
)
def test_a_whole_number_is_read_as_people_write_it(typed, count):
    assert COUNT.clean(typed) == count


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        (PRICE, "1.250", "«\u00a01.250\u00a0» peut se lire de deux façons\u00a0: écrivez 1250 ou 1,25."),
        (PRICE, "1,250", "«\u00a01,250\u00a0» peut se lire de deux façons\u00a0: écrivez 1250 ou 1,25."),
        (COUNT, "1.000", "«\u00a01.000\u00a0» peut se lire de deux façons\u00a0: écrivez 1000 ou 1."),
        (KILOS, "1.250", "«\u00a01.250\u00a0» peut se lire de deux façons\u00a0: écrivez 1250 ou 1,25."),
        (PRICE, "8,405", "Pas plus de 2 chiffres après la virgule."),
        (PRICE, "0", "Écrivez au moins 0,01."),
        (PRICE, "-8,40", "Écrivez au moins 0,01."),
        (PRICE, "\u22128,40", "Écrivez au moins 0,01."),
        (PRICE, "12 50", "Écrivez un nombre, par exemple 8,40."),
        (PRICE, "huit", "Écrivez un nombre, par exemple 8,40."),
        (PRICE, "1e3", "Écrivez un nombre, par exemple 8,40."),
        (PRICE, "NaN", "Écrivez un nombre, par exemple 8,40."),
        (PRICE, "8" * 50, "Écrivez un nombre, par exemple 8,40."),
        (PRICE, "1 000 000", "Ce nombre est trop grand\u00a0: 8 chiffres au plus."),
        (COUNT, "6,5", "Écrivez un nombre entier, en chiffres, par exemple 12."),
        (COUNT, "-1", "Écrivez au moins 0."),
        (COUNT, "1 000 000", "Écrivez au plus 100000."),
    ],
)
def test_a_refusal_says_how_to_write_it(field, typed, reason):
    with pytest.raises(ValidationError) as refusal:
        field.clean(typed)
    assert refusal.value.messages == [reason]


@pytest.mark.parametrize(
    ("field", "stored", "shown"),
    [
        (PRICE, Decimal("8.40"), "8,40"),
        (PRICE, Decimal("1250.00"), "1250,00"),
        (PRICE, Decimal("0.50"), "0,50"),
        (KILOS, Decimal("0.000500"), "0,0005"),
        (KILOS, Decimal("1.250000"), "1,25"),
        (KILOS, Decimal("1.234000"), "1,234"),
        (KILOS, Decimal("1.000000"), "1"),
        (KILOS, Decimal("100.000000"), "100"),
        (COUNT, 1000, 1000),
    ],
)
def test_what_is_shown_reads_back_unchanged(field, stored, shown):
    assert field.prepare_value(stored) == shown
    assert field.clean(str(shown)) == stored
    assert not field.has_changed(stored, str(shown))


@pytest.mark.parametrize("typed", ["8€4", "1€250", "1 € 250", "8 € 405", "12²", "²12", "8½", "①", "8,40 5", "1, 2, 3"])
@pytest.mark.parametrize("field", [PRICE, KILOS, COUNT])
def test_what_stands_between_digits_does_not_glue_them_together(field, typed):
    with pytest.raises(ValidationError, match="Écrivez un nombre"):
        field.clean(typed)


@pytest.mark.parametrize("typed", ["9" * 27, "9" * 30, "9" * 40, f"{'9' * 20},{'9' * 19}"])
@pytest.mark.parametrize("field", [PRICE, KILOS, COUNT])
def test_a_number_too_long_to_count_with_is_refused_in_words(field, typed):
    with pytest.raises(ValidationError, match=r"trop grand|au plus|Pas plus|Écrivez un nombre"):
        field.clean(typed)
