"""The results page, and what a load balancer asks."""

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.templatetags.portal import at_town
from search import facets, gazetteer, health, ladder
from search.answer import Answer, answer
from search.cards import merchant_results, product_card, story_card
from search.demand.log import is_robot, note_search
from search.editorial import promoted
from search.links import BLOCKS, Address
from search.parse import Reading, Unreadable, parse
from search.query import Kind, Within
from search.results import Results


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found: merchants, products and stories together, or one of them page by page."""
    asked = request.GET
    known = gazetteer.current()
    kind = BLOCKS.get(asked.get("type", ""))
    category = asked.get("categorie", "").replace("\0", "")
    try:
        reading = parse(known, asked.get("q", ""), asked.get("ou", ""), category, asked.get("page", ""))
    except Unreadable as error:
        return render(request, "search/unreadable.html", {"reason": str(error)}, status=400)
    if kind is None and reading.query.page > 1:
        kind = Kind.MERCHANT

    found = answer(known, reading, kind)
    if kind is None and not is_robot(request):
        note_search(known, reading.what, reading, found)
    place = reading.query.place
    address = Address(
        what=reading.what,
        where=place.label if place and reading.query.within else reading.unknown_place,
        category=reading.query.category,
        kind=kind,
    )
    counted = _counted(found)
    context = {
        "reading": reading,
        "answer": found,
        "address": address,
        "promoted": promoted.answers(known, reading.query),
        "heading": _heading(known, reading),
        "canonical": settings.SITE_URL + _clean_path(reading),
        "is_clean": not address.fields,
        "active": facets.active(known, reading.query, address),
        "narrower": facets.narrower(known, counted, reading.query, address),
        "facet_groups": facets.groups(known, counted, reading.query, address.where),
        "kept": [{"name": name, "value": value} for name, value in address.fields.items() if name in ("q", "type")],
        "others": [_elsewhere(other.label, address) for other in reading.others],
        "spellings": [_elsewhere(other.label, address) for other in reading.spellings],
        "blocks": _blocks(found, address, kind),
        "rungs": [] if found.is_useful else ladder.rungs(known, reading, address.but(kind=None)),
    }
    return render(request, "search/search.html", context)


@never_cache
@require_safe
def sante(request: HttpRequest) -> JsonResponse:
    """How the database, the search and its queue are: 200, or 503 without a database."""
    try:
        return JsonResponse(health.report())
    except Error:
        return JsonResponse({"database": "down"}, status=503)


def _counted(found: Answer) -> Results:
    """Return the results whose facets the page shows: those of the first block that has any."""
    blocks = list(found.results.values())
    return next((results for results in blocks if results.total), blocks[0])


def _heading(known: gazetteer.Gazetteer, reading: Reading) -> str:
    query = reading.query
    what = f"« {reading.what} »" if reading.what else ""
    if query.category:
        name = known.aisles[query.category].name
        what = f"{what}, {name}" if what else name
    if not query.place or query.within == Within.ANYWHERE:
        return what or "Chercher un commerce, un produit, une histoire"
    where = at_town(query.place.name) if query.place.insee_code else query.place.label
    return f"{what or 'Commerces et produits'} {where}" if query.place.insee_code else f"{what or 'Commerces'}, {where}"


def _clean_path(reading: Reading) -> str:
    """Return the page that search engines should know instead: the town's or the town's category, else the search."""
    query = reading.query
    if query.place and query.place.slug and query.within:
        return f"/commerces/{query.place.slug}/" + (f"{query.category}/" if query.category else "")
    return "/recherche/"


def _elsewhere(label: str, address: Address) -> dict:
    return {"name": label, "url": address.but(where=label).url, "count": None, "active": False}


def _blocks(found: Answer, address: Address, kind: Kind | None) -> dict[str, dict]:
    """Return, by the name of its kind, each block that has something to show."""
    cards = {
        Kind.MERCHANT: merchant_results,
        Kind.PRODUCT: lambda results: [product_card(results.query, hit) for hit in results.hits],
        Kind.STORY: lambda results: [story_card(results.query, hit) for hit in results.hits],
    }
    return {
        shown.value: {
            "results": results,
            "cards": cards[shown](results),
            "all_url": address.but(kind=shown).url if kind is None and results.pages > 1 else "",
            "page_link": address.but(kind=shown).page_link,
            "is_alone": kind is not None,
            "last_url": f"{address.but(kind=shown).page_link}{results.pages}",
        }
        for shown, results in found.results.items()
        if results.total
    }
