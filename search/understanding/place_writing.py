"""Rewrites places as the gazetteer spells them: "38 000 Grenoble Cedex 9" -> "38000 Grenoble".

From text to text, knowing no place but the cities that have districts. ``plain`` is safe for a whole question; the
others are for a text that says nothing but where.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.conf import settings

from search.understanding import wordlists

# Cities with arrondissements, and how many each has (Code général des collectivités territoriales, L2511-1).
DISTRICTED = wordlists.districted_cities()
_OWN = settings.REGION.districts_of  # the only one of the region, so that nobody need name it
_CITIES = "|".join(DISTRICTED)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
          "xviii", "xix", "xx")  # fmt: skip
_ORDINALS = ("premier", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme", "huitieme",
             "neuvieme", "dixieme", "onzieme", "douzieme", "treizieme", "quatorzieme", "quinzieme", "seizieme",
             "dix-septieme", "dix-huitieme", "dix-neuvieme", "vingtieme")  # fmt: skip
_NUMBERS = {name: number for names in (_ROMAN, _ORDINALS) for number, name in enumerate(names, 1)}
_NUMBERS |= {"premiere": 1, "second": 2, "seconde": 2}

_ROMAN_SAID = r"(?-i:[IVX]+(?:er|i?[eè]me|e))\b"
_ORDINAL = rf"0?\d{{1,2}}\s?(?:er|re|i?[eè]mes?|me|nde?|e|è|o)\b|{_ROMAN_SAID}|" + "|".join(
    name.replace("e", "[eèé]").replace("-", "[ -]") for name in (*sorted(_ORDINALS, reverse=True), "premiere", "second")
)
_DISTRICT = r"(?:arrond\w*|arrdts?|arrts?|arr|ardts?)\b\.?"
_AFTER_CITY = re.compile(
    rf"\b(?P<city>{_CITIES})(?:[\s,(-]+|(?=\d))(?:(?:dans )?l[ea] |n\s?[°o]\s*|{_DISTRICT}\s*)?"
    rf"(?P<number>{_ORDINAL}|0?\d{{1,2}}(?!\d)|[ivx]+)(?![\w’'-])\)?(?:\s*{_DISTRICT})?",
    re.IGNORECASE,
)
_BEFORE_CITY = re.compile(
    rf"\b(?P<number>{_ORDINAL}|0?\d{{1,2}}(?=\s*arr)|[ivx]+(?=\s*arr))\s*(?:{_DISTRICT}\s*)?"
    rf"(?:,\s*)?(?:(?:de|à|a|sur)\s+)?(?P<city>{_CITIES})\b(?!\s*\d)",
    re.IGNORECASE,
)
_BARE_DISTRICT = re.compile(  # said without its city
    rf"(?:\bdans\s+)?(?:\ble\s+)?\b(?P<number>{_ORDINAL}|\d{{1,2}}|[IVX]+)\s*{_DISTRICT}", re.IGNORECASE
)
_DISTRICT_ALONE = re.compile(rf"(?:dans\s+)?(?:le\s+)?(?P<number>{_ORDINAL})", re.IGNORECASE)
_CEDEX_CODE = re.compile(r"\b(\d{2})\s?\d{3}\b(?=\D*\bc[eé]dex)", re.IGNORECASE)
_CEDEX = re.compile(r"\s*\bc[eé]dex(?:\s*(?:n[°o]\s*)?\d{1,2}\b)?", re.IGNORECASE)
_COUNTRY_PREFIX = re.compile(r"\b(?:f|fr|fra)\s*[-–—]?\s*(?=\d{2}\s?\d{3}\b)", re.IGNORECASE)
_COUNTRY = re.compile(r"\s*[,(]\s*france(?:\s+m[eé]tropolitaine)?\s*[.)]*\s*$", re.IGNORECASE)
_METROPOLIS = re.compile(
    rf"\b(?:le\s+)?grand[\s-]{_OWN}\b(?:\s+m[eé]tropole)?|\b{_OWN}\s+m[eé]tropole\b", re.IGNORECASE
)
_URBAN_AREA = re.compile(r"\b(?:m[eé]tropole|agglom[eé]ration|agglo)\s+(?:de\s+|d[’'])(?=\w)", re.IGNORECASE)
_APART = re.compile(r"(?<![\d.,])(\d{2})[\s.\u2009\u202f-](\d{3})(?![\d%€]|[.,]\d)")

# A street in a question, up to the code or comma that the town follows; what is bought stands before it.
_STREET = re.compile(
    r"[,\s]*\b(?:\d{1,4}(?:\s?(?:bis|ter))?,?\s+(?:rue|avenue|av|bd|boulevard|place|cours|quai|chemin|route|rte|"
    r"all[eé]es?|impasse|mont[eé]e|square|passage|faubourg)\b[^\d]*(?=\b\d{2}\s?\d{3}\b)"
    r"|(?:rue|avenue|boulevard|bd|impasse)\b[^\d]*(?=\b\d{2}\s?\d{3}\b)"
    r"|\d{1,4}(?:\s?(?:bis|ter))?,?\s+(?:rue|avenue|boulevard|bd|impasse|chemin|faubourg)\b[^\d,]+,(?=\s*\w))",
    re.IGNORECASE,
)
_BOX = re.compile(
    r"\b(?:b\.?\s?p\.?|c\.?\s?s\.?|tsa|bo[iî]te postale)\s*(?:n[°o]\s*)?\d(?:\d? \d{3}|\d{0,4})\b", re.IGNORECASE
)
_LOST_ZERO_APART = re.compile(r"(?<!\d)(?<!\d )([1-9]) (\d{3})(?!\d)")
_GLUED = re.compile(
    r"(?<=^\d\d)(?!i?[eè]me)(?=[^\W\d_]{3})|(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])"
    r"|(?<=[^\W\d_]{3})(?=\d)|(?<=\d{4})(?=[^\W\d_])"
)
_AREA = re.compile(r"\b(?:[àa]\s+)?(\d{1,3})\s*(km|kilom[eè]tres?|kms|minutes?|mn|min)\b", re.IGNORECASE)
_LETTERS_O = re.compile(r"\b\d[\doO]{4}\b")
_THOUSANDS = re.compile(r"(?<![\d,])(\d{2}),(\d{3})(?![\d,])")
_SEPARATORS = re.compile(r"[,;/|\n]| [-–—] ")


def plain(text: str) -> str:
    """Return a question with its districts, CEDEX and codes of other countries' usage written the plain way.

    Digits are folded ("３８０００"); codes written with a space stay, see ``codes_apart``.
    """
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    lowered = text.casefold()
    if "dex" in lowered:
        text = _CEDEX.sub("", _CEDEX_CODE.sub(r"\1", text))
    if any(letter.isdigit() for letter in text):
        text = _STREET.sub(" ", _COUNTRY_PREFIX.sub("", text))
    if "france" in lowered:
        text = _COUNTRY.sub("", text)
    if _OWN and _OWN in lowered:
        text = _METROPOLIS.sub(_OWN.title(), text)
    if "agglo" in lowered or "tropole" in lowered:
        text = _URBAN_AREA.sub("", text)
    if any(city in lowered for city in DISTRICTED):
        text = _BEFORE_CITY.sub(_district, _AFTER_CITY.sub(_district, text))
    elif _OWN and "arr" in lowered:
        text = _BARE_DISTRICT.sub(_own_district, text)
    return " ".join(text.split())


def codes_apart(text: str) -> Iterator[re.Match]:
    """Yield the numbers that may be a postal code written with a space: "38 000", "69.003"; groups: its two parts."""
    return _APART.finditer(text)


def where_alone(text: str) -> tuple[str, int]:
    """Return a text that only says where, with glued words apart and without boxes; and the kilometres it speaks of.

    "LaTourDuPin" -> "La Tour Du Pin"; "BP 12 07000 Privas" -> "07000 Privas"; "à 10 km de Die" -> "de Die", 10.
    Kilometres are 0 if none are said; minutes count as kilometres.
    """
    text = unicodedata.normalize("NFKC", text)
    text = _LETTERS_O.sub(lambda match: match[0].casefold().replace("o", "0"), text)
    text = _GLUED.sub(" ", text)
    text = plain(_THOUSANDS.sub(r"\1\2", text))
    if _OWN and (alone := _DISTRICT_ALONE.fullmatch(text)):
        text = _own_district(alone)
    text = _LOST_ZERO_APART.sub(r"\1\2", _APART.sub(r"\1\2", _BOX.sub(" ", text)))
    area = _AREA.search(text)
    return (_AREA.sub(" ", text), int(area[1])) if area else (text, 0)


def segments(text: str) -> list[str]:
    """Return what commas, dashes and new lines part, without what is empty."""
    return [part for part in map(str.strip, _SEPARATORS.split(text)) if part]


def _district(match: re.Match) -> str:
    """Return the plain name of a district: "3e arrondissement de Lyon" -> "Lyon 3"; a number too high stays."""
    number = _number(match["number"])
    highest = DISTRICTED[match["city"].casefold()]
    return f"{match['city']} {number} " if 1 <= number <= highest else match[0]


def _own_district(match: re.Match) -> str:
    number = _number(match["number"])
    return f"{_OWN.title()} {number} " if 1 <= number <= DISTRICTED[_OWN] else match[0]


def _number(said: str) -> int:
    """Return the number of an ordinal, in figures, letters or Roman: "3ème", "troisième", "IIIe"; 0 if it is none."""
    plain_letters = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().casefold()
    if digits := re.match(r"\d+", plain_letters):
        return int(digits[0])
    roman = re.sub(r"(?<=[ivx])(?:er|i?eme|e)$", "", plain_letters)
    return _NUMBERS.get(plain_letters.replace(" ", "-"), 0) or _NUMBERS.get(roman, 0)
