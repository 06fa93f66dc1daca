"""Terms that are counted in months, from day to day of the month."""

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """Return the day of the same number so many months later, or the last of a month that is shorter."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
