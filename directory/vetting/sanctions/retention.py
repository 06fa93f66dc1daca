"""How long procedures are kept: as long as they may be argued about (code civil, article 2224)."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from directory.vetting.sanctions import guards
from directory.vetting.sanctions.kinds import Measure, Stage
from directory.vetting.sanctions.models import Sanction

KEPT = timedelta(days=5 * 365)


def over(before: datetime, now: datetime) -> QuerySet[Sanction]:
    """Return those decided before a moment, but for ends, without which nobody would know why a merchant is closed."""
    in_force = Q(measure=Measure.END, stage=Stage.IN_FORCE, merchant__isnull=False)
    return Sanction.objects.filter(decided_at__lt=before).exclude(in_force)


@transaction.atomic
def delete(sanctions: QuerySet[Sanction]) -> None:
    """Delete them, with what was answered and contested: nothing else can (guards.py)."""
    _let(True)
    sanctions.delete()
    _let(False)


def _let(is_purging: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config(%s, %s, true)", [guards.PURGING, "on" if is_purging else "off"])
