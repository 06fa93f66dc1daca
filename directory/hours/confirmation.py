"""When a merchant last confirmed the opening hours."""

from datetime import date

from django.utils.dates import MONTHS

from directory.hours.french import written_date
from portal.dates import months_before

CONFIRMED_FOR = 6  # months that a merchant's word is good for


def confirmation(confirmed_on: date | None, today: date) -> str:
    """Return since when hours are known to be right: "Horaires confirmés le 3 novembre 2026." or a warning."""
    if confirmed_on is None:
        return "Horaires que le commerce n’a pas encore confirmés. Appelez avant de venir."
    if is_confirmed(confirmed_on, today):
        return f"Horaires confirmés le {written_date(confirmed_on)}."
    year = "" if confirmed_on.year == today.year else f" {confirmed_on.year}"
    return f"Horaires non confirmés depuis {MONTHS[confirmed_on.month]}{year}. Appelez avant de venir."


def is_confirmed(confirmed_on: date | None, today: date) -> bool:
    """Return whether hours were confirmed within CONFIRMED_FOR months of ``today``."""
    return confirmed_on is not None and confirmed_on > last_outworn(today)


def last_outworn(today: date) -> date:
    """Return the last day of which a confirmation no longer holds: CONFIRMED_FOR months before ``today``."""
    return months_before(today, CONFIRMED_FOR)
