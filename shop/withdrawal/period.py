"""Until which day a purchase can be given up, and by which it is refunded: the law's counting, as pure functions."""

from datetime import date, timedelta

from directory.hours import holiday

DAYS = timedelta(days=14)  # C. conso. art. L221-18, L221-24
SATURDAY = 5


def last_day(handed_over: date, told: date | None) -> date:
    """Return the last day, inclusive, on which what was handed over can be given up.

    told: when the buyer was told of this right, None if never: it then lasts twelve months more, or fourteen days from
    the day they are told (art. L221-20).
    """
    end = handed_over + DAYS
    if told is None:
        end = _a_year_after(end)
    elif told > end:
        end = told + DAYS
    return _working_day_from(end)


def refund_by(given_up: date) -> date:
    """Return the last day to refund: no Sunday moves it, so that nobody is paid late for another reading of the law."""
    return given_up + DAYS


def _working_day_from(day: date) -> date:
    """Return the day, or the next one that is no Saturday, Sunday or public holiday (règlement 1182/71, art. 3)."""
    while day.weekday() >= SATURDAY or holiday(day):
        day += timedelta(days=1)
    return day


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
