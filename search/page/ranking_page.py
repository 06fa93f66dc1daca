"""The page that publishes how results are ordered, written from the table that orders them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.freshness.stages import CONTRACT, Place
from portal.page_cache import cached_page
from search import ranking
from search.query import FOLD

# What each text tier asks of a result, for « pain au levain » typed.
RULES = {
    "name_phrase": "Son nom contient vos mots à la suite, comme vous les avez tapés.",
    "name": "Son nom contient tous vos mots, mais pas à la suite.",
    "sells": "Il vend un article dont le nom contient tous vos mots.",
    "says": "Vos mots nomment sa catégorie, et son nom ou sa présentation les contient tous.",
    "category": "Vos mots nomment sa catégorie ; s’il en reste d’autres, son nom ou sa présentation les contient.",
    "headline": "Tous vos mots sont dans son nom, sa catégorie et ses synonymes, sa commune ou le nom du vendeur.",
    "stands_in": "Dans la commune demandée, sa catégorie est proche de celle que vos mots nomment.",
    "text": "Tous vos mots se trouvent chez lui, en comptant sa présentation.",
    "related": "Une partie de vos mots nomme sa catégorie ; le reste ne se trouve pas chez lui.",
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """What counts, as the page tells it. most: the most points it can give. anchor: where the page explains it."""

    name: str
    most: int
    anchor: str


def criteria() -> list[Criterion]:
    """Return what counts, the weightiest first."""
    counting = [
        Criterion("Ce que vos mots trouvent", max(ranking.TIERS.values()), "mots"),
        Criterion("La commune demandée", ranking.TOWN, "commune"),
        Criterion("La distance", max(points for _, points in ranking.BANDS), "distance"),
        Criterion("Des horaires confirmés", ranking.STALE, "horaires"),
    ]
    return sorted(counting, key=lambda criterion: -criterion.most)


@require_safe
@cached_page
def ranking_page(request: HttpRequest) -> HttpResponse:
    """How results are ordered, who is listed, and what never counts."""
    today = timezone.localdate()
    example = [ranking.TIERS["name"], ranking.TOWN, ranking.BANDS[1][1]]
    context = {
        "version": ranking.VERSION,
        "since": ranking.VERSION_SINCE,
        "criteria": criteria(),
        "tiers": [(RULES[tier], points) for tier, points in ranking.TIERS.items()],
        "town": ranking.TOWN,
        "bands": ranking.BANDS,
        "example": {"parts": example, "kilometres": ranking.BANDS[1][0], "total": sum(example)},
        "stale": ranking.STALE,
        "lowering": [term for term in CONTRACT if term.place != Place.AS_EVER],
        "today": today,
        "draw": ranking.daily_shuffle(today),
        "prime": ranking.ROTATION_PRIME,
        "fold": FOLD,
    }
    return render(request, "search/ranking.html", context)
