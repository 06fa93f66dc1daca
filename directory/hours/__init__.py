"""Opening hours: pure functions on the text that a merchant keeps, in OpenStreetMap's format, and on local times.

There is one reading of a text (reading.py), and everything that is told of hours comes from it: whether a shop is open
(answers.py), its week and its exceptional days (table.py), what machines read (directory/jsonld.py), what the search
index holds (search/open_hours.py) and what the merchant's form shows (directory/space/week.py).
"""

from django.core.exceptions import ValidationError

from directory.hours.answers import NOT_KNOWN, SOON, UNKNOWN, OpenState, daily_openings, openings, state
from directory.hours.confirmation import CONFIRMED_FOR, confirmation, is_confirmed, last_outworn
from directory.hours.french import AROUND_THE_CLOCK, clock, day_and_month, from_to, written_date
from directory.hours.grammar import parse
from directory.hours.holidays import FIXED_HOLIDAYS, ZONE_OF, holiday, school_holidays_known_until
from directory.hours.reading import HORIZON, Place
from directory.hours.sun import PARIS
from directory.hours.table import Day, Period, days_ahead, exceptions, week
from directory.hours.words import Unreadable

__all__ = [
    "AROUND_THE_CLOCK", "CONFIRMED_FOR", "FIXED_HOLIDAYS", "HORIZON", "NOT_KNOWN", "PARIS", "SOON", "UNKNOWN",
    "ZONE_OF", "Day", "OpenState", "Period", "Place", "clock", "confirmation", "daily_openings", "day_and_month",
    "days_ahead", "exceptions", "from_to", "holiday", "is_confirmed", "last_outworn", "openings",
    "school_holidays_known_until", "state", "validate_opening_hours", "week", "written_date",
]  # fmt: skip


def validate_opening_hours(value: str) -> None:
    """Raise ValidationError, with what to mend, unless ``value`` can be read as opening hours."""
    try:
        parse(value)
    except Unreadable as error:
        raise ValidationError(str(error)) from error
