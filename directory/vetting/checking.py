"""Recording checks of a merchant: those that a person made, and those that follow from an answer of the register."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from directory.models import MerchantPage
from directory.vetting import journal
from directory.vetting.calendar import months_after
from directory.vetting.kinds import MONTHS, Kind, Means, Result
from directory.vetting.located import town_of
from directory.vetting.models import Check
from portal.models import User


@transaction.atomic
def record(
    merchant: MerchantPage,
    kind: Kind,
    result: Result,
    source: Means,
    *,
    by: User | None,
    day: date | None = None,
    note: str = "",
) -> Check:
    """Store a check of a merchant, for the SIRET they have. day: when it was made, today by default."""
    day = day or timezone.localdate()
    proof = Check.objects.create(
        merchant=merchant,
        siret=merchant.siret or "",
        kind=kind,
        result=result,
        source=source,
        day=day,
        expires_on=months_after(day, MONTHS[kind]) if result == Result.PASSED else None,
        by=by,
        note=note,
    )
    facts = {"kind": kind, "result": result, "source": source, "day": day.isoformat(), "siret": proof.siret}
    journal.note(journal.Act.CHECKED, by, merchant=merchant.pk, **facts)
    return proof


def record_register(merchant: MerchantPage, found: Mapping[str, Any], source: Means = Means.REGISTER) -> list[Check]:
    """Store what an answer of the register proves of a merchant: that they are active, and in the region.

    found: an establishment as Application.found holds it (``register.stored``). The commune is that of the
    establishment itself; where its head office is does not matter. Nothing is stored of another SIRET.
    """
    if found.get("siret") != merchant.siret:
        return []
    moment = parse_datetime(found.get("fetched_at") or "")
    day = timezone.localdate(moment) if moment else timezone.localdate()
    return [
        record(merchant, kind, Result.PASSED if holds else Result.FAILED, source, by=None, day=day)
        for kind, holds in told_by(found)
    ]


def told_by(found: Mapping[str, Any]) -> tuple[tuple[Kind, bool], ...]:
    """Return which kinds of checks an establishment of the register tells of, and whether each holds."""
    is_active = bool(found.get("is_active") and found.get("unit_is_active"))
    is_here = town_of(found.get("insee_code") or "") is not None
    return (Kind.REGISTER, is_active), (Kind.REGION, is_here)
