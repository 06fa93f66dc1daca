"""The plan that is announced, as every page asks for it: read with the site's settings, in their one query."""

from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from home.closing.models import ClosingPlan
from home.closing.phases import Kind, Phase, Plan


def announced_plans() -> QuerySet:
    """Return {kind, day, reason, back_on} of the announced plan, days as ISO text; at most one row."""
    announced = ClosingPlan.objects.filter(announced_on__isnull=False, ended_at=None)
    return announced.values(row=JSONObject(kind="kind", day="day", reason="reason", back_on="back_on"))


def plan_of(row: dict[str, str | None] | None) -> Plan | None:
    if row is None:
        return None
    back_on = row["back_on"]
    return Plan(
        kind=Kind(str(row["kind"])),
        day=date.fromisoformat(str(row["day"])),
        reason=str(row["reason"]),
        back_on=date.fromisoformat(back_on) if back_on else None,
    )


def phase_of(plan: Plan | None) -> Phase:
    """Return what the announced plan, if any, does today in Paris."""
    return plan.phase(timezone.localdate()) if plan else Phase.OPEN
