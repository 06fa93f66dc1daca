"""What was reported, decided, sanctioned and contested in a year, counted, without any name.

For the yearly report of règlement (UE) 2022/2065, articles 15 and 24, and règlement (UE) 2019/1150, article 11, 4.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import get_default_timezone

from directory.vetting.kinds import Step
from directory.vetting.models import Application
from directory.vetting.sanctions.kinds import Measure, Outcome, Rule, Stage, Urgency
from directory.vetting.sanctions.models import Appeal, Observation, Sanction
from home.reports.models import Complaint, Notice

Row = tuple[str, str, str, int | float]
HEADINGS = ("rubrique", "mesure", "détail", "valeur")
HOUR = timedelta(hours=1)


def rows(year: int) -> Iterator[Row]:
    """Yield (part, what is counted, detail, number) of a calendar year in France; a median is in hours."""
    paris = get_default_timezone()
    span = datetime(year, 1, 1, tzinfo=paris), datetime(year + 1, 1, 1, tzinfo=paris)
    yield from _notices(span)
    yield from _complaints(span)
    yield from _sanctions(year, span)
    yield from _applications(span)


def _within(name: str, span: tuple[datetime, datetime]) -> Q:
    return Q(**{f"{name}__gte": span[0], f"{name}__lt": span[1]})


def _notices(span: tuple[datetime, datetime]) -> Iterator[Row]:
    part = "signalements"
    received = Notice.objects.filter(_within("made_at", span))
    yield part, "reçus", "tous", received.count()
    yield from _each(part, "reçus, par motif", received, "reason", Notice.Reason.choices)
    yield part, "reçus", "de signaleurs de confiance", received.filter(is_trusted=True).count()
    decided = Notice.objects.filter(_within("decided_at", span))
    yield from _each(part, "décidés", decided, "state", Notice.State.choices[1:])
    yield part, "délai médian de décision, en heures", "tous", _median(decided, "made_at")
    yield (
        part,
        "délai médian, en heures",
        "signaleurs de confiance",
        _median(decided.filter(is_trusted=True), "made_at"),
    )
    yield part, "décidés", "par un moyen automatisé", 0  # a person decides each (home/reports/decisions.py)
    yield (
        part,
        "en attente",
        "à la fin de l’année",
        Notice.objects.filter(Q(decided_at=None) | Q(decided_at__gte=span[1]), made_at__lt=span[1]).count(),
    )


def _complaints(span: tuple[datetime, datetime]) -> Iterator[Row]:
    part = "réclamations sur des signalements"
    yield from _each(
        part, "reçues", Complaint.objects.filter(_within("filed_at", span)), "side", Complaint.Side.choices
    )
    answered = Complaint.objects.filter(_within("decided_at", span))
    yield from _each(part, "répondues", answered, "outcome", Complaint.Outcome.choices)
    yield part, "délai médian de réponse, en heures", "toutes", _median(answered, "filed_at")


def _sanctions(year: int, span: tuple[datetime, datetime]) -> Iterator[Row]:
    part = "procédures et sanctions"
    opened = Sanction.objects.filter(opened_on__gte=date(year, 1, 1), opened_on__lt=date(year + 1, 1, 1))
    yield part, "procédures ouvertes", "toutes", opened.count()
    yield part, "procédures ouvertes", "à la suite d’un signalement", opened.exclude(notice="").count()
    yield part, "procédures ouvertes", "d’initiative", opened.filter(notice="").count()
    decided = Sanction.objects.filter(_within("decided_at", span))
    imposed = decided.exclude(stage=Stage.DROPPED)
    yield part, "procédures closes sans mesure", "toutes", decided.filter(stage=Stage.DROPPED).count()
    yield from _each(part, "prononcées", imposed, "measure", Measure.choices)
    yield from _each(part, "prononcées, par règle", imposed, "rule", Rule.choices)
    yield from _each(part, "prononcées sans audience ni préavis", imposed, "urgency", Urgency.choices)
    heard = Observation.objects.filter(sanction__in=decided).values("sanction").distinct()
    yield part, "avec une réponse du commerçant", "toutes", heard.count()
    yield part, "levées avant leur terme", "toutes", Sanction.objects.filter(_within("lifted_at", span)).count()
    appeals = Appeal.objects.filter(_within("filed_at", span))
    yield part, "réclamations reçues", "toutes", appeals.count()
    answered = Appeal.objects.filter(_within("decided_at", span))
    yield from _each(part, "réclamations répondues", answered, "outcome", Outcome.choices)
    yield part, "délai médian de réponse, en heures", "toutes", _median(answered, "filed_at")


def _applications(span: tuple[datetime, datetime]) -> Iterator[Row]:
    part = "candidatures"
    yield part, "reçues", "toutes", Application.objects.filter(_within("submitted_at", span)).count()
    decided = Application.objects.filter(_within("decided_at", span))
    steps = [(step.value, step.label) for step in (Step.ACCEPTED, Step.REFUSED)]
    yield from _each(part, "décidées", decided, "state", steps)
    yield part, "délai médian de décision, en heures", "toutes", _median(decided, "submitted_at")


def _each(part: str, what: str, found: QuerySet, field: str, choices: list[tuple[Any, Any]]) -> Iterator[Row]:
    """Yield a row a choice, those that nobody chose too."""
    counts = dict(found.order_by().values_list(field).annotate(count=Count("pk")))
    for value, label in choices:
        yield part, what, str(label), counts.get(value, 0)


def _median(decided: QuerySet, since: str) -> float:
    """Return the median of hours to the decision, 0 where nothing was decided."""
    spans = [end - start for start, end in decided.values_list(since, "decided_at") if start]
    return round(median(span / HOUR for span in spans), 1) if spans else 0.0
