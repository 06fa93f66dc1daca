"""SIRET numbers, the identity of an establishment: read as people paste them, stored as fourteen digits."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from stdnum.exceptions import InvalidChecksum, InvalidComponent
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siret as stdnum_siret

from portal.text import is_rounded, pasted_code

LENGTH = 14
LONGEST_TYPED = 60  # with its spaces, and what comes along unseen
STORED = r"^[0-9]{14}$"  # PostgreSQL's and Python's

NOT_DIGITS = "Un SIRET ne contient que des chiffres, par exemple 732 829 320 00074."
ROUNDED = (
    "Le tableur a arrondi ce SIRET\u00a0: ses derniers chiffres sont perdus. Reprenez-le, mettez la colonne au format "
    "«\u00a0Texte\u00a0», puis exportez de nouveau."
)
CHECKSUM = "checksum"
WITHOUT_CHECKSUM = ("88974287600009",)  # numbers of the register whose checksum is wrong
NOT_EXISTING = "Ce numéro n’existe pas : un chiffre est sans doute faux ou interverti."
_LABEL = re.compile(r"\b(?:n[°o]|num[ée]ro|de|siret|siren|nic)(?![^\W\d_])", re.IGNORECASE)
_DECIMAL = re.compile(r"[.,]0+$")  # a column of numbers, saved with decimals
_BETWEEN = re.compile(r"[\s.,:;()|·•\-‐-―_/]")


def grouped(siret: str) -> str:
    """Return fourteen digits as official papers print them: "732 829 320 00074"; "" stays ""."""
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}" if siret else ""


def written_siret(typed: str, may_lack_zeros: bool = False) -> str:
    """Return the fourteen digits of a SIRET as people paste it: "732 829 320 00074" is "73282932000074"; "" stays "".

    may_lack_zeros: whether a spreadsheet may have dropped leading zeros; they are given back where that makes a
    valid number. Raise ValidationError, saying how to mend it, for anything else; where the checksum alone is wrong,
    its code is CHECKSUM.

    Source: INSEE, Luhn's checksum over 14 digits; La Poste's establishments have their own rule.
    """
    digits = typed_digits(typed, may_lack_zeros)
    if not digits or digits in WITHOUT_CHECKSUM:
        return digits
    try:
        stdnum_siret.validate(digits)
    except (InvalidChecksum, InvalidComponent) as error:
        raise ValidationError(NOT_EXISTING, CHECKSUM) from error
    except StdnumError as error:
        raise ValidationError("Ce SIRET n’est pas valide.") from error
    return digits


def typed_digits(typed: str, may_lack_zeros: bool = False) -> str:
    """Return the fourteen digits that somebody pasted, whatever their checksum; "" stays "".

    Raise ValidationError for anything else. may_lack_zeros: as for ``written_siret``.
    """
    text = pasted_code(typed)
    if is_rounded(text):
        raise ValidationError(ROUNDED)
    digits = _BETWEEN.sub("", _DECIMAL.sub("", _LABEL.sub("", text)))
    if not digits:
        if typed.strip():
            raise ValidationError(NOT_DIGITS)
        return ""
    if not re.fullmatch("[0-9]+", digits):
        raise ValidationError(NOT_DIGITS)
    if may_lack_zeros and 10 <= len(digits) < LENGTH and stdnum_siret.is_valid(digits.zfill(LENGTH)):
        return digits.zfill(LENGTH)
    if len(digits) != LENGTH:
        raise ValidationError(f"Un SIRET compte 14 chiffres : nous en comptons {len(digits)}.")
    if int(digits[:9]) == 0:  # its checksum is right
        raise ValidationError(NOT_EXISTING)
    return digits


def validate_siret(value: str) -> None:
    """Raise ValidationError, saying how to mend it, unless ``value`` is a SIRET as people paste it."""
    written_siret(value)


class SiretFormField(forms.CharField):
    """A text box for a SIRET; its value is the fourteen digits."""

    def clean(self, value: str | None) -> str | None:
        return written_siret(super().clean(value) or "") or self.empty_value


class SiretField(models.CharField):
    """A SIRET of fourteen digits, or None.

    The rule stands here, so that every form and every ``full_clean()`` applies it before looking for a second one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": LENGTH, **kwargs})

    def clean(self, value: str | None, model_instance: models.Model | None) -> str | None:
        return super().clean(written_siret(value or "") or None, model_instance)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": SiretFormField, "max_length": LONGEST_TYPED, **kwargs})
