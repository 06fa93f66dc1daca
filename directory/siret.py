"""SIRET numbers, the identity of an establishment."""

from django.core.exceptions import ValidationError
from stdnum.exceptions import InvalidChecksum, InvalidComponent
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siret as stdnum_siret


def validate_siret(value: str) -> None:
    """Raise ValidationError, saying how to mend it, unless ``value`` is a SIRET of 14 digits.

    Source: INSEE, Luhn's checksum over 14 digits; La Poste's establishments have their own rule.
    """
    digits = value.replace(" ", "")
    if not digits.isdigit():
        raise ValidationError("Un SIRET ne contient que des chiffres, par exemple 732 829 320 00074.")
    if len(digits) != 14:
        raise ValidationError(f"Un SIRET compte 14 chiffres : nous en comptons {len(digits)}.")
    try:
        stdnum_siret.validate(digits)
    except (InvalidChecksum, InvalidComponent) as error:
        raise ValidationError("Ce numéro n’existe pas : un chiffre est sans doute faux ou interverti.") from error
    except StdnumError as error:
        raise ValidationError("Ce SIRET n’est pas valide.") from error
