"""Our two fonts, whole, for what is drawn here and not by a browser: social images and posters."""

from functools import cache
from pathlib import Path

from anyascii import anyascii
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent
BRICOLAGE, ATKINSON = FOLDER / "bricolage-ara.ttf", FOLDER / "atkinson-ara.ttf"


def printable(text: str) -> str:
    """Return the text with the nearest plain letters for those that our fonts, cut to French, do not have."""
    return "".join(
        letter if ord(letter) in _known() else anyascii(letter) for letter in text.replace("\u202f", "\u00a0")
    )


@cache
def _known() -> frozenset[int]:
    """Return the characters that both fonts draw."""
    with TTFont(BRICOLAGE) as bricolage, TTFont(ATKINSON) as atkinson:
        return frozenset(bricolage.getBestCmap().keys() & atkinson.getBestCmap().keys())
