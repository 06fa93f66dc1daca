"""Numbers as the French write them, in forms: « 1 250,00 », « 8,40 € », « 6,0 ».

A comma before three digits is decimal where three decimals make sense, and so is a point or comma after a lone zero.
Where « 1.250 » may mean 1 250 as well as 1,25, the field asks instead of guessing.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from portal.text import clean, folded

LONGEST_TYPED = 40  # characters

# Before or after the number only: « 8€4 » is not 84.
_CURRENCY = re.compile(r"^(?:€|eur(?:os?)?\b)|(?:€|eur(?:os?)?\b)(?:\s*ttc\b)?\.?$", re.IGNORECASE)
_CENTS_AFTER_SIGN = re.compile(r"([+-]?\d[\d ]*)\s*(?:€|euros?)\s*(\d\d)", re.IGNORECASE)  # 8€40
_SPACED_MARK = re.compile(r"(?<=\d) ?([.,]) ?(?=\d)")  # « 8, 40 », as telephones' keyboards space a comma
_GROUPS = re.compile(r"[+-]?\d{1,3}(?:([ '.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d*)?")  # 1 250,00 and 1.250.000
_PLAIN = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)")
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # 1.250: one and a quarter, or twelve hundred and fifty


def read_number(typed: str, decimals: int) -> Decimal:
    """Return the number that people write in French or copy from elsewhere.

    decimals: how many make sense. With three or more, « 1,250 » is one and a quarter; with none, « 1.250 » is 1 250.
    Raise ValueError for what is no number, Ambiguous for what may be two.
    """
    text = folded(typed).replace("−", "-").replace("’", "'").strip()
    if cents := _CENTS_AFTER_SIGN.fullmatch(text):
        text = f"{cents[1].strip()},{cents[2]}"
    text = " ".join(_CURRENCY.sub("", text).split())
    text = _SPACED_MARK.sub(r"\1", re.sub(r"^([+-]) ", r"\1", text))
    if _EITHER.fullmatch(text) and not ("," in text and decimals >= 3):
        grouped, parted = re.sub("[.,]", "", text), text.replace(".", ",").rstrip("0").rstrip(",")
        if len(parted.partition(",")[2]) <= decimals:
            raise Ambiguous(grouped, parted)
        if not decimals:
            return Decimal(grouped)
    if not _PLAIN.fullmatch(text):
        if not _GROUPS.fullmatch(text):
            raise ValueError(typed)
        kinds = re.findall("[.,]", text)
        last = kinds[-1] if kinds and kinds.count(kinds[-1]) == 1 else ""  # repeated, it parts thousands
        whole, _, rest = text.rpartition(last) if last else (text, "", "")
        text = re.sub(r"[ '.,]", "", whole) + f".{rest or 0}"
    return Decimal(text.replace(",", "."))


class Ambiguous(ValueError):
    """A text that may be two numbers. grouped, parted: how to write each without doubt."""

    def __init__(self, grouped: str, parted: str) -> None:
        super().__init__(grouped)
        self.grouped, self.parted = grouped, parted


class _FrenchNumber:
    """What both fields share: a text box, whose initial value reads back as it is."""

    decimals: int
    has_thousands = True

    def _say_limits(self) -> None:
        """Put the limits in words, and write them as the French do."""
        words = {MinValueValidator: "au moins", MaxValueValidator: "au plus"}
        for validator in self.validators:  # type: ignore[attr-defined]
            if word := words.get(type(validator)):
                validator.message = f"Écrivez {word} {str(validator.limit_value).replace('.', ',')}."

    def _read(self, value: Any) -> Decimal | None:
        typed = str(value).strip() if value is not None else ""
        if not typed:
            return None
        if len(typed) > LONGEST_TYPED:
            raise ValidationError(self.error_messages["invalid"], code="invalid")  # type: ignore[attr-defined]
        try:
            return read_number(typed, self.decimals)
        except Ambiguous as either:
            if not self.has_thousands:
                return Decimal(either.parted.replace(",", "."))
            raise ValidationError(
                f"«\u00a0{clean(typed)}\u00a0» peut se lire de deux façons\u00a0: "
                f"écrivez {either.grouped} ou {either.parted}.",
                code="ambiguous",
            ) from either
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error  # type: ignore[attr-defined]


class FrenchDecimalField(_FrenchNumber, forms.DecimalField):
    """A decimal number.

    fixed: whether all its decimals are shown, as a price has them (8,40), or only those it needs (0,5). has_thousands:
    whether it may be so large that « 44.735 » has to be asked about.
    """

    default_error_messages = {
        "invalid": "Écrivez un nombre, par exemple 8,40.",
        "max_decimal_places": "Pas plus de %(max)s chiffres après la virgule.",
        "max_digits": "Ce nombre est trop grand\u00a0: %(max)s chiffres au plus.",
        "max_whole_digits": "Ce nombre est trop grand\u00a0: %(max)s chiffres au plus avant la virgule.",
    }

    def __init__(self, *, decimal_places: int, fixed: bool = False, has_thousands: bool = True, **kwargs: Any) -> None:
        self.decimals, self.fixed, self.has_thousands = decimal_places, fixed, has_thousands
        kwargs.pop("localize", None)
        kwargs["widget"] = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(decimal_places=decimal_places, **kwargs)
        self._say_limits()

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return what is typed; zeros at the end are no decimals, so that 8,400 € is 8,40 €."""
        number = value if isinstance(value, Decimal) else self._read(value)
        if number is None:
            return None
        try:
            rounded = number.quantize(Decimal(1).scaleb(-self.decimals))
        except InvalidOperation:  # more digits than Decimal counts with: the limits of the field refuse it
            return number
        return rounded if rounded == number else number

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal | int | float) or isinstance(value, bool):
            return value
        written = f"{Decimal(str(value)):.{self.decimals}f}"
        if not self.fixed and "." in written:
            written = written.rstrip("0").rstrip(".")
        return written.replace(".", ",")


class FrenchIntegerField(_FrenchNumber, forms.IntegerField):
    """A whole number: « 1 000 », and « 6,0 » as spreadsheets write it."""

    decimals = 0
    default_error_messages = {
        "invalid": "Écrivez un nombre entier, en chiffres, par exemple 12.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(**kwargs)
        self._say_limits()

    def to_python(self, value: Any) -> int | None:
        number = self._read(value)
        if number is None:
            return None
        if number != int(number):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)
