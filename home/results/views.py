"""/resultats/: the ledger as a page and as a table."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from home.results.hiding import FEWEST, FEWEST_SELLERS
from home.results.ledger import Line, months
from portal.page_cache import cached_page
from portal.spreadsheets import table

SHOWN = 24  # months on the page; the CSV has all
HEADINGS = (
    "mois", "territoire", "commercants_en_ligne", "horaires_a_jour", "commandes_remises", "euros_vendus", "cout_euros",
    "cout_par_commande",
)  # fmt: skip


@require_safe
@cached_page
def page(request: HttpRequest) -> HttpResponse:
    told = months()
    context = {
        "months": told[:SHOWN],
        "last": told[0] if told else None,
        "fewest": FEWEST,
        "fewest_sellers": FEWEST_SELLERS,
    }
    return render(request, "home/results/page.html", context)


@require_safe
@cached_page
def as_csv(request: HttpRequest) -> HttpResponse:
    """All months by department; a hidden figure is « s » (secret), an unknown one empty."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="resultats.csv"'
    writer = table(response, delimiter=",")
    writer.writerow(HEADINGS)
    for month in months():
        name = f"{month.month:%Y-%m}"
        writer.writerow([name, *_cells(month.total), month.cost, month.cost_per_order])
        writer.writerows([name, *_cells(line), None, None] for line in month.departments)
    return response


def _cells(line: Line) -> list[object]:
    figures = (line.merchants, line.fresh, line.orders, line.sold)
    return [line.name, *("s" if figure is None else figure for figure in figures)]
