"""Which terminations are over: they are kept as long as sanctions, while they may be argued about."""

from datetime import datetime

from django.db.models import Q, QuerySet

from directory.vetting.termination.models import Stage, Termination


def over(before: datetime, now: datetime) -> QuerySet[Termination]:
    """Return those asked for before a moment, but for those without which nobody would know why a page is closed."""
    in_force = Q(stage=Stage.IN_FORCE, merchant__isnull=False)
    return Termination.objects.filter(asked_at__lt=before).exclude(in_force | Q(stage=Stage.ANNOUNCED))
