"""The last audits of our pages, for editors, among the admin's reports."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from home.seo.audit import LABELS
from home.seo.models import SiteAudit

RUNS = 30  # audits on the chart
SHOWN = 50  # findings of one sort on the page
WIDTH, HEIGHT = 640, 160  # of the chart, in its own units


@dataclass(frozen=True)
class Count:
    """How many indexable pages of a kind, and how many more than the time before."""

    kind: str
    count: int
    change: int


def report(request: HttpRequest) -> HttpResponse:
    """What the last audit found, and how many of our pages search engines may list."""
    runs = list(SiteAudit.objects.defer("findings")[:RUNS])
    last = SiteAudit.objects.first()
    before = runs[1].indexable if len(runs) > 1 else {}
    context = {
        "page_title": "Référencement",
        "last": last,
        "counts": [
            Count(kind, count, count - before.get(kind, count)) for kind, count in sorted(last.indexable.items())
        ]
        if last
        else [],
        "sorts": _sorts(last) if last else [],
        "chart": {"width": WIDTH, "height": HEIGHT, "points": points([run.indexable_pages for run in reversed(runs)])},
    }
    return render(request, "home/site_audit.html", context)


def points(values: list[int]) -> str:
    """Return the points of an SVG polyline that draws ``values`` from left to right, zero at the bottom."""
    highest, step = max(values, default=0) or 1, WIDTH / max(len(values) - 1, 1)
    return " ".join(
        f"{number * step:.1f},{HEIGHT - value / highest * HEIGHT:.1f}" for number, value in enumerate(values)
    )


def _sorts(last: SiteAudit) -> list[dict]:
    """Return the findings by sort, the most frequent first."""
    return [
        {
            "label": LABELS[code],
            "count": count,
            "findings": [{"path": path, "detail": detail} for found, path, detail in last.findings if found == code][
                :SHOWN
            ],
        }
        for code, count in sorted(last.totals.items(), key=lambda total: -total[1])
    ]
