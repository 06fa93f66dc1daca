"""The register of personal data among the admin’s reports: with when each kind was last purged, or as CSV.

Source: GDPR, article 30. What staff opened (portal/privacy/consultations.py) is listed for superusers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from home.purges import PURGES
from home.site_settings import site_settings
from portal.models import PurgeReport
from portal.privacy.register import Holding, holdings
from portal.purge import Purge
from portal.spreadsheets import table

HEADINGS = (
    "Traitement", "Personnes", "Données", "Finalité", "Base légale", "Destinataires", "Conservation",
    "Effacement sur demande", "Purges", "Dernière purge", "Colonnes", "Responsable",
    "Délégué à la protection des données",
)  # fmt: skip
BY_NAME = {purge.name: purge for purge in PURGES}


@dataclass(frozen=True)
class Line:
    """One line as the page and the CSV show it. ran_at: None before the first purge, or where nothing is purged."""

    holding: Holding
    purges: list[Purge]
    ran_at: datetime | None
    rows: int


def lines() -> list[Line]:
    """Return all lines; one query."""
    reports = {report.kind: report for report in PurgeReport.objects.all()}
    return [_line(holding, reports) for holding in holdings()]


def _line(holding: Holding, reports: dict[str, PurgeReport]) -> Line:
    ran = [reports[name] for name in holding.purges if name in reports]
    oldest = min((report.ran_at for report in ran), default=None)
    return Line(holding, [BY_NAME[name] for name in holding.purges], oldest, sum(report.rows for report in ran))


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Show the register, or give it as a table."""
    if request.GET.get("export") == "csv":
        return _table()
    return render(request, "home/personal_data_report.html", {"page_title": "Données personnelles", "lines": lines()})


def _table() -> HttpResponse:
    response = HttpResponse("\ufeff", "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="registre-des-traitements.csv"'
    writer = table(response)
    writer.writerow(HEADINGS)
    writer.writerows(_rows())
    return response


def _rows() -> Iterator[tuple[str, ...]]:
    site = site_settings()
    for line in lines():
        held = line.holding
        yield (
            held.name,
            ", ".join(held.whose),
            held.what,
            held.why,
            held.basis,
            held.seen_by,
            held.kept,
            f"{held.fate} : {held.fate_told}",
            " ; ".join(f"{purge.what}, {purge.term_told} après {purge.since}" for purge in line.purges),
            f"{line.ran_at:%d/%m/%Y %H:%M}" if line.ran_at else "",
            " ; ".join(f"{name} ({columns})" for name, columns in held.columns.items()),
            site.publisher_name,
            site.data_officer,
        )
