"""The context of the results page, and of the page that asks where."""

from typing import Any

from django.conf import settings

from portal import grammar
from search import filters
from search.answer import Answer
from search.editorial import promoted
from search.heading import heading, shortage, where_asked
from search.links import Address
from search.page import facets, notices, zero_results
from search.page.cards import merchant_results, product_card, story_card
from search.page.markers import results_map
from search.query import Kind, Query
from search.request import SearchRequest
from search.results import Results
from search.understanding.gazetteer import Gazetteer


def present(asked: SearchRequest, found: Answer) -> dict[str, Any]:
    """Return the context of search/search.html."""
    notes = notices.notices(asked, found)
    names = notices.nearest_names(asked, found)
    if found.is_relaxed:
        asked = asked.relax()
    known, query, parsed, address = asked.known, asked.query, asked.parsed, asked.address
    counted = found.counted
    lacking = shortage(known, query, found)
    groups = facets.groups(known, counted, query, address)
    shown = {choice["name"] for group in groups for choice in group["choices"]} | {filters.MOMENT}
    return {
        "reading": parsed,
        "answer": found,
        "address": address,
        "correction": _correction(asked, address) if asked.is_corrected else None,
        "follow_up": _follow_up(asked) if asked.before else None,
        "promoted": promoted.answers(known, parsed.query),
        "heading": heading(known, parsed.what, query, is_filtered=bool(asked.filters.fields)),
        "shortage": lacking,
        "canonical": settings.SITE_URL + _clean_path(parsed.query),
        "is_clean": asked.is_empty,
        "notices": notes,
        "told": [*notes, *filter(None, [lacking])],
        "nearest_names": names,
        "active": [*facets.active(known, query, address, _seller(found)), *notices.wish_chips(asked, address)],
        "narrower": facets.narrower(known, counted, query, address),
        "facet_groups": groups,
        "kept": [{"name": name, "value": value} for name, value in address.fields.items() if name not in shown],
        "others": [_elsewhere(other.label, address) for other in parsed.others],
        "blocks": _blocks(known, found, address, asked.kind),
        "steps": [] if found.is_useful else zero_results.next_steps(known, query, address, _may_come(asked)),
    }


def present_unplaced(asked: SearchRequest) -> dict[str, Any]:
    """Return the context of search/unplaced.html, which asks where instead of answering for the whole region.

    The place is unknown, elsewhere, or the visitor's own.
    """
    parsed, category = asked.parsed, asked.query.category
    everywhere = Address(what=parsed.what, category=category)
    return {
        "reading": parsed,
        "ou": "" if parsed.near_me else asked.ou,
        "heading": heading(asked.known, parsed.what, Query(category=category)),
        "asked": where_asked(parsed),
        "canonical": settings.SITE_URL + "/recherche/",
        "offered": [_elsewhere(place.label, everywhere) for place in parsed.spellings],
        "everywhere": everywhere.url,
        "steps": [zero_results.top_categories(asked.known, Address())],
    }


def _may_come(asked: SearchRequest) -> bool:
    """Return whether what was looked for may be of this site one day."""
    unanswered = asked.parsed.wishes.unanswered
    return unanswered is None or unanswered.keeps


def _correction(asked: SearchRequest, address: Address) -> dict[str, str]:
    """Return what was searched, what was typed, and the address that searches that all the same."""
    as_typed = address.but(what=asked.typed.what).filtered(as_typed=True)
    return {"text": asked.parsed.text, "typed": asked.typed.text, "url": as_typed.url}


def _follow_up(asked: SearchRequest) -> dict[str, str]:
    """Return the question gone on from, what was read, what was typed, and the address that searches that alone."""
    alone = Address(what=asked.added, where=asked.ou)
    return {"before": asked.before, "read": asked.parsed.asked, "typed": asked.added, "url": alone.url}


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


def _blocks(known: Gazetteer, found: Answer, address: Address, kind: Kind | None) -> dict[str, dict]:
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
        for shown in found.leads
        for results in [found.results[shown]]
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
