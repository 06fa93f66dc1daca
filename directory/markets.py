"""Market days of towns, and the board that lists them by date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from directory import watched
from directory.hours import OpenState, clock
from portal.memory import memoized, memoized_rows
from portal.tagged import Tagged

if TYPE_CHECKING:
    from directory.models import Town

DAY_SLUGS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


# The browser's own box: Wagtail's puts the clock's time in the place of an hour that it cannot read (99:99).
HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class MarketQuerySet(Tagged):
    whole = ("markets",)

    def on(self, day: date) -> MarketQuerySet:
        """Those held that day, earliest first, with their towns."""
        return self.filter(weekday=day.weekday()).select_related("town").order_by("opens", "town__name")

    def in_town(self, town: Town) -> MarketQuerySet:
        """Those of a town, its districts included, Monday first."""
        there = self.filter(models.Q(town=town) | models.Q(town__parent=town)).told_by(f"in-town:{town.pk}")
        return there.order_by("weekday", "opens")


class Market(models.Model):
    """A market that a town holds on one weekday, all year round unless its note says otherwise."""

    town = models.ForeignKey("directory.Town", models.CASCADE, verbose_name="commune", related_name="markets")
    weekday = models.PositiveSmallIntegerField("jour", choices=[(day, name) for day, name in WEEKDAYS.items()])
    opens = models.TimeField("début")
    closes = models.TimeField("fin")
    place = models.CharField("lieu", max_length=80, help_text="Par exemple : place de la République.")
    note = models.CharField("ce qu’on y trouve", max_length=120, blank=True, help_text="Et la saison, s’il y en a une.")
    source = models.CharField("source", max_length=120, help_text="Qui le dit, et quand : la mairie, en mars 2026.")

    objects = MarketQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    panels = [
        FieldPanel("town"),
        FieldPanel("weekday"),
        FieldRowPanel([FieldPanel("opens", widget=HOUR), FieldPanel("closes", widget=HOUR)]),
        FieldPanel("place"),
        FieldPanel("note"),
        FieldPanel("source"),
    ]

    class Meta:
        verbose_name = "marché"
        verbose_name_plural = "marchés"
        ordering = ["town__name", "weekday", "opens"]
        indexes = [models.Index(fields=["weekday", "opens"], name="market_of_the_day")]
        triggers = watched.MARKET

    def __str__(self) -> str:
        return f"{self.town.name}, {self.get_weekday_display()}"

    def clean(self) -> None:
        if self.opens and self.closes and self.closes <= self.opens:
            raise ValidationError({"closes": "Le marché finit après avoir commencé, le même jour."})

    @property
    def hours(self) -> str:
        return f"{clock(self.opens)}\u00a0–\u00a0{clock(self.closes)}"

    def state(self, now: datetime) -> OpenState | None:
        """Return how far the market of today is, or None on its other days."""
        if now.weekday() != self.weekday:
            return None
        if now.time() < self.opens:
            return OpenState("closed", f"Commence à {clock(self.opens)}")
        if now.time() < self.closes:
            return OpenState("open", f"Jusqu’à {clock(self.closes)}")
        return OpenState("closed", "Terminé pour aujourd’hui")


@dataclass(frozen=True)
class Row:
    """A line of components/market_board.html."""

    hours: str
    name: str
    url: str
    detail: str
    state: OpenState | None


def board_of_day(markets: Iterable[Market], now: datetime) -> tuple[Row, ...]:
    """Return a line for each market of one day, named after its town, whose row must be loaded."""
    return tuple(_row(market, market.town.name, market.town.get_absolute_url(), now) for market in markets)


def board_of_town(markets: Iterable[Market], now: datetime) -> tuple[Row, ...]:
    """Return a line for each market of one town, named after its day."""
    return tuple(_row(market, market.get_weekday_display().capitalize(), "", now) for market in markets)


def sources(markets: Iterable[Market]) -> str:
    """Return who says so, once each."""
    return ", ".join(dict.fromkeys(market.source for market in markets))


@memoized_rows
def markets_on(day: date) -> tuple[Market, ...]:
    """Return the markets of a day in the whole region, each with its town."""
    return tuple(Market.objects.on(day))


@memoized_rows
def markets_by_town(weekday: int) -> tuple[Market, ...]:
    """Return the markets of a weekday in the whole region by the names of their towns, which are loaded."""
    return tuple(Market.objects.filter(weekday=weekday).select_related("town").order_by("town__slug", "opens"))


@memoized_rows
def markets_of(town: Town) -> tuple[Market, ...]:
    """Return the markets of a town, its districts included, Monday first."""
    return tuple(Market.objects.in_town(town))


@memoized
def market_days() -> tuple[int, ...]:
    """Return the weekdays on which the region has a market, Monday 0."""
    return tuple(Market.objects.order_by("weekday").values_list("weekday", flat=True).distinct())


def day_url(weekday: int) -> str:
    return reverse("markets", args=[DAY_SLUGS[weekday]])


def _row(market: Market, name: str, url: str, now: datetime) -> Row:
    place = market.place[:1].upper() + market.place[1:]
    detail = f"{place}. {market.note}" if market.note else place
    return Row(market.hours, name, url, detail, market.state(now))
