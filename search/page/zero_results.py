"""Next steps to offer when a search finds nothing, the nearest first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal import grammar
from search.alerts.forms import AlertForm
from search.engines.failover import engine
from search.filters import NONE
from search.links import Address
from search.page.cards import merchant_card
from search.query import Kind, Order, Place, Query, Within
from search.results import Results
from search.understanding.gazetteer import Gazetteer
from search.understanding.normalize import words_of
from search.understanding.parse import parse

NEAREST = 3  # merchants shown
MOST_WORDS = 4  # words tried alone

TITLES = {
    "filter": "Sans l’un de vos filtres",
    "word": "Vous vouliez peut-être",
    "wider": "Élargir la recherche",
    "beside": "Dans un rayon voisin",
}

WITHOUT = {
    "open_at": "À toute heure",
    "collect": "Sans vente en ligne aussi",
    "delivers": "Sans livraison aussi",
    "step_free": "Avec une marche aussi",
    "excluded": "Sans rien écarter",
    "price": "À tous les prix",
    "label": "Avec ou sans label",
    "seller": "Chez tous les commerçants",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try. kind: a key of TITLES, or "nearest". address: of the page that shows it."""

    kind: str
    name: str
    query: Query
    address: Address


def next_steps(gazetteer: Gazetteer, query: Query, address: Address, offers_alert: bool = True) -> list[dict]:
    """Return what components/next_steps.html shows. The last step stands whatever was asked.

    offers_alert: whether to tell when such a merchant comes; nobody comes who is not of this site.

    All the questions it takes are asked of the engine at once.
    """
    asked = replace(query, related=(), page=1, size=NEAREST, folded=False, uncounted=True)
    steps = list(_steps(gazetteer, asked, address))
    found = engine().search([step.query for step in steps]) if steps else []
    tried = [(step, results) for step, results in zip(steps, found, strict=True) if results.total]
    nearest = next((results for step, results in tried if step.kind == "nearest"), None)
    return [
        *_links(tried, "filter"),
        *([_nearest(nearest, query.place)] if nearest and query.place else []),
        *_links(tried, "word"),
        *_links(tried, "wider"),
        *_links(tried, "beside"),
        *(_alert(query, address) if offers_alert else []),
        top_categories(gazetteer, address.but(filters=NONE) if query.within else Address()),
    ]


def _steps(gazetteer: Gazetteer, query: Query, address: Address) -> Iterator[Step]:
    """Yield what to try: filters fewer by one, the words alone, the department, the region, the categories beside."""
    for name, rest in address.filters.each_without():
        if name in WITHOUT:
            yield Step("filter", WITHOUT[name], rest.narrow(query), address.but(filters=rest))
    if query.last_hidden:
        known = "Avec ceux dont les horaires ne sont plus confirmés"
        yield Step("filter", known, replace(query, everyone=True), address.filtered(everyone=True))
    if query.category:
        yield Step("filter", "Dans toutes les catégories", replace(query, category=""), address.but(category=""))

    bare = NONE.narrow(replace(query, kind=Kind.MERCHANT))
    clear = address.but(kind=None, filters=NONE)
    what = address.what or (gazetteer.categories[query.category].name if query.category else "Tous les commerces")
    if len(query.words) > 1:
        for word in query.words[:MOST_WORDS]:
            alone, typed = parse(gazetteer, word).query, _as_typed(word, address.what)
            if word in query.unexplained or not set(alone.inferred) & set(query.inferred):
                continue  # « crème » of « crème de marrons », « 42 » of a size: a word cut off says something else
            yield Step("word", typed, replace(alone, size=NEAREST, uncounted=True), Address(what=typed))
    if query.place and query.within:
        if query.place.department_code and query.place.insee_code:
            department = gazetteer.departments[query.place.department_code]
            within = replace(bare, place=department, within=Within.PLACE)
            yield Step("wider", f"{what} – {department.label}", within, clear.but(where=department.label))
        everywhere = replace(bare, within=Within.ANYWHERE, order=Order.DISTANCE)
        yield Step("nearest", what, everywhere, clear.but(where=""))
        yield Step("wider", f"{what} – toute la région", everywhere, clear.but(where=""))
    known = query.category or next(iter(query.inferred), "")
    if known in gazetteer.categories:
        top = gazetteer.categories[gazetteer.categories[known].parent]
        beside = replace(bare, words=(), phrase=(), inferred=(), unexplained=(), synonym=None, category=top.slug)
        yield Step("beside", top.name, beside, clear.but(what="", category=top.slug))


def _nearest(results: Results, place: Place) -> dict:
    hit = results.hits[0]
    title = "Ailleurs dans la région"
    if hit.distance is not None:
        title = f"Le plus proche : {hit.entry.town_name}, à {round(hit.distance)} km {_of(place)}"
    return {"title": title, "links": [], "cards": [merchant_card(hit) for hit in results.hits]}


def _of(place: Place) -> str:
    return grammar.of(place.name) if place.insee_code else "d’ici"


def _links(tried: list[tuple[Step, Results]], kind: str) -> list[dict]:
    links = [
        {"name": step.name, "url": step.address.url, "count": results.total, "active": False}
        for step, results in tried
        if step.kind == kind
    ]
    return [{"title": TITLES[kind], "links": links, "cards": []}] if links else []


def _alert(query: Query, address: Address) -> list[dict]:
    """Return the form of an alert, where something is looked for in a place that exists."""
    if not (query.words or query.category) or (query.within and query.place and query.place.area):
        return []  # an alert is kept for a commune or a department
    form = AlertForm.of(address if query.within else address.but(where=""))
    return [{"title": "Prévenez-moi quand ce commerce arrive", "links": [], "cards": [], "form": form}]


def top_categories(gazetteer: Gazetteer, address: Address) -> dict:
    """Return the top categories, in the place asked for: the step that is always there."""
    links = [
        {"name": category.name, "url": address.but(what="", category=category.slug).url, "count": None, "active": False}
        for category in gazetteer.categories.values()
        if category.parent == category.slug
    ]
    return {"title": "Parcourir par rayon", "links": links, "cards": []}


def _as_typed(word: str, text: str) -> str:
    return next((piece for piece in text.split() if words_of(piece) == [word]), word)
