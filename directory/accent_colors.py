"""The stall colours of merchants and products: decoration, so that neighbours differ; they mean nothing."""

TINTS = ("abricot", "miel", "gentiane", "rose", "verveine", "chartreuse")


def tint(number: int) -> str:
    """Return the colour of the thing of that number."""
    return TINTS[number % len(TINTS)]
