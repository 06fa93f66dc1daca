"""The results page, and what a load balancer asks."""

from dataclasses import replace

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import grammar
from search import filters, health
from search.answer import Answer, answer, choose_reading
from search.demand.log import is_robot, note_search
from search.editorial import promoted
from search.engines.failover import engine
from search.links import BLOCKS, Address
from search.page import facets, zero_results
from search.page.cards import merchant_results, product_card, story_card
from search.page.heading import heading, shortage, where_asked
from search.page.markers import results_map
from search.query import Kind, Query, Within
from search.results import Results
from search.understanding import gazetteer
from search.understanding.parse import ParsedQuery, Unreadable, parse


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found: merchants, products and stories together, or one of them page by page."""
    asked = request.GET
    known = gazetteer.current()
    kind = BLOCKS.get(asked.get("type", ""))
    category = asked.get("categorie", "").replace("\0", "")
    try:
        typed = parse(known, asked.get("q", ""), asked.get("ou", ""), category, asked.get("page", ""))
    except Unreadable as error:
        return render(request, "search/unreadable.html", {"reason": str(error)}, status=400)
    narrowing = filters.read(asked)
    if typed.is_unplaced and not narrowing.around:
        return _unplaced(request, known, typed, category)
    reading = typed if narrowing.as_typed else choose_reading(typed, engine())
    is_unfiltered = not narrowing.fields
    if reading.query.within == Within.RADIUS:  # « près de Privas »
        narrowing = replace(narrowing, radius=narrowing.radius or reading.query.radius)
    query = narrowing.narrow(reading.query)
    if kind is None and query.page > 1:
        kind = Kind.PRODUCT if narrowing.of_products else Kind.MERCHANT

    found = answer(known, query, kind)
    if kind is None and is_unfiltered and not is_robot(request):
        note_search(known, typed.what, reading, found)
    place = reading.query.place
    address = Address(
        what=reading.what,
        where=place.label if place and reading.query.within else reading.unknown_place,
        category=query.category,
        kind=kind,
        filters=narrowing,
    )
    counted = found.counted
    groups = facets.groups(known, counted, query, address)
    shown = {choice["name"] for group in groups for choice in group["choices"]} | {filters.MOMENT}
    context = {
        "reading": reading,
        "answer": found,
        "address": address,
        "correction": None if reading is typed else _correction(typed, reading, address),
        "promoted": promoted.answers(known, reading.query),
        "heading": heading(known, reading.what, query, is_filtered=bool(narrowing.fields)),
        "shortage": shortage(known, query, found),
        "canonical": settings.SITE_URL + _clean_path(reading.query),
        "is_clean": not asked,
        "active": facets.active(known, query, address, _seller(found)),
        "narrower": facets.narrower(known, counted, query, address),
        "facet_groups": groups,
        "kept": [{"name": name, "value": value} for name, value in address.fields.items() if name not in shown],
        "others": [_elsewhere(other.label, address) for other in reading.others],
        "blocks": _blocks(known, found, address, kind),
        "steps": [] if found.is_useful else zero_results.next_steps(known, query, address),
    }
    return render(request, "search/search.html", context)


def _unplaced(request: HttpRequest, known: gazetteer.Gazetteer, reading: ParsedQuery, category: str) -> HttpResponse:
    """Ask where, instead of answering for the whole region: the place is unknown, elsewhere, or the visitor's own."""
    category = category if category in known.categories else ""
    everywhere = Address(what=reading.what, category=category)
    here = "" if reading.near_me else request.GET.get("ou", "")
    context = {
        "reading": reading,
        "ou": here,
        "heading": heading(known, reading.what, Query(category=category)),
        "asked": where_asked(reading),
        "canonical": settings.SITE_URL + "/recherche/",
        "offered": [_elsewhere(place.label, everywhere) for place in reading.spellings],
        "everywhere": everywhere.url,
        "steps": [zero_results.top_categories(known, Address())],
    }
    return render(request, "search/unplaced.html", context)


@never_cache
@require_safe
def sante(request: HttpRequest) -> JsonResponse:
    """How the database, the search and its queue are: 200, or 503 without a database."""
    try:
        return JsonResponse(health.report())
    except Error:
        return JsonResponse({"database": "down"}, status=503)


def _correction(typed: ParsedQuery, reading: ParsedQuery, address: Address) -> dict:
    """Return what was searched, what was typed, and the address that searches that all the same."""
    as_typed = address.but(what=typed.what).filtered(as_typed=True)
    return {"text": reading.text, "typed": typed.text, "url": as_typed.url}


def _seller(found: Answer) -> str:
    """Return the name of the one whose products are shown."""
    return next((hit.entry.seller for results in found.results.values() for hit in results.hits), "")


def _clean_path(query: Query) -> str:
    """Return the page that search engines should know instead: the town's or the town's category, else the search."""
    if query.place and query.place.slug and query.within:
        return f"/commerces/{query.place.slug}/" + (f"{query.category}/" if query.category else "")
    return "/recherche/"


def _elsewhere(label: str, address: Address) -> dict:
    return {"name": label, "url": address.but(where=label).url, "count": None, "active": False}


def _blocks(known: gazetteer.Gazetteer, found: Answer, address: Address, kind: Kind | None) -> dict[str, dict]:
    """Return, by the name of its kind, each block that has something to show."""
    is_unranked = found.is_unranked
    maps: dict[Kind, dict | None] = {
        shown: results_map(known, results, address)
        for shown, results in found.results.items()
        if shown == Kind.MERCHANT
    }
    cards = {
        Kind.MERCHANT: lambda results: merchant_results(results, maps.get(Kind.MERCHANT) is not None, is_unranked),
        Kind.PRODUCT: lambda results: [product_card(results.query, hit, is_unranked) for hit in results.hits],
        Kind.STORY: lambda results: [story_card(results.query, hit, is_unranked) for hit in results.hits],
    }
    return {
        shown.value: {
            "results": results,
            "cards": cards[shown](results),
            "all_url": address.but(kind=shown).url if kind is None and results.pages > 1 else "",
            "page_link": address.but(kind=shown).page_link,
            "is_alone": kind is not None,
            "more": _folded(results, address),
            "map": maps.get(shown),
            "last_url": f"{address.but(kind=shown).page_link}{results.pages}",
        }
        for shown, results in found.results.items()
        if results.total
    }


def _folded(results: Results, address: Address) -> list[dict]:
    """Return a link to the others of each seller whose products are folded."""
    return [
        {
            "name": f"{seller}\u00a0: {hit.others} autre{'s' if hit.others > 1 else ''}",
            "url": address.but(kind=Kind.PRODUCT).filtered(seller=hit.entry.merchant).url,
            "count": None,
            "active": False,
        }
        for hit in results.hits
        if hit.others
        for seller in [grammar.sentence(grammar.chez(hit.entry.seller))]
    ]
