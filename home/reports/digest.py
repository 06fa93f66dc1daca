"""Sends editors an hourly e-mail of new reports, if there are any."""

from datetime import timedelta

from django.db import transaction

from home.reports.emails import send_digest
from home.reports.models import Notice
from portal import database_clock, rate_limits

HOUR = timedelta(hours=1)


@transaction.atomic
def send_due() -> int:
    """Tell of the reports that nobody was told of, unless the last such e-mail is younger than an hour.

    Returns how many it tells of. What was decided meanwhile needs no e-mail.
    """
    rate_limits.wait_for_turn("notices.digest", rate_limits.EVERYBODY)
    now = database_clock.now()
    untold = Notice.objects.filter(digested_at=None)
    if not untold.exists() or Notice.objects.filter(digested_at__gt=now - HOUR).exists():
        return 0
    waiting = list(untold.filter(state=Notice.State.NEW).order_by("pk"))
    untold.update(digested_at=now)
    send_digest(waiting)
    return len(waiting)
