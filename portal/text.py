"""What people type and paste, without the characters nobody sees.

One rule for every way in: forms (portal/apps.py gives it to Django's text field), imports, and the migrations that
mended what was stored before.
"""

import re
import unicodedata

# Zero-width space, word joiner, byte order mark, soft hyphen, and the marks and controls of right-to-left writing: a
# French text needs none, and a copy from a web page, a contact card or a spreadsheet brings them along.
_UNSEEN = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
# XML and JSON readers refuse most control characters, surrogates without their pair and noncharacters; no font draws
# them. Tabs and line ends stay.
_UNPRINTABLE = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_LINE_END = re.compile(r"\r\n|[\r\x85\u2028\u2029]")
_PAGE_BREAK = re.compile(r" *[\v\f] *")  # they part words, and must not glue them together
_DROPPED = re.compile(f"[{_UNSEEN}{_UNPRINTABLE}]")
# A joiner makes one sign of several: in an emoji, or between the letters of scripts that join. Elsewhere it is noise.
_STRAY_JOINER = re.compile(r"(?<![^\x00-\u05ff])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u05ff])")
_SUSPECT = re.compile(rf"[\r\v\f\x85\u2028\u2029\u200c\u200d{_UNSEEN}{_UNPRINTABLE}]")

_WRAPPED = re.compile(r'="(.*)"', re.DOTALL)
_SCIENTIFIC = re.compile(r"([0-9])[.,]([0-9]+)[Ee]\+?([0-9]{1,2})")


def clean(text: str) -> str:
    """Return the text composed (NFC), with "\\n" at its line ends and without control or unseen characters.

    Spaces that may not break and the joiners inside emoji stay: they are seen. Cleaning twice changes nothing more.
    """
    if text.isascii() and not _SUSPECT.search(text):
        return text
    text = _PAGE_BREAK.sub(lambda found: "\n" if "\n" in found[0] else " ", _LINE_END.sub("\n", text))
    composed = unicodedata.normalize("NFC", _DROPPED.sub("", text))
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", composed))


def pasted_code(text: str) -> str:
    """Return a code (telephone, SIRET, postal code) as it was meant before a spreadsheet or a web page dressed it.

    Full-width digits become plain ones; unseen characters, the apostrophe and the ="…" that keep a spreadsheet from
    counting, and spaces around go. "7.3282932000074E13", which has all its digits, is written out.
    """
    plain = unwrapped(folded(text).strip()).strip("'’‘`´\"").strip()
    counted = _SCIENTIFIC.fullmatch(plain)
    return counted[1] + counted[2] if counted and len(counted[2]) == int(counted[3]) else plain


def unwrapped(cell: str) -> str:
    """Return the text of a cell that was saved as ="…", so that no spreadsheet counts with it."""
    wrapped = _WRAPPED.fullmatch(cell)
    return wrapped[1].strip() if wrapped else cell


def folded(text: str) -> str:
    """Return a text clean, and its full-width or narrow signs and its spaces as plain ones.

    Raised digits and fractions stay what they are: « 12² » is not 122, and the key ² stands beside the 1.
    """
    return "".join(
        sign if sign.isnumeric() and not sign.isdecimal() else unicodedata.normalize("NFKC", sign)
        for sign in clean(text)
    )


def is_rounded(code: str) -> bool:
    """Return whether a spreadsheet wrote a long number as "7,32829E+13": its last digits are lost."""
    return bool(re.fullmatch(r"\d+([.,]\d+)?[Ee]\+?\d+", code))
