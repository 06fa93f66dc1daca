"""The rounds sheet of a day: a page to print, and a table."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.models import MerchantPage
from directory.space.navigation import links
from portal.spreadsheets import table
from shop.collection import words
from shop.delivery import sheet

COLUMNS = ("Arrêt", "Entre", "Code", "Commande", "Client", "Téléphone", "Adresse", "Code postal", "Commune", "Articles",
           "À encaisser", "Pièce d’identité", "Son mot")  # fmt: skip


@never_cache
@login_required
@require_safe
def rounds_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What is brought on ?jour=, else on the next day on which anything is."""
    merchant = _merchant(request, pk)
    days = sheet.days_of(merchant)
    day = _day(request, days)
    stops = sheet.stops_of(merchant, day)
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "orders"),
        "day": day,
        "days": [
            {"name": words.short_day(each), "url": f"?jour={each}", "count": None, "active": each == day}
            for each in days
        ],
        "stops": stops,
        "cash": sheet.cash(stops),
    }
    return render(request, "shop/space/rounds.html", context)


@never_cache
@login_required
@require_safe
def rounds_table(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a table for spreadsheets."""
    merchant = _merchant(request, pk)
    day = _day(request, sheet.days_of(merchant))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # by which Excel knows UTF-8
    response.headers["Content-Disposition"] = f'attachment; filename="tournee-{merchant.slug}-{day}.csv"'
    rows = table(response)
    rows.writerow(COLUMNS)
    for stop in sheet.stops_of(merchant, day):
        rows.writerow(
            [
                stop.number,
                stop.hours,
                stop.code,
                stop.order,
                stop.name,
                stop.phone,
                stop.street,
                stop.postal_code,
                stop.town,
                ", ".join(stop.lines),
                f"{stop.due:.2f}".replace(".", ","),
                "à contrôler" if stop.asks_identity else "",
                stop.note,
            ]
        )
    return response


def _day(request: HttpRequest, days: list[date]) -> date:
    try:
        return date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        return days[0] if days else localdate()


def _merchant(request: HttpRequest, pk: int) -> MerchantPage:
    return get_object_or_404(MerchantPage.objects.managed_by(request.user).with_place(), pk=pk)
