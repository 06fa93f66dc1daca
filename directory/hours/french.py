"""Times and days as the French write them."""

from datetime import date, datetime, time, timedelta

from django.utils.dates import MONTHS, WEEKDAYS

AROUND_THE_CLOCK = "24\u00a0h sur 24"


def clock(moment: time) -> str:
    """Return a time as the French write it: "8 h", "12 h 30"."""
    return f"{moment.hour}\u00a0h\u00a0{moment:%M}" if moment.minute else f"{moment.hour}\u00a0h"


def written_date(day: date) -> str:
    """Return a day as the French write it: "3 novembre 2026"."""
    return f"{day_and_month(day)} {day.year}"


def day_and_month(day: date) -> str:
    """Return a day as the French write it, without its year: "1er mai"."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}\u00a0{MONTHS[day.month]}"


def from_to(first: date, last: date) -> str:
    """Return a run of days: "le 25 décembre", "du 1er au 15 août", "du 24 décembre au 2 janvier"."""
    if first == last:
        return f"le {day_and_month(first)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"du {'1er' if first.day == 1 else first.day} au {day_and_month(last)}"
    return f"du {day_and_month(first)} au {day_and_month(last)}"


def until(change: datetime, now: datetime) -> str:
    """Return until when, after "jusqu’": "à 19 h", "à minuit", "à 2 h" (tonight), "à dimanche 18 h".

    Midnight ends the day before: who closes as Saturday begins is open "jusqu’à vendredi minuit".
    """
    last = change - timedelta(minutes=1) if change.time() == time(0) else change
    at = "minuit" if change.time() == time(0) else clock(change.time())
    evening = change - timedelta(hours=12)  # an hour of the night belongs to the evening before
    if evening.date() <= now.date():
        return f"à {at}"
    if (last.date() - now.date()).days < 7:
        return f"à {WEEKDAYS[last.weekday()]} {at}"
    return f"au {day_and_month(last.date())}"


def when(opening: datetime, now: datetime, *, is_whole_day: bool = False) -> str:
    """Return when a shop opens: "à 15 h", "demain à 8 h", "mardi à 8 h", "le 4 janvier à 8 h".

    is_whole_day: the hour says nothing ("mardi").
    """
    at = f"à {clock(opening.time())}"
    ahead = (opening.date() - now.date()).days
    if ahead == 0:
        return at
    if ahead == 1:
        day = "demain"
    elif ahead < 7:
        day = str(WEEKDAYS[opening.weekday()])
    else:
        day = f"le {day_and_month(opening.date())}"
    return day if is_whole_day else f"{day} {at}"
