"""Dates as a calendar takes them (iCalendar, RFC 5545)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FOLD = 73  # bytes of a line, without its end; the format allows 75
HERE = ZoneInfo("Europe/Paris")
# The hours of Paris since 1996, in the file's own words: a calendar must not have to know the zone's name.
ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE""".splitlines()


def event(uid: str, title: str, start: datetime, end: datetime, place: str, url: str, now: datetime) -> str:
    """Return a calendar file of one event. start, end, now: aware times."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//J’achète dans ma région//agenda//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *ZONE,
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID=Europe/Paris:{_local(start)}",
        f"DTEND;TZID=Europe/Paris:{_local(end)}",
        f"SUMMARY:{_text(title)}",
        f"LOCATION:{_text(place)}",
        f"URL:{url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _local(moment: datetime) -> str:
    return moment.astimezone(HERE).strftime("%Y%m%dT%H%M%S")


def _text(words: str) -> str:
    for character in "\\;,":
        words = words.replace(character, f"\\{character}")
    return words.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a long line between characters, never inside one."""
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > FOLD:
            parts.append(part)
            part = ""
        part += character
    return "\r\n ".join([*parts, part])
