"""What is on in a week: the markets of each day, and the dates that editors have written in campaigns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.timezone import localtime

from directory.markets import Market, Row, board_of_day
from home.models import CampaignPage
from portal.memory import memoized, memoized_rows

MOST_WEEKS = 12  # ahead
SHOWN_A_DAY = 8  # markets of a day in the whole region; the page of the day has all


@dataclass(frozen=True)
class Occasion:
    """One date of a campaign. start, end: aware times. path: of the campaign; key: of the date in it."""

    key: str
    title: str
    start: datetime
    end: datetime
    place: str
    path: str

    def is_on(self, day: date) -> bool:
        return localtime(self.start).date() <= day <= localtime(self.end).date()


@dataclass(frozen=True)
class Day:
    """markets: rows of components/market_board.html. more: how many markets are left out."""

    day: date
    occasions: tuple[Occasion, ...]
    markets: tuple[Row, ...]
    more: int


def days(monday: date, markets: Iterable[Market], now: datetime, most: int | None = None) -> tuple[Day, ...]:
    """Return the seven days of a week. markets: with their towns; most: of a day, None for all."""
    by_weekday: dict[int, list[Market]] = {}
    for market in markets:
        by_weekday.setdefault(market.weekday, []).append(market)
    return tuple(_day(monday + timedelta(days=number), by_weekday.get(number, []), now, most) for number in range(7))


def _day(day: date, markets: list[Market], now: datetime, most: int | None) -> Day:
    rows = board_of_day(markets[:most], now)
    if day != now.date():  # the state is that of today's market alone
        rows = tuple(replace(row, state=None) for row in rows)
    return Day(day, tuple(each for each in occasions() if each.is_on(day)), rows, len(markets) - len(rows))


@memoized
def occasions() -> tuple[Occasion, ...]:
    """Return the dates of the campaigns online, earliest first; one query."""
    return tuple(sorted(_occasions(), key=lambda one: (one.start, one.title)))


def _occasions() -> Iterator[Occasion]:
    for page in CampaignPage.objects.live():
        for key, event in page.events().items():
            yield Occasion(key, event["title"], event["start"], event["end"], event["place"], page.public_path)


@memoized_rows
def markets_in(department: str, town: int | None) -> tuple[Market, ...]:
    """Return the markets of a town by its id, of a department, or "" and None for all, each with its town."""
    found: QuerySet = Market.objects.select_related("town").order_by("weekday", "opens", "town__name", "pk")
    if department:
        found = found.filter(town__department_code=department)
    if town is not None:
        found = found.filter(town=town) | found.filter(town__parent=town)
    return tuple(found)
