"""Telephone numbers: read as people paste them, stored as they are dialled, linked as machines want them.

A French number is stored as "04 75 64 01 01", any other as "+41 22 700 00 00". The library phonenumbers reads them;
what it cannot know (labels, unseen characters, what spreadsheets do to digits) goes before.
"""

import re
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from portal.text import is_rounded, pasted_code

FRANCE, REGION = 33, "FR"
LONGEST_TYPED = 60  # characters: « Tél. : +33 (0)4 75 64 01 01 », and what comes along unseen
LONGEST_STORED = 20
STORED_FRENCH = r"^0[1-9]( [0-9]{2}){4}$"  # PostgreSQL's and Python's

TEN_DIGITS = "Un numéro français compte dix chiffres, par exemple 04 75 64 01 01."
ROUNDED = (
    "Le tableur a arrondi ce numéro\u00a0: mettez sa colonne au format «\u00a0Texte\u00a0», puis exportez de nouveau."
)
ONE_ONLY = f"Écrivez un seul numéro, sans autre mot. {TEN_DIGITS}"
FRENCH_ONLY = f"Écrivez un numéro français\u00a0: ni numéro étranger, ni numéro court. {TEN_DIGITS}"
UNKNOWN = "Écrivez les dix chiffres, par exemple 06 39 98 21 40."
NOT_WHOLE = "Écrivez un numéro étranger avec son indicatif et en entier, par exemple +41 22 700 00 00."

_LABEL = re.compile(
    r"(?:t[ée]l(?:[ée]phone)?|phone|mobile|portable|port|fixe|gsm|num[ée]ro|no|standard|accueil|boutique|magasin|"
    r"atelier|bureau|domicile|\bt(?=\s?[.:]))\b\.?\s*:?|n°",
    re.I,
)
_DRAWN = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff\ufe0e\ufe0f]")  # ☎ and its like, as pages show them
_DECIMAL = re.compile(r"(\+?(?:\d ?){9,15})[.,]0+")  # a column of numbers, saved with decimals
_FOREIGN = re.compile(r"\(?(?:\+|00)\s*(?!33)[1-9]")
_SHORT = re.compile(r"1\d{1,2}|[13]\d{3}|11[68]\d{3}")  # 15, 115, 3949, 118 218
_NUMBER = re.compile(r"[\d+][\d\s.,:|·•/\\_()\[\]\-‐-―−]*")


def french_phone(typed: str) -> str:
    """Return a French number as it is dialled in France; "" stays "".

    "+33 (0)4 75 64 01 01", "0033475640101", "475640101" (a spreadsheet ate the zero) are all "04 75 64 01 01".
    Raise ValidationError, saying how to mend it, for anything else: short and foreign numbers too.
    """
    number = _read(typed, TEN_DIGITS)
    if number is None:
        return ""
    if number.country_code != FRANCE or _SHORT.fullmatch(re.sub(r"\D", "", pasted_code(typed))):
        raise ValidationError(FRENCH_ONLY)
    if not _has_nine_digits(number):
        raise ValidationError(TEN_DIGITS)
    return _stored(number)


def any_phone(typed: str) -> str:
    """Return a French number as ``french_phone`` does, or that of any country as "+41 22 700 00 00"; "" stays "".

    Raise ValidationError, saying how to mend it, unless it has the length of its country's numbers.
    """
    refusal = NOT_WHOLE if _FOREIGN.match(_undressed(typed)) else UNKNOWN
    number = _read(typed, refusal)
    if number is None:
        return ""
    is_whole = _has_nine_digits(number) if number.country_code == FRANCE else phonenumbers.is_possible_number(number)
    if not is_whole:
        raise ValidationError(refusal)
    return _stored(number)


def telephone_url(stored: str) -> str:
    """Return the tel: address of a number (RFC 3966): "04 65 71 01 14" -> "tel:+33465710114".

    A short number has no international form; it keeps its digits, as does what can't be read in older rows.
    """
    number = _dialled_from_abroad(stored)
    return f"tel:{_formatted(number, PhoneNumberFormat.E164) if number else re.sub(r'[^0-9+]', '', stored)}"


def international(stored: str) -> str:
    """Return a number as machines want it: "04 75 21 00 00" -> "+33 4 75 21 00 00"; else what is stored."""
    number = _dialled_from_abroad(stored)
    return _formatted(number, PhoneNumberFormat.INTERNATIONAL) if number else stored


def _dialled_from_abroad(stored: str) -> PhoneNumber | None:
    try:
        number = _parsed(_undressed(stored))
    except NumberParseException:
        return None
    return number if _has_nine_digits(number) or number.country_code != FRANCE else None


def _formatted(number: PhoneNumber, form: int) -> str:
    return phonenumbers.format_number(number, form)


def _read(typed: str, refusal: str) -> PhoneNumber | None:
    text = _undressed(typed)
    if not text:
        if typed.strip():
            raise ValidationError(refusal)
        return None
    if is_rounded(text):
        raise ValidationError(ROUNDED)
    if not _NUMBER.fullmatch(text.lstrip("([")):
        raise ValidationError(ONE_ONLY if re.search(r"\d{2}.*\d{2}.*\d{2}", text) else refusal)
    if len(re.sub(r"\D", "", text)) > 17:
        raise ValidationError(ONE_ONLY)
    try:
        return _parsed(text)
    except NumberParseException as error:
        raise ValidationError(refusal) from error


def _undressed(typed: str) -> str:
    text = _LABEL.sub("", _DRAWN.sub("", pasted_code(typed))).strip(" \t\n:.,;-")
    decimal = _DECIMAL.fullmatch(text)
    return decimal[1] if decimal else text


def _parsed(text: str) -> PhoneNumber:
    return phonenumbers.parse(re.sub(r"[^\d+]", "", text.replace("(0)", "")), REGION)


def _has_nine_digits(number: PhoneNumber) -> bool:
    """Return whether it is French by its length: ARCEP opens ranges faster than the library learns of them."""
    return bool(re.fullmatch(r"[1-9]\d{8}", str(number.national_number)))


def _stored(number: PhoneNumber) -> str:
    if number.country_code == FRANCE:
        return " ".join(re.findall("..", f"0{number.national_number}"))
    written = _formatted(number, PhoneNumberFormat.INTERNATIONAL)
    return written if len(written) <= LONGEST_STORED else _formatted(number, PhoneNumberFormat.E164)


class PhoneFormField(forms.CharField):
    """A text box for a telephone number; its value is what is stored.

    foreign: whether numbers of other countries are taken.
    """

    def __init__(self, *, foreign: bool = False, **kwargs: Any) -> None:
        self.foreign = foreign
        kwargs.setdefault("max_length", LONGEST_TYPED)
        kwargs.setdefault("widget", forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return any_phone(typed) if self.foreign else french_phone(typed)
