"""Calendars to subscribe to (iCalendar, RFC 5545): a market is one entry that comes back each week."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from directory.markets import Market
from home.agenda.weeks import Occasion
from portal.calendar_files import HERE, CalendarEvent
from portal.jsonld import absolute

FIRST_MONDAY = date(2026, 1, 5)  # a market's entry begins in this week, whenever it is asked for: it stays the same


def market_events(markets: Iterable[Market]) -> list[CalendarEvent]:
    return [_of_market(market) for market in markets]


def occasion_events(occasions: Iterable[Occasion]) -> list[CalendarEvent]:
    return [
        CalendarEvent(
            uid=f"{one.key}@{_host()}",  # as the file of this date alone has it
            title=one.title,
            start=one.start,
            end=one.end,
            place=one.place,
            url=absolute(one.path),
        )
        for one in occasions
    ]


def _of_market(market: Market) -> CalendarEvent:
    day = FIRST_MONDAY + timedelta(days=market.weekday)
    return CalendarEvent(
        uid=f"marche-{market.pk}@{_host()}",
        title=f"Marché : {market.town.name}",
        start=datetime.combine(day, market.opens, HERE),
        end=datetime.combine(day, market.closes, HERE),
        place=f"{market.place}, {market.town.name}",
        url=absolute(market.town.get_absolute_url()),
        description=" ".join(filter(None, (market.note, f"Source : {market.source}."))),
        is_weekly=True,
    )


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or ""
