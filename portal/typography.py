"""French no-break spaces, in all that people read: pages as they leave, e-mails as they are queued.

Templates, programs and people write plain spaces; here those before « : ; ! ? » € % », after « « », inside numbers and
telephones and before units become such as never break a line. Only text changes, and attributes that are read or
heard elsewhere: alternative texts, labels, descriptions for search engines. No other attribute, script, code or field.
"""

import re
from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = Callable[[HttpRequest], HttpResponseBase]  # what a middleware calls, and is

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"

READ = ("text/html", "application/atom+xml")

_UNIT = r"(?:[kmc]?m[²³]?|ha|[kmc]?g|[hdcm]?l|h|min|k?Wh|°C?|euros?|centimes?)(?![\w’'])"
# It begins with a space alone, which is how Python's re skips to the next one fast: a page has thousands.
_CANDIDATE = re.compile(
    rf" (?:(?=[:;!?»€%]|</\w+>[:;!?»])|(?<=« )|(?<=\d )(?=\d|\(0\)|{_UNIT})|(?<=[ {NO_BREAK_SPACE}]h )(?=\d\d(?!\d)))"
)
_THREE_DIGITS = re.compile(r" \d{3}(?!\d)")
_GROUP_BEFORE = re.compile(r"(?<![\d,.])\d{1,3}(?:[ \u202f]\d{3})*$")
_SPACED = "[ \u00a0\u202f]"
_TELEPHONE = re.compile(
    rf"(?<![\d,.])(?:0\d(?:{_SPACED}\d\d){{4}}|\+\d{{1,3}}{_SPACED}(?:\(0\))?\d{{1,4}}(?:{_SPACED}\d{{1,4}}){{1,5}})(?!\d)"
)
_LONGEST_NUMBER = 24  # characters on each side of a space that may be part of a number
_TAG = re.compile(r"""<[/!a-zA-Z](?:[^"'>]|"[^"]*"|'[^']*')*>""")
_READ = re.compile(r'\s(?:alt|aria-label)="[^"]*"')
_META = re.compile(r'<meta\s+(?:name="description"|property="og:(?:title|description)")\s+(?=content=")')
_OPAQUE = re.compile(r"<(svg|script|style|textarea|pre|code|kbd|samp)\b")


def no_break(text: str) -> str:
    """Return a plain text with its no-break spaces: "Die : 1 250 €" as it is printed. Nothing else changes."""
    return "".join(_spaced(text, 0, len(text), _candidates_of_text))


def no_break_html(html: str) -> str:
    """Return a page with no-break spaces in what it shows, and with every tag, script and field as it was."""
    pieces, at = [], 0
    while opening := _OPAQUE.search(html, at):
        pieces += _spaced(html, at, opening.start(), _candidates_of_html)
        closing = html.find(f"</{opening[1]}>", opening.end())
        end = len(html) if closing < 0 else closing
        pieces.append(html[opening.start() : end])
        at = end
    pieces += _spaced(html, at, len(html), _candidates_of_html)
    return "".join(pieces)


def no_break_pages(
    get_response: View,
) -> View:
    """Middleware: pages and feeds leave with their no-break spaces, but for those of the back offices' own packages."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_page = response.get("Content-Type", "").startswith(READ) and not response.streaming
        if is_page and not request.path.startswith(settings.OFFICE_PREFIXES):
            response.content = no_break_html(response.content.decode()).encode()  # type: ignore[attr-defined]
        return response

    return middleware


def _spaced(text: str, start: int, end: int, candidates: Callable[[str, int, int], Iterator[int]]) -> list[str]:
    pieces = []
    for at in candidates(text, start, end):
        space = _space_at(text, at)
        if space != " ":
            pieces += [text[start:at], space]
            start = at + 1
    return [*pieces, text[start:end]]


def _candidates_of_text(text: str, start: int, end: int) -> Iterator[int]:
    for found in _CANDIDATE.finditer(text, start, end):
        yield found.start()


def _candidates_of_html(html: str, start: int, end: int) -> Iterator[int]:
    known = at = start  # whatever begins before `known` is read
    while found := _CANDIDATE.search(html, at, end):
        at = found.start()
        tag = html.rfind("<", known, at)
        inside = _TAG.match(html, tag) if tag >= 0 else None
        if inside and inside.end() > at:
            if _is_read(inside, at):
                yield at
            known, at = tag, at + 1
            continue
        yield at
        at += 1
        known = at


def _is_read(tag: re.Match, at: int) -> bool:
    """Return whether what stands at a place within a tag is an attribute that somebody reads or hears."""
    if meta := _META.match(tag.string, tag.start()):
        return meta.end() < at
    return any(found.start() < at < found.end() for found in _READ.finditer(tag.string, tag.start(), tag.end()))


def _space_at(text: str, at: int) -> str:
    """Return which space a candidate becomes; a plain one between two numbers that only stand side by side."""
    after = text[at + 1 : at + 2]
    if not (after.isdecimal() or after == "(") or text[at - 1 : at] in ("«", "h"):
        return NO_BREAK_SPACE
    first = max(0, at - _LONGEST_NUMBER)
    for number in _TELEPHONE.finditer(text, first, at + _LONGEST_NUMBER):
        if number.start() < at < number.end():
            return NO_BREAK_SPACE
    if _THREE_DIGITS.match(text, at) and _GROUP_BEFORE.search(text[first:at]):
        return NARROW_NO_BREAK_SPACE
    return " "
