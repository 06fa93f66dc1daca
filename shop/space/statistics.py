"""A merchant's figures by week: who looked, who called, what was ordered; drawn as bars, and told in a table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.db.models.functions import TruncWeek
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.audience.models import AudienceWeek
from directory.models import MerchantPage
from directory.space.navigation import links
from portal.dates import date_format, monday_of
from portal.oscar_settings import ORDER_CANCELLED
from portal.templatetags.portal import euros, thousands
from shop.models import MerchantOrder

WEEKS = 12  # shown, the one under way included
FEWEST = 5  # people: what fewer did might tell who
HIDDEN = f"moins de {FEWEST}"
HEIGHT, WIDTH, GAP = 60, 20, 6  # of the drawing, in its own units


@dataclass(frozen=True)
class Bar:
    """x, y, width, height: in the drawing's units; told: what a pointer that rests on it reads."""

    x: int
    y: int
    width: int
    height: int
    told: str


@dataclass(frozen=True)
class Chart:
    """title; bars by week, oldest first; peak: the highest figure in words; width, height: of the drawing."""

    title: str
    bars: tuple[Bar, ...]
    peak: str
    width: int = WEEKS * (WIDTH + GAP)
    height: int = HEIGHT


@dataclass(frozen=True)
class Figure:
    """One column. hides: whether small numbers are kept back; what a merchant sold, they know already."""

    key: str
    title: str
    hides: bool = True
    words: Callable[[Any], str] = lambda value: thousands(value)


FIGURES = (
    Figure("views", "Pages vues"),
    Figure("shown", "Recherches qui vous montrent"),
    Figure("calls", "Appuis sur le téléphone"),
    Figure("directions", "Appuis sur l’itinéraire"),
    Figure("orders", "Commandes", hides=False),
    Figure("amount", "Montant des commandes", hides=False, words=lambda value: euros(value)),
)


@never_cache
@login_required
@require_safe
def statistics(request: HttpRequest, pk: int) -> HttpResponse:
    """The last WEEKS weeks; four queries, whatever was counted."""
    merchant = get_object_or_404(MerchantPage.objects.managed_by(request.user), pk=pk)
    last = monday_of(timezone.localdate())
    weeks = [last - timedelta(weeks=ago) for ago in reversed(range(WEEKS))]
    counts = _counted(merchant, weeks)
    context = {
        "merchant": merchant,
        "links": links(merchant, "today"),
        "charts": [_chart(figure, weeks, counts) for figure in FIGURES],
        "titles": [figure.title for figure in FIGURES],
        "rows": [
            (_week(week, last), [told(figure, counts[week].get(figure.key, 0)) for figure in FIGURES])
            for week in reversed(weeks)
        ],
        "fewest": FEWEST,
    }
    return render(request, "shop/space/statistics.html", context)


def told(figure: Figure, value: Any) -> str:
    """Return a figure in words; of one that hides, a small number is « moins de 5 », and 0 is 0."""
    if figure.hides and 0 < value < FEWEST:
        return HIDDEN
    return figure.words(value)


def _counted(merchant: MerchantPage, weeks: list[date]) -> dict[date, dict[str, Any]]:
    """Return the figures of each week by key; what was not counted is absent."""
    found: dict[date, dict[str, Any]] = {week: {} for week in weeks}
    for row in AudienceWeek.objects.filter(merchant=merchant, week__gte=weeks[0]).values():
        if row["week"] in found:
            found[row["week"]] |= {key: row[key] for key in ("views", "shown", "calls", "directions")}
    own = MerchantOrder.objects.filter(storefront__merchant=merchant).confirmed().exclude(order__status=ORDER_CANCELLED)
    by_week = own.annotate(week=TruncWeek("purchase__placed_at", tzinfo=timezone.get_current_timezone()))
    start = timezone.make_aware(datetime.combine(weeks[0], time()))
    sums = by_week.filter(purchase__placed_at__gte=start).values("week").order_by("week")
    for row in sums.annotate(orders=Count("pk"), amount=Sum("order__total_incl_tax")):
        week = timezone.localdate(row["week"])
        if week in found:
            found[week] |= {"orders": row["orders"], "amount": row["amount"]}
    return found


def _chart(figure: Figure, weeks: list[date], counts: dict[date, dict[str, Any]]) -> Chart:
    values = [Decimal(counts[week].get(figure.key, 0)) for week in weeks]
    drawn = [Decimal(FEWEST - 1) if figure.hides and 0 < value < FEWEST else value for value in values]
    most = max(drawn) or Decimal(1)
    bars = []
    for number, (week, value, shown) in enumerate(zip(weeks, values, drawn, strict=True)):
        height = max(1, round(HEIGHT * shown / most)) if shown else 0
        words = f"Semaine du {date_format(week, 'j F')} : {told(figure, value)}"
        bars.append(Bar(number * (WIDTH + GAP), HEIGHT - height, WIDTH, height, words))
    return Chart(figure.title, tuple(bars), told(figure, max(values)))


def _week(week: date, last: date) -> str:
    return f"{date_format(week, 'j F Y')}{' (en cours)' if week == last else ''}"
