"""Numbers that are shown and not guessed: of an application, a decision, a document."""

import secrets

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: none is mistaken for another


def new_number(kind: str) -> str:
    """Return a number, "C-7K3M9Q2XB4": nobody guesses another's. kind: its first letter."""
    return f"{kind}-" + "".join(secrets.choice(_LETTERS) for _ in range(10))
