"""By when a report is decided, and until when its decision may be contested; who is read first."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from directory.hours.holidays import holiday
from directory.vetting.calendar import months_after
from home.reports.models import Notice, TrustedFlagger

WORKING_DAYS = 3  # to decide in, « en temps opportun » (règlement (UE) 2022/2065, article 16, 6)
MONTHS = 6  # to contest a decision in (article 20, 1)


def due_on(day: date) -> date:
    """Return the day by which a report that came on a day is to be decided: three working days later."""
    left = WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and not holiday(day)
    return day


def contest_until(notice: Notice) -> date | None:
    """Return the last day to contest the decision on a report, None while there is none."""
    if notice.state == Notice.State.NEW or notice.decided_at is None:
        return None
    return months_after(timezone.localdate(notice.decided_at), MONTHS)


def is_trusted(email: str, today: date) -> bool:
    """Return whether an address, which is known to be its sender's, is a trusted flagger's."""
    in_force = Q(until=None) | Q(until__gte=today)
    return bool(email) and TrustedFlagger.objects.filter(in_force, email__iexact=email).exists()
