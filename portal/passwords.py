"""What a password must have beyond Django's own rules."""

from typing import Any

from django.core.exceptions import ValidationError

FEWEST_CHARACTERS = 5  # different ones
REFUSAL = "Ce mot de passe répète trop les mêmes caractères : mêlez-en au moins cinq différents."


class VarietyValidator:
    """Refuses a password that is long only because it repeats itself: "111111111111", "abababababab"."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError unless enough characters differ."""
        if len(set(password.casefold())) < FEWEST_CHARACTERS:
            raise ValidationError(REFUSAL, code="password_lacks_variety")

    def get_help_text(self) -> str:
        return "Votre mot de passe mêle au moins cinq caractères différents."
