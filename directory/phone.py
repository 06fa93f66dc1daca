"""French telephone numbers, written one way."""

import re

from django.core.exceptions import ValidationError


def written_phone(typed: str) -> str:
    """Return a number as the French write it, "+33 4 75 64 01 01" and "0475640101" alike as "04 75 64 01 01".

    Raise ValidationError unless it has ten digits; "" stays "".
    """
    digits = re.sub(r"^(\+33|0033)0?", "0", re.sub(r"[\s.()-]", "", typed))
    if typed and not re.fullmatch(r"0[1-9]\d{8}", digits):
        raise ValidationError("Un numéro français compte dix chiffres, par exemple 04 75 64 01 01.")
    return " ".join(re.findall("..", digits))
