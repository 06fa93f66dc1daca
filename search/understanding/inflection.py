"""French number and gender: one form for a word, its plural and, for trades and some adjectives, its feminine.

Everything that compares words uses these functions: entries of both engines, queries, the lexicon, synonyms, marks.
They work on folded words (words.fold), so it makes no difference whether accents were typed. What no rule tells is in
data/inflections.txt. Raise terms.VERSION when a word is given another form.
"""

from functools import lru_cache

from search.understanding.normalize import words_of
from search.understanding.wordlists import inflections

LONGEST_WITHOUT_PLURAL = 3  # letters: "bus", "jus", "les"
DENIED = "sans"  # what the term of a denied word begins with (terms.py)

_LISTS = {rule: [words_of(word) for word in words] for rule, words in inflections().items()}


def _set(*rules: str) -> frozenset[str]:
    return frozenset(words[0] for rule in rules for words in _LISTS[rule])


def _pairs(rule: str) -> dict[str, str]:
    return {first: second for first, second in _LISTS[rule]}  # noqa: C416 - lists of two, whose length mypy asks for


_INVARIABLE = _set("as", "es", "is", "os", "us", "rs", "other", "aux", "names")
_IRREGULAR = _pairs("irregular")
_AIL, _AL, _AI_OI, _IN_X = _set("ail"), _set("al"), _set("ai", "oi"), _set("au", "eu", "ou")


def irregular_plurals(word: str) -> list[str]:
    """Return the plurals that do not begin as their singular does: "oeil" -> ["yeux"]."""
    return [plural for plural, singular_form in _IRREGULAR.items() if singular_form == word]


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """Return the singular of a folded word: "chevaux" -> "cheval", "noyaux" -> "noyau", "repas" -> "repas".

    A word that is a singular already, or no French plural, is returned as it is.
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= LONGEST_WITHOUT_PLURAL or word in _INVARIABLE or not word.isalpha():
        return word
    if word[-1] == "x":
        return _without_x(word)
    if word[-1] != "s" or word.endswith("ss") or (word.endswith(("ais", "ois")) and word[:-1] not in _AI_OI):
        return word
    return singular(word[:-1])


def _without_x(word: str) -> str:
    """Return the singular of a word in -x; only those in -aux are told by rule."""
    without, ail, al = word[:-1], f"{word[:-2]}il", f"{word[:-2]}l"
    if without in _IN_X:
        return without
    if not word.endswith("aux"):
        return word
    if word.endswith(("eaux", "yaux")) and al not in _AL:
        return without
    return ail if ail in _AIL else al


def _feminines(masculine: str) -> tuple[str, ...]:
    """Return the forms its feminine may have; one that does not exist does no harm."""
    if masculine.endswith("teur"):
        return f"{masculine[:-4]}trice", f"{masculine[:-1]}se"
    if masculine.endswith("eur"):
        return (f"{masculine[:-1]}se",)
    return f"{masculine}e", f"{masculine}{masculine[-1]}e"


_MASCULINE = _pairs("feminine") | {
    feminine: masculine for masculine in _set("trades", "adjectives") for feminine in _feminines(masculine)
}


def base_form(word: str) -> str:
    """Return what a folded word is searched by: the singular, and of a known trade or adjective the masculine.

    "vendeuses" -> "vendeur", "artisanales" -> "artisanal"; but "glacière" is no "glacier".
    """
    if word.startswith(DENIED) and word != DENIED:  # what is denied has the number it has by itself
        return DENIED + base_form(word[len(DENIED) :])
    number = singular(word)
    return _MASCULINE.get(number, number)
