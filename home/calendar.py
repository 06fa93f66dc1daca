"""Dates as a calendar takes them (iCalendar, RFC 5545)."""

from datetime import UTC, datetime

FOLD = 73  # bytes of a line, without its end; the format allows 75


def event(uid: str, title: str, start: datetime, end: datetime, place: str, url: str, now: datetime) -> str:
    """Return a calendar file of one event. start, end, now: aware times."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//J’achète dans ma région//agenda//FR",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(start)}",
        f"DTEND:{_utc(end)}",
        f"SUMMARY:{_text(title)}",
        f"LOCATION:{_text(place)}",
        f"URL:{url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


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
