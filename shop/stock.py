"""Stock, in words and in errors."""

FEW = 5  # from here down the number is told


class OutOfStock(Exception):
    """Somebody else took the last ones between the shopper's look and the order."""


def words(available: int) -> str:
    """Return what a shopper reads of ``available``, the number of articles nobody has ordered."""
    if available <= 0:
        return "Épuisé"
    if available <= FEW:
        return f"Plus que {available}"
    return "En stock"
