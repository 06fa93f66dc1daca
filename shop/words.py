"""Finds the words of a list in a text, whatever their accents, number and articles."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})
_ENDING = re.compile(r"(?<=..)(é|ée|ee)$")  # pané, panée
_SMALL = {
    "du": "de",
    "des": "de",
    "d": "de",
    "au": "a",
    "aux": "a",
    "à": "a",
    "st": "saint",
    "ste": "sainte",
} | dict.fromkeys(("la", "le", "les", "l", "un", "une"), "")

Words = tuple[str, ...]


def words_of(text: str, *, accented: bool = True) -> Words:
    """Return the words of a text, folded: « Œufs à la coque » is ("oeuf", "a", "coque").

    accented: whether an é at the end counts, as it must for « pâté » not to be « pâte »; where a whole name is written
    without accents, it cannot.
    """
    words = (_folded(word, accented) for word in re.split(r"[^\w]+|_", text.translate(_LIGATURES).lower()))
    return tuple(word for word in words if word)


def has_accents(text: str) -> bool:
    return not text.translate(_LIGATURES).replace("’", "'").isascii()


def _folded(word: str, accented: bool) -> str:
    word = _SMALL.get(word, word)
    if len(word) > 3 and word[-1] in "sx":
        word = word[:-1]
    ending = _ENDING.search(word)
    if ending:
        word = word[: ending.start()] + ("é" if accented and ending[0] != "ee" else "e")
    stem, last = (word[:-1], word[-1:]) if ending else (word, "")
    decomposed = unicodedata.normalize("NFKD", stem)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)) + last


def listed(file: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before the colon and each entry after it, of a file of data/: "gluten lait: pizza, …"."""
    for line in (DATA / file).read_text().splitlines():
        if line and not line.startswith("#"):
            meaning, _, entries = line.partition(":")
            for entry in entries.split(","):
                yield meaning.strip(), entry.strip()


def longest(words: Words, known: Iterable[Words], longest_known: int, start: int) -> Words:
    """Return the longest entry of ``known`` that ``words`` hold at ``start``, or () if there is none."""
    for length in range(min(longest_known, len(words) - start), 0, -1):
        if words[start : start + length] in known:
            return words[start : start + length]
    return ()
