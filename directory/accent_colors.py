"""The accent color of each merchant and product. It is decoration: neighbours differ, the color means nothing."""

ACCENTS = ("abricot", "miel", "gentiane", "rose", "verveine", "chartreuse")


def accent(number: int) -> str:
    """Return the accent color of the merchant, product or category of that number."""
    return ACCENTS[number % len(ACCENTS)]
