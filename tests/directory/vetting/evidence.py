"""What vetting is made of in tests."""

from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from directory.models import Check, Vetting
from directory.vetting.kinds import REQUIRED, Means, Result, State


def check(merchant, kind, *, result=Result.PASSED, source=Means.DOCUMENT, day=None, expires_on=None, **fields):
    """Store a check of a merchant, made today unless told, of the SIRET they have now."""
    return Check.objects.create(
        merchant=merchant,
        kind=kind,
        result=result,
        source=source,
        day=day or timezone.localdate(),
        expires_on=expires_on,
        **{"siret": merchant.siret or "", **fields},
    )


def required_checks(merchant, *, without=(), **fields):
    return [check(merchant, kind, **fields) for kind in REQUIRED if kind not in without]


def verify(merchant, **fields):
    """Make a merchant a verified one, with the checks that this takes."""
    required_checks(merchant, **fields)
    Vetting.objects.filter(merchant=merchant).update(
        state=State.VERIFIED, visible_until=None, decided_at=timezone.now(), decider="Jeanne Rey"
    )
    connection.check_constraints()  # as the transaction's end would
    return merchant


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)
