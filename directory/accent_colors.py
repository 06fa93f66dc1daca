"""The accent color of each merchant and product. It is decoration: neighbours differ, the color means nothing."""

TINTS = ("abricot", "miel", "gentiane", "rose", "verveine", "chartreuse")


def tint(number: int) -> str:
    """Return the colour of the thing of that number."""
    return TINTS[number % len(TINTS)]
