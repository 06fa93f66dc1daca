"""Steps out of a search that found nothing, nearest first: it never ends there."""

from dataclasses import replace

from search.cards import merchant_card
from search.engines.failover import engine
from search.gazetteer import Gazetteer
from search.links import Address
from search.parse import Reading
from search.query import Kind, Place, Query, Within
from search.results import Results
from search.words import words_of

NEAREST = 3  # merchants shown
MOST_WORDS = 4  # words tried alone


def rungs(gazetteer: Gazetteer, reading: Reading, address: Address) -> list[dict]:
    """Return what components/ladder.html shows. The last rung stands whatever was asked.

    All the questions it takes are asked of the engine at once.
    """
    query = replace(reading.query, kind=Kind.MERCHANT, page=1, size=NEAREST)
    tries: dict[str, tuple[Query, Address]] = {}
    if query.place and query.within:
        everywhere = replace(query, within=Within.ANYWHERE, nearest=query.point is not None)
        tries["nearest"] = everywhere, address.but(where="")
        if query.place.insee_code:
            department = gazetteer.departments[query.place.department_code]
            tries["department"] = replace(query, place=department), address.but(where=department.label)
    if query.category:
        tries["any category"] = replace(query, category=""), address.but(category="")
    if len(query.words) > 1:
        for word in query.words[:MOST_WORDS]:
            guesses = gazetteer.lexicon.guess([word]).slugs
            alone = replace(query, words=(word,), phrase=(word,), guesses=guesses, rest=(), within=Within.ANYWHERE)
            tries[f"word {word}"] = alone, address.but(what=_as_typed(word, reading.what), where="")
    found = dict(zip(tries, engine().search([asked for asked, _ in tries.values()]), strict=True)) if tries else {}

    nearest, words = found.get("nearest"), [key for key in tries if key.startswith("word")]
    return [
        *([_nearest(nearest, query.place)] if nearest and nearest.total and query.place else []),
        *_links("Vous vouliez peut-être", tries, found, words),
        *_links("Élargir la recherche", tries, found, ["any category", "department", "nearest"]),
        _aisles(gazetteer, address if query.within else Address()),
    ]


def _nearest(results: Results, place: Place) -> dict:
    hit = results.hits[0]
    title = "Ailleurs dans la région"
    if hit.distance is not None:
        title = f"Le plus proche : {hit.entry.town_name}, à {round(hit.distance)} km de {place.name}"
    return {"title": title, "text": "", "links": [], "cards": [merchant_card(hit) for hit in results.hits]}


def _links(
    title: str, tries: dict[str, tuple[Query, Address]], found: dict[str, Results], keys: list[str]
) -> list[dict]:
    links = [
        {"name": _name(*tries[key]), "url": tries[key][1].url, "count": found[key].total, "active": False}
        for key in keys
        if key in found and found[key].total
    ]
    return [{"title": title, "text": "", "links": links, "cards": []}] if links else []


def _name(query: Query, address: Address) -> str:
    what = address.what or "Tous les commerces"
    return f"{what} – {address.where or 'toute la région'}"


def _aisles(gazetteer: Gazetteer, address: Address) -> dict:
    """Return the top categories, in the place asked for: the step that is always there."""
    links = [
        {"name": aisle.name, "url": address.but(what="", category=aisle.slug).url, "count": None, "active": False}
        for aisle in gazetteer.aisles.values()
        if aisle.parent == aisle.slug
    ]
    return {"title": "Parcourir par rayon", "text": "", "links": links, "cards": []}


def _as_typed(word: str, text: str) -> str:
    return next((piece for piece in text.split() if words_of(piece) == [word]), word)
