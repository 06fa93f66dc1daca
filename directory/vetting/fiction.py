"""The evidence of the demonstration's merchants: complete, and fictional, which is what it says of itself."""

from datetime import datetime, timedelta

from directory.models import Check, MerchantPage, Vetting
from directory.vetting.calendar import months_after
from directory.vetting.kinds import MONTHS, Kind, Means, Result, State

DECIDER = "Personne fictive, pour la démonstration"
CHECKED = (*MONTHS,)  # every kind
DAYS_AGO = 60  # at most, so that nothing has expired


def vouch_for_fiction(pages: list[MerchantPage], now: datetime) -> None:
    """Store that these unsaved fictional merchants, whose ids are drawn, were vetted some days ago.

    now: an aware time.
    """
    vettings, checks = [], []
    for page in pages:
        day = now.date() - timedelta(days=1 + page.pk % DAYS_AGO)
        vettings.append(
            Vetting(merchant_id=page.pk, state=State.VERIFIED, decided_at=now - timedelta(days=1), decider=DECIDER)
        )
        checks += [
            Check(
                merchant_id=page.pk,
                kind=kind,
                result=Result.PASSED,
                source=Means.FICTION,
                day=day,
                expires_on=months_after(day, MONTHS[kind]),
            )
            for kind in CHECKED
            if kind != Kind.WEBSITE or page.website
        ]
    Vetting.objects.bulk_create(vettings)
    Check.objects.bulk_create(checks)
