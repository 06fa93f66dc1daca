"""Parses the filters of a results page from its address. None of it is trusted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from directory.hours import PARIS
from search import open_hours
from search.query import LABELS, RADII, SERVICES, Order, Place, Query, Within, price_limits
from search.understanding.normalize import LONGEST_TEXT, words_of
from search.understanding.wishes import Wishes

AROUND = 20  # kilometres around the visitor, unless they say
HERE = "Autour de vous"
NOW = "maintenant"
MOMENT = "quand"  # a day and an hour, in links
DAY_ASKED, HOUR_ASKED = "ouvert-le", "ouvert-a"  # the same in two fields, as a form sends them
EVERYONE = "tout"
SERVICE_NAMES = {"collect": "retrait", "delivers": "livraison", "step_free": "acces"}
LONGEST_BROWSE = timedelta(days=2)  # how long the pages of one list keep the order of the day it was opened
MOST_EXCLUDED = 5  # words
_DEGREES = 2  # decimals kept of a position: a kilometre or so


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters as an address writes them; what cannot be read is no filter.

    around: (latitude, longitude) of the visitor, to about a kilometre. radius: kilometres, 0 unless chosen.
    open_at: an aware time; is_now: it is the present. collect, delivers, step_free, everyone, order: as in Query.
    excluded: terms that no name may hold. price: as Query.price. label: of LABELS. seller: a merchant's id.
    day: whose draw orders equals: the day the list was opened. as_typed: no spelling is corrected.
    """

    around: tuple[float, float] | None = None
    radius: int = 0
    open_at: datetime | None = None
    is_now: bool = False
    collect: bool = False
    delivers: bool = False
    step_free: bool = False
    everyone: bool = False
    excluded: tuple[str, ...] = ()
    price: str = ""
    label: str = ""
    seller: int | None = None
    day: date | None = None
    as_typed: bool = False
    order: Order = Order.POINTS

    @property
    def fields(self) -> dict[str, str]:
        """The parameters of an address, without those that are not set."""
        named = {
            "autour": f"{self.around[0]:.{_DEGREES}f},{self.around[1]:.{_DEGREES}f}" if self.around else "",
            "rayon": str(self.radius or ""),
            "ouvert": NOW if self.is_now else "",
            MOMENT: self.open_at.strftime("%Y-%m-%dT%H:%M") if self.open_at and not self.is_now else "",
            **{name: "1" if getattr(self, service) else "" for service, name in SERVICE_NAMES.items()},
            EVERYONE: "1" if self.everyone else "",
            "sauf": ",".join(self.excluded),
            "prix": self.price,
            "label": self.label,
            "chez": str(self.seller or ""),
            "tri": self.order,
            "tel-quel": "1" if self.as_typed else "",
        }
        return {name: value for name, value in named.items() if value}

    def each_without(self) -> Iterator[tuple[str, "Filters"]]:
        """Yield the name of each filter in force but of places, and the filters that are left without it."""
        if self.open_at:
            yield "open_at", replace(self, open_at=None, is_now=False)
        for name in (*SERVICES, "everyone", "excluded", "price", "label", "order", "seller"):
            if getattr(self, name):
                without: dict[str, Any] = {name: getattr(NONE, name)}
                yield name, replace(self, **without)

    @property
    def of_merchants(self) -> bool:
        """Whether they speak of merchants alone."""
        return self.open_at is not None

    @property
    def of_products(self) -> bool:
        """Whether they speak of products alone."""
        return bool(self.price or self.seller)

    def narrow(self, query: Query) -> Query:
        """Return the query within these filters."""
        if self.around and not (query.place and query.within):
            place = Place(name=HERE, department_code="", department_name="", point=self.around)
            query = replace(query, place=place, within=Within.RADIUS, radius=self.radius or AROUND)
        elif self.radius and query.point and query.within:
            query = replace(query, within=Within.RADIUS, radius=self.radius)
        return replace(
            query,
            open_at=self.open_at,
            order=self.order,
            **{service: getattr(self, service) for service in SERVICES},
            everyone=self.everyone,
            excluded=tuple(dict.fromkeys([*query.excluded, *self.excluded])),
            price=self.price,
            label=self.label,
            seller=self.seller,
            day=self.day,
        )

    def with_wishes(self, wishes: Wishes, at_table: bool) -> "Filters":
        """Return these filters, with what the words of the question wish where none is set.

        at_table: whether the question is about eating out, which decides of what hour « ce soir » is.
        """
        opening = None
        if wishes.opening and self.open_at is None:
            opening = min(wishes.opening.moment(timezone.now(), at_table), open_hours.last_moment())
        services: dict[str, Any] = {name: getattr(self, name) or wished for name, wished in wishes.services.items()}
        return replace(
            self,
            open_at=self.open_at or opening,
            is_now=self.is_now or bool(opening and wishes.opening and wishes.opening.is_now),
            **services,
            excluded=self.excluded or wishes.refused,
            price=self.price or wishes.price,
            label=self.label or wishes.label,
            order=self.order or (Order.PRICE if wishes.cheap else Order.POINTS),
        )


NONE = Filters()


def read(asked: Mapping[str, str]) -> Filters:
    """Return the filters that an address holds."""
    radius, seller = _number(asked.get("rayon", "")), _number(asked.get("chez", ""))
    moment = _moment(asked.get(MOMENT) or f"{asked.get(DAY_ASKED, '')}T{asked.get(HOUR_ASKED, '')}")
    is_now = moment is None and asked.get("ouvert") == NOW
    price, label, order = asked.get("prix", ""), asked.get("label", ""), asked.get("tri", "")
    return Filters(
        around=_position(asked.get("autour", "")),
        radius=radius if radius in RADII else 0,
        open_at=timezone.now() if is_now else moment,
        is_now=is_now,
        **{service: asked.get(name) == "1" for service, name in SERVICE_NAMES.items()},
        everyone=asked.get(EVERYONE) == "1",
        excluded=tuple(words_of(asked.get("sauf", "")[:LONGEST_TEXT])[:MOST_EXCLUDED]),
        price=price if price_limits(price) else "",
        label=label if label in LABELS else "",
        order=Order(order) if order in list(Order) else Order.POINTS,
        seller=seller or None,
        day=_day(asked.get("jour", "")),
        as_typed=asked.get("tel-quel") == "1",
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _position(text: str) -> tuple[float, float] | None:
    """Return a position, rounded again: a browser that sends more than a kilometre tells more than we want to know."""
    try:
        latitude, longitude = (round(float(part), _DEGREES) for part in text[:40].split(","))
    except (ValueError, OverflowError):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _moment(text: str) -> datetime | None:
    """Return a time to come that opening hours are indexed for."""
    try:
        moment = datetime.fromisoformat(text[:16]).replace(tzinfo=PARIS)
    except ValueError:
        return None
    now = timezone.now()
    return moment if now - timedelta(days=1) <= moment <= open_hours.last_moment(now) else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if timedelta(0) <= timezone.localdate() - day <= LONGEST_BROWSE else None
