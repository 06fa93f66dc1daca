"""Turns hits into the data of the templates' components."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.safestring import SafeString

from directory.cards import known
from directory.category_pictures import category_pictures
from directory.hours import OpenState, Place, clock, state
from portal.dates import date_format
from search.page.explain import explain
from search.page.highlight import marked, passage
from search.query import LABELS, Query
from search.results import Hit, Results

HERE = 0.05  # kilometres: a shop without a position of its own stands on its town's


def merchant_results(results: Results, on_map: bool, is_unranked: bool) -> list[dict]:
    """Return merchants for components/result.html, with why each stands where it stands.

    on_map: whether a map of them stands beside, whose pins are numbered as they are. is_unranked: as in Answer.
    """
    return [
        {**_result(hit, results.query, is_unranked), "pin": number if on_map and hit.entry.point else None}
        for number, hit in enumerate(results.hits, 1)
    ]


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product in a list, as components/product_card.html shows it. price, struck: euros, VAT included."""

    title: str
    url: str
    price: Decimal
    unit: str
    seller: str
    image: str
    accent: str
    is_available: bool
    struck: Decimal | None


def product_card(query: Query, hit: Hit, is_unranked: bool) -> dict:
    """Return a product's card, and why it stands where it stands."""
    entry = hit.entry
    card = FoundProduct(
        title=entry.title,
        url=entry.url,
        price=Decimal(entry.price or 0) / 100,
        unit=entry.unit,
        seller=f"{entry.seller}, {entry.town_name}",
        image=entry.image,
        accent=entry.accent,
        is_available=entry.is_available,
        struck=None if entry.struck is None else Decimal(entry.struck) / 100,
    )
    return {"card": card, "why": None if is_unranked else explain(query, hit)}


def story_card(query: Query, hit: Hit, is_unranked: bool) -> dict:
    """Return a story for components/story_card.html, with why it stands where it stands."""
    entry = hit.entry
    return {
        "title": entry.title,
        "url": entry.url,
        "kicker": _passage(hit, query),
        "image": entry.image,
        "why": None if is_unranked else explain(query, hit),
    }


def merchant_card(hit: Hit) -> dict:
    """Return a merchant for components/merchant_card.html."""
    entry = hit.entry
    return {
        "title": entry.title,
        "url": entry.url,
        "category": entry.category_name,
        "town": entry.town_name,
        "accent": entry.accent,
        "state": _state(hit),
        "goods": category_pictures(entry.category),
        "image": entry.image,
        "distance": _shown_distance(hit),
    }


def _result(hit: Hit, query: Query, is_unranked: bool) -> dict:
    entry = hit.entry
    return {
        "kind": entry.kind,
        "title": marked(entry.title, query),
        "url": entry.url,
        "meta": f"{entry.category_name} · {entry.town_name}",
        "distance": _shown_distance(hit),
        "excerpt": _passage(hit, query),
        "state": None if query.open_at else _state(hit),
        "opening": named_moment(query.open_at) if query.open_at else "",
        "price": None,
        "image": entry.image or "".join(category_pictures(entry.category)[1:2]),  # the middle of its counter
        "accent": entry.accent,
        "labels": [LABELS[label] for label in entry.labels],
        "why": None if is_unranked else explain(query, hit),
    }


def named_moment(moment: datetime) -> str:
    """Return what a result says of the moment asked for, at which it is open: "Ouvert samedi à 10 h"."""
    local = timezone.localtime(moment)
    return f"Ouvert {date_format(local, 'l')} à {clock(local.time())}"


def _passage(hit: Hit, query: Query) -> SafeString:
    return marked(passage(hit.entry.text, query, instead=hit.entry.excerpt), query)


def _shown_distance(hit: Hit) -> float | None:
    return None if hit.distance is None or hit.distance < HERE else hit.distance


def _state(hit: Hit) -> OpenState | None:
    """Return whether it is open now, or None where its hours are not known."""
    entry = hit.entry
    place = Place(entry.department, *entry.point) if entry.point else None
    return known(state(entry.hours, timezone.localtime(), place))
