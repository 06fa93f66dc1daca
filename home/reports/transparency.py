"""The yearly figures and the statements of reasons, for everybody: no person, place or page is named in them.

Règlement (UE) 2022/2065, articles 15, 17 and 24, 5.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import get_default_timezone, localdate
from django.views.decorators.http import require_safe

from directory.vetting.sanctions.kinds import Measure, Stage
from directory.vetting.sanctions.models import Sanction
from home.reports.figures import HEADINGS, rows
from home.reports.models import Notice
from portal.dates import date_format
from portal.spreadsheets import table
from shop.recalls.models import Recall

FIRST_YEAR = 2026
DECISIONS = (
    "numéro", "décidée le", "mesure", "contenu", "territoire", "à partir du", "jusqu’au", "origine", "fondement",
    "moyens automatisés",
)  # fmt: skip
WHERE = "France"  # the portal is read everywhere; its measures take effect on one site


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """The figures of the last whole year, and the files of every year."""
    this_year = localdate().year
    shown = max(FIRST_YEAR, this_year - 1)
    parts = [
        {"name": name, "rows": [{"what": what, "detail": detail, "value": value} for _, what, detail, value in found]}
        for name, found in groupby(rows(shown), key=lambda row: row[0])
    ]
    context = {
        "year": shown,
        "is_over": shown < this_year,
        "parts": parts,
        "years": range(this_year, FIRST_YEAR - 1, -1),
    }
    return render(request, "home/transparency.html", context)


@require_safe
def figures_table(request: HttpRequest, year: int) -> HttpResponse:
    return _table(f"transparence-{_checked(year)}.csv", HEADINGS, rows(year))


@require_safe
def decisions_table(request: HttpRequest, year: int) -> HttpResponse:
    """One line a restriction: its statement of reasons without who it is about."""
    return _table(f"decisions-{_checked(year)}.csv", DECISIONS, decisions(year))


def decisions(year: int) -> Iterator[tuple[Any, ...]]:
    """Yield the restrictions decided in a calendar year in France, as DECISIONS names them."""
    paris = get_default_timezone()
    span = Q(decided_at__gte=datetime(year, 1, 1, tzinfo=paris), decided_at__lt=datetime(year + 1, 1, 1, tzinfo=paris))
    for sanction in Sanction.objects.filter(span).exclude(stage=Stage.DROPPED).order_by("decided_at", "pk"):
        yield (
            sanction.number,
            _day(sanction.decided_at),
            Measure(sanction.measure).label,
            "fiche de commerce",
            WHERE,
            _day(sanction.effective_on),
            _day(sanction.ends_on),
            "signalement" if sanction.notice else "initiative du portail",
            sanction.get_rule_display(),
            "non",
        )
    for notice in Notice.objects.filter(span, state=Notice.State.UPHELD).order_by("decided_at", "pk"):
        day = _day(notice.decided_at)
        basis = notice.get_reason_display()
        yield (notice.number, day, "signalement retenu", "page du portail", WHERE, day, "", "signalement", basis, "non")
    for recall in Recall.objects.filter(span, state=Recall.State.PUBLISHED).order_by("decided_at", "pk"):
        day = _day(recall.decided_at)
        basis = "règlement (UE) 2023/988, article 22"
        yield (f"P-{recall.pk:05d}", day, "rappel d’un article", "article", WHERE, day, "", "sécurité", basis, "non")


def _day(moment: Any) -> str:
    if moment is None:
        return ""
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return date_format(day, "d/m/Y")


def _checked(year: int) -> int:
    if not FIRST_YEAR <= year <= localdate().year:
        raise Http404("Il n’y a pas de chiffres de cette année.")
    return year


def _table(name: str, headings: Any, found: Any) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # by which Excel knows UTF-8
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = table(response)
    writer.writerow(headings)
    writer.writerows(found)
    return response
