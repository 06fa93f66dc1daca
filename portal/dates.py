"""Dates as the French write them ("1er janvier", where Django says "1 janvier"), and months counted back."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from django.template.defaultfilters import date as django_filter
from django.utils.formats import date_format as django_format

_FIRST = re.compile(r"(?<!\d)1 (?=[^\W\d_])")  # before the name of a month


def date_format(value: date, format: str) -> str:
    """Return a date as django.utils.formats.date_format does: "vendredi 1er janvier 2027" for "l j F Y"."""
    return _FIRST.sub("1er ", django_format(value, format))


def date_filter(value: date | datetime | str | None, format: str | None = None) -> str:
    """Return what Django's filter `date` returns, with "1er"; it takes its place in every template."""
    return _FIRST.sub("1er ", django_filter(value, format))


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def months_before(day: date, months: int) -> date:
    """Return the day so many months before: six before 31 August is the last of February."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
