"""What people write of opening hours, word by word: OpenStreetMap's words, French ones, and both with typing errors.

Nothing here knows which words may follow each other; grammar.py does.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

EXAMPLE = "Écrivez par exemple\u00a0: Tu-Sa 08:00-12:30,15:00-19:00; PH off"
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Unreadable(ValueError):
    """A text that says no opening hours, or not clearly; its message tells in French what to mend."""

    def __init__(self, fault: str = ""):
        super().__init__(" ".join(filter(None, ("Ces horaires ne se lisent pas.", fault, EXAMPLE))))


class Kind(StrEnum):
    DAY = "day"  # value: 0 for Monday
    MONTH = "month"  # value: 1 for January
    NUMBER = "number"
    TIME = "time"  # value: minutes since midnight
    SUN = "sun"  # text: OSM's name of the event
    HOLIDAY = "holiday"  # text: PH or SH
    EASTER = "easter"
    WEEK = "week"
    OFFSET = "offset"  # the word "days" after a number
    CLOSED = "closed"
    OPEN = "open"
    UNKNOWN = "unknown"
    COMMENT = "comment"
    ALWAYS = "always"
    PART_OF_DAY = "part of day"  # "matin": says nothing beside hours
    MARK = "mark"  # text: ; || , - : + / ( ) [ ]


class Token(NamedTuple):
    """One word. text: as OSM writes it. start, end: where it stands in the whole text. french: no OSM word."""

    kind: Kind
    text: str
    value: int
    start: int
    end: int
    french: bool = False


def _table(**names: str) -> dict[str, int]:
    return {word: number for number, words in enumerate(names.values()) for word in words.split()}


_OSM_DAYS = {day.lower(): number for number, day in enumerate(DAYS)}
_ENGLISH_DAYS = _table(
    mo="mon monday", tu="tue tues tuesday", we="wed wednesday", th="thu thur thurs thursday",
    fr="fri friday", sa="sat saturday", su="sun sunday",
)  # fmt: skip
_FRENCH_DAYS = _table(
    mo="lu lun lundi lundis", tu="ma mardi mardis", we="me mer mercredi mercredis", th="je jeu jeudi jeudis",
    fr="ve ven vendredi vendredis", sa="sam samedi samedis", su="di dim dimanche dimanches",
)  # fmt: skip
_OSM_MONTHS = {month.lower(): number for number, month in enumerate(MONTHS, 1)}
_MONTH_NAMES = _table(
    none="", jan="january", feb="february", mar="march", apr="april", may="", jun="june", jul="july", aug="august",
    sep="sept september", oct="october", nov="november", dec="december",
)  # fmt: skip
_FRENCH_MONTHS = _table(
    none="", jan="janv janvier", feb="fev fevr fevrier", mar="mars", apr="avr avril", may="mai", jun="juin",
    jul="juil juillet", aug="aou aout", sep="septembre", oct="octobre", nov="novembre", dec="decembre",
)  # fmt: skip
_FIXED = {
    "ph": (Kind.HOLIDAY, "PH"), "sh": (Kind.HOLIDAY, "SH"), "easter": (Kind.EASTER, "easter"),
    "week": (Kind.WEEK, "week"), "day": (Kind.OFFSET, "days"), "days": (Kind.OFFSET, "days"),
    "off": (Kind.CLOSED, "off"), "closed": (Kind.CLOSED, "off"), "open": (Kind.OPEN, "open"),
    "unknown": (Kind.UNKNOWN, "unknown"), "sunrise": (Kind.SUN, "sunrise"), "sunset": (Kind.SUN, "sunset"),
    "dawn": (Kind.SUN, "dawn"), "dusk": (Kind.SUN, "dusk"),
}  # fmt: skip
_FRENCH = {
    "ferie": (Kind.HOLIDAY, "PH"), "feries": (Kind.HOLIDAY, "PH"), "paques": (Kind.EASTER, "easter"),
    "ferme": (Kind.CLOSED, "off"), "fermee": (Kind.CLOSED, "off"), "fermes": (Kind.CLOSED, "off"),
    "fermeture": (Kind.CLOSED, "off"), "ouvert": (Kind.OPEN, "open"), "ouverte": (Kind.OPEN, "open"),
    "a": (Kind.MARK, "-"), "au": (Kind.MARK, "-"), "to": (Kind.MARK, "-"), "et": (Kind.MARK, ","),
    "and": (Kind.MARK, ","), "puis": (Kind.MARK, ","),
}  # fmt: skip
_HOURS = {"midi": 12 * 60, "minuit": 24 * 60}
_SAYS_NOTHING = {
    "du", "de", "des", "le", "les", "la", "l", "d", "en", "pendant", "durant", "chaque", "entre", "from", "on",
}  # fmt: skip
_DASHES = "-–—‒−‐‑―"
_RANK = r"(?:1\s*ere?|[2-5]\s*(?:[eè]me|nde?|e)|premier|deuxi[eè]me|second|troisi[eè]me|quatri[eè]me|dernier)s?"
_RANKS = {"pre": 1, "deu": 2, "sec": 2, "tro": 3, "qua": 4, "der": -1}

_TOKEN = re.compile(
    rf"""
    (?P<comment>"[^"]*"|«[^»]*»|“[^”]*”)
  | (?P<appointment>\b(?:uniquement\s+)?sur\s+(?:rendez[-\s‑–]*vous|rdv)\b)
  | (?P<always>24\s*/\s*7(?!\d))
  | (?P<all_day>24\s*h?\s*(?:/|sur)\s*24(?:\s*h)?(?!\d))
  | (?P<weekend>week[-\s‑–]?ends?\b)
  | (?P<filler>non[-\s‑–]?stop\b|sans\s+interruption\b|(?:en\s+)?continu\b|journée\s+continue\b)
  | (?P<part_of_day>(?:matin(?:ée)?|après[-\s‑–]*midi|soir(?:ée)?)s?\b)
  | (?P<nth>(?P<ranks>{_RANK}(?:\s*(?:,|et)\s*(?:le\s+)?{_RANK})*)\s+
      (?P<nth_day>lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b(?:\s+(?:de\s+chaque|du)\s+mois\b)?)
  | (?P<date>(?P<date_day>0?[1-9]|[12]\d|3[01])/(?P<date_month>0[1-9]|1[0-2])
      (?:/(?P<date_year>(?:20)?\d\d))?(?![\d/:h]))
  | (?P<every_day>tous\s+les\s+jours|7\s*j?\s*(?:/|sur)\s*7(?:\s*j)?)
  | (?P<but>(?:sauf|except[ée]?|hormis)\b(?:\s+(?:le|les|la|l['’])\b)?)
  | (?P<school>vacances(?:\s+scolaires)?)
  | (?P<public>jours?\s+f[ée]ri[ée]s?)
  | (?P<half>(?P<half_hour>\d{{1,2}})(?:[:.](?P<half_minute>\d\d))?\s*(?P<half_name>[ap])\.?m\b\.?)
  | (?P<time>(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)(?:\s*h)?(?!\d))
  | (?P<french>(?P<french_hour>\d{{1,2}})\s*h(?:eures?)?(?![^\W\d_])(?:\s*(?P<french_minute>\d\d)(?!\d|[:.]\d|\s*h))?)
  | (?P<first>1\s*er\b)
  | (?P<number>\d+)
  | (?P<word>[^\W\d_]+)['’.]?
  | (?P<dash>[{_DASHES}])
  | (?P<mark>\|\||[;,:+/()\[\]&])
  | (?P<line>\s*[\r\n]\s*|\.\s+(?-i:(?=[A-ZÉ])))
  | (?P<space>\s+)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def tokens(text: str) -> list[Token]:
    """Return the words of a text; raise Unreadable at the first that can mean nothing here."""
    text = text.rstrip(". \t\r\n\u00a0\u202f")
    found: list[Token] = []
    end = 0
    while end < len(text):
        match = _TOKEN.match(text, end)
        if match is None:
            raise Unreadable(f"Le signe «\u00a0{text[end]}\u00a0» ne se lit pas dans des horaires.")
        found += _read(match)
        end = match.end()
    found = [token for place, token in enumerate(found) if not _is_idle(found, place)]
    return [_tuesday(token) if _is_tuesday(found, place) else token for place, token in enumerate(found)]


def _is_idle(words: list[Token], place: int) -> bool:
    """Whether a word is a part of the day whose hours stand beside it; raise Unreadable where they do not."""
    if words[place].kind is not Kind.PART_OF_DAY:
        return False
    after = [token for token in words[place + 1 : place + 3] if token.text != ":"]
    if (after and after[0].kind is Kind.TIME) or (place and words[place - 1].kind is Kind.TIME):
        return True
    raise Unreadable(f"Écrivez les heures au lieu de «\u00a0{words[place].text}\u00a0».")


def _is_tuesday(words: list[Token], place: int) -> bool:
    """Whether "mar" stands in a list or a range of French days: it is March in OpenStreetMap's words."""
    if words[place].text != "Mar" or words[place].french:
        return False
    beside = ((place - 1, place - 2), (place + 1, place + 2))
    pairs = ((words[mark], words[day]) for mark, day in beside if min(mark, day) >= 0 and max(mark, day) < len(words))
    return any(mark.text in ("-", ",") and day.kind is Kind.DAY and day.french for mark, day in pairs)


def _tuesday(token: Token) -> Token:
    return Token(Kind.DAY, DAYS[1], 1, token.start, token.end, french=True)


def _read(match: re.Match[str]) -> list[Token]:
    """Return the tokens of one match, none for what says nothing."""
    text, name, at = match.group(), match.lastgroup, match.span()

    def one(kind: Kind, text: str = "", value: int = 0, french: bool = False) -> Token:
        return Token(kind, text, value, *at, french)

    def span(kind: Kind, first: tuple[str, int], last: tuple[str, int]) -> list[Token]:
        return [one(kind, *first, french=True), one(Kind.MARK, "-"), one(kind, *last, french=True)]

    if match["filler"]:
        return []
    if match["weekend"]:
        return span(Kind.DAY, ("Sa", 5), ("Su", 6))
    if match["part_of_day"]:
        return [one(Kind.PART_OF_DAY, text, french=True)]
    if match["nth"]:
        return _counted_day(match, one)
    if match["date"]:
        return _date(match, one)
    if match["but"]:
        return [one(Kind.MARK, ";"), one(Kind.CLOSED, "sauf", french=True)]
    if match["comment"]:
        return [one(Kind.COMMENT, " ".join(text.strip('"«»“”').split()))]
    if match["time"]:
        return [_time(one, match["hour"], match["minute"])]
    if match["word"]:
        return _word(match["word"], one)
    if match["number"]:
        return [one(Kind.NUMBER, text, int(text))]
    if match["dash"]:
        return [one(Kind.MARK, "-")]
    if match["mark"]:
        return [one(Kind.MARK, "," if text == "&" else text)]
    if match["french"]:
        return [_time(one, match["french_hour"], match["french_minute"], french=True)]
    if match["half"]:
        hour = int(match["half_hour"]) % 12 + (12 if match["half_name"].lower() == "p" else 0)
        return [_time(one, str(hour), match["half_minute"])]
    if match["always"]:
        return [one(Kind.ALWAYS)]
    if match["all_day"]:
        return span(Kind.TIME, ("00:00", 0), ("24:00", 24 * 60))
    if match["every_day"]:
        return span(Kind.DAY, ("Mo", 0), ("Su", 6))
    if match["appointment"]:
        return [one(Kind.COMMENT, "sur rendez-vous", french=True)]
    if match["school"] or match["public"]:
        return [one(Kind.HOLIDAY, "SH" if match["school"] else "PH", french=True)]
    if match["first"]:
        return [one(Kind.NUMBER, "1", 1, french=True)]
    return [one(Kind.MARK, ";")] if name == "line" else []


def _counted_day(match: re.Match[str], one: Callable[..., Token]) -> list[Token]:
    """Return "premier et dernier samedi du mois" as OpenStreetMap writes it: Sa[1,-1]."""
    day = _FRENCH_DAYS[match["nth_day"].lower()]
    found = [one(Kind.DAY, DAYS[day], day, french=True), one(Kind.MARK, "[")]
    for number, rank in enumerate(re.findall(_RANK, match["ranks"], re.IGNORECASE)):
        value = int(rank[0]) if rank[0].isdigit() else _RANKS[rank[:3].lower()]
        found += [one(Kind.MARK, ",")] if number else []
        found += [one(Kind.MARK, "-")] if value < 0 else []
        found.append(one(Kind.NUMBER, str(abs(value)), abs(value), french=True))
    return [*found, one(Kind.MARK, "]")]


def _date(match: re.Match[str], one: Callable[..., Token]) -> list[Token]:
    """Return "28/12/2026" as the words of a French date."""
    month, year = int(match["date_month"]), match["date_year"]
    found = [
        one(Kind.NUMBER, match["date_day"], int(match["date_day"]), french=True),
        one(Kind.MONTH, MONTHS[month - 1], month, french=True),
    ]
    if year:
        found.append(one(Kind.NUMBER, f"20{year[-2:]}", 2000 + int(year[-2:]), french=True))
    return found


def _time(one: Callable[..., Token], hour: str, minute: str | None, *, french: bool = False) -> Token:
    minutes = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or minutes > 48 * 60:
        raise Unreadable(f"«\u00a0{hour}:{minute or '00'}\u00a0» n’est pas une heure.")
    return one(Kind.TIME, f"{minutes // 60:02}:{minutes % 60:02}", minutes, french)


def _word(word: str, one: Callable[..., Token]) -> list[Token]:
    meaning = _meaning(word)
    return [one(*meaning)] if meaning else []


@lru_cache(maxsize=1024)
def _meaning(word: str) -> tuple[Kind, str, int, bool] | None:
    """Return kind, text, value and whether it is French; None for what says nothing."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(sign))
    for table, is_french in ((_OSM_DAYS, False), (_ENGLISH_DAYS, False), (_FRENCH_DAYS, True)):
        if plain in table:
            return Kind.DAY, DAYS[table[plain]], table[plain], is_french
    for table, is_french in ((_OSM_MONTHS, False), (_MONTH_NAMES, False), (_FRENCH_MONTHS, True)):
        if plain in table:
            return Kind.MONTH, MONTHS[table[plain] - 1], table[plain], is_french
    if plain in _FIXED:
        return *_FIXED[plain], 0, False
    if plain in _FRENCH:
        return *_FRENCH[plain], 0, True
    if plain in _HOURS:
        return Kind.TIME, f"{_HOURS[plain] // 60}:00", _HOURS[plain], True
    if plain in _SAYS_NOTHING:
        return None
    if plain == "semaine":
        raise Unreadable(
            "Du lundi au vendredi, ou au samedi\u00a0? Écrivez les jours au lieu de «\u00a0semaine\u00a0»."
        )
    raise Unreadable(f"Le mot «\u00a0{word}\u00a0» ne se lit pas dans des horaires.")
