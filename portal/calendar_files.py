"""Calendar files (iCalendar, RFC 5545), for whatever a page has with a day and an hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

HERE = ZoneInfo("Europe/Paris")
# The hours of Paris since 1996, in the file's own words: a calendar must not have to know the zone's name. What
# icalendar would write begins summer an hour late and ends in 2037: findings/icalendar-zone-of-paris-changes-late.sh.
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
END:VTIMEZONE
"""


@dataclass(frozen=True)
class CalendarEvent:
    """What one entry of a calendar says. uid: the same whenever it is told again. start, end: aware times.

    is_weekly: whether it comes back each week, at the same hour of Paris.
    """

    uid: str
    title: str
    start: datetime
    end: datetime
    place: str
    url: str
    description: str = ""
    is_weekly: bool = False


def calendar_file(events: Iterable[CalendarEvent], now: datetime) -> str:
    """Return a calendar file of events. now: an aware time."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//J’achète dans ma région//agenda//FR")
    calendar.add("method", "PUBLISH")
    calendar.add_component(Timezone.from_ical(ZONE))
    for event in events:
        entry = Event()
        entry.add("uid", event.uid)
        entry.add("dtstamp", now.astimezone(UTC))
        entry.add("dtstart", event.start.astimezone(HERE))
        entry.add("dtend", event.end.astimezone(HERE))
        if event.is_weekly:
            entry.add("rrule", {"freq": "weekly"})
        entry.add("summary", event.title)
        entry.add("location", event.place)
        entry.add("url", event.url)
        if event.description:
            entry.add("description", event.description)
        calendar.add_component(entry)
    return calendar.to_ical().decode()
