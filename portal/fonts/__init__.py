"""Our two fonts, whole, for what is drawn here and not by a browser: social images and posters."""

import unicodedata
from pathlib import Path

FOLDER = Path(__file__).parent
BRICOLAGE, ATKINSON = FOLDER / "bricolage-ara.ttf", FOLDER / "atkinson-ara.ttf"
_KNOWN = "".join(map(chr, range(0x20, 0x180))) + "’‘“”–—…•€\u00a0"


def printable(text: str) -> str:
    """Return the text without the accents our fonts, cut to French, do not have."""
    return "".join(
        letter if letter in _KNOWN else unicodedata.normalize("NFKD", letter)[0]
        for letter in text.replace("\u202f", " ")
    )
