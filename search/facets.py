"""Filters of a results page: as a form with true counts, and as links."""

from collections import Counter

from search.gazetteer import Gazetteer
from search.links import Address
from search.query import Query, Within
from search.results import Results

FEW = 12  # categories shown one by one; beyond, their top categories first


def groups(gazetteer: Gazetteer, results: Results, query: Query, where: str) -> list[dict]:
    """Return what components/facets.html shows: categories, then towns. where: what « Où ? » holds."""
    return [
        {
            "title": "Catégorie",
            "type": "radio",
            "name": "categorie",
            "choices": [
                {"value": "", "label": "Toutes", "count": None, "checked": not query.category},
                *(
                    {"value": slug, "label": label, "count": count, "checked": slug == query.category}
                    for slug, label, count in _categories(gazetteer, results.categories, query.category)
                ),
            ],
        },
        {"title": "Commune", "type": "radio", "name": "ou", "choices": _towns(gazetteer, results, query, where)},
    ]


def narrower(gazetteer: Gazetteer, results: Results, query: Query, address: Address, count: int = 6) -> list[dict]:
    """Return links to the fullest categories, as chips, unless one is chosen already."""
    if query.category:
        return []
    fullest = Counter(results.categories).most_common(count)
    return [
        {
            "name": gazetteer.aisles[slug].name,
            "url": address.but(category=slug).url,
            "count": found,
            "active": False,
        }
        for slug, found in fullest
        if slug in gazetteer.aisles and len(fullest) > 1
    ]


def active(gazetteer: Gazetteer, query: Query, address: Address) -> list[dict]:
    """Return a chip for each filter in force, whose link takes it away."""
    chips = []
    if query.category:
        name = gazetteer.aisles[query.category].name
        chips.append({"name": name, "url": address.but(category="").url, "count": None, "active": True})
    if query.place and query.within:
        chips.append({"name": query.place.label, "url": address.but(where="").url, "count": None, "active": True})
    return chips


def _categories(gazetteer: Gazetteer, counts: dict[str, int], chosen: str) -> list[tuple[str, str, int]]:
    """Return (slug, label, count) of the categories to offer: a tree, opened where it is small or chosen."""
    aisles = gazetteer.aisles
    totals: Counter[str] = Counter()
    for slug, count in counts.items():
        if slug in aisles:
            totals[aisles[slug].parent] += count
            if aisles[slug].parent != slug:
                totals[slug] += count
    if chosen in aisles:
        totals[chosen] += 0
        totals[aisles[chosen].parent] += 0
    tops = [slug for slug in aisles if slug in totals and aisles[slug].parent == slug]
    leaves = [slug for slug in aisles if slug in totals and aisles[slug].parent != slug]
    opened = set(tops) if len(leaves) <= FEW else {aisles[chosen].parent} if chosen in aisles else set()
    offered = []
    for top in sorted(tops, key=lambda slug: -totals[slug]):
        offered.append((top, aisles[top].name, totals[top]))
        if top in opened:
            below = sorted((slug for slug in leaves if aisles[slug].parent == top), key=lambda slug: -totals[slug])
            offered += [(slug, f"– {aisles[slug].name}", totals[slug]) for slug in below]
    return offered


def _towns(gazetteer: Gazetteer, results: Results, query: Query, where: str) -> list[dict]:
    offered = [(gazetteer.places[code], count) for code, count in results.towns.items() if code in gazetteer.places]
    choices = [{"value": place.label, "label": place.label, "count": count} for place, count in offered]
    labels = {choice["label"] for choice in choices}
    if query.within == Within.ANYWHERE:
        return [
            {"value": "", "label": "Toute la région", "count": None, "checked": True},
            *({**choice, "checked": False} for choice in choices),
        ]
    if where not in labels:
        # A commune with districts, a department, an empty town: chosen, though not among the counted.
        found = results.total if results.query.within == Within.PLACE else None
        choices.insert(0, {"value": where, "label": where, "count": found})
    return [
        {"value": "", "label": "Toute la région", "count": None, "checked": False},
        *({**choice, "checked": choice["label"] == where} for choice in choices),
    ]
