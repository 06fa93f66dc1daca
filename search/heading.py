"""The heading of a results page, and the sentence for what a town lacks."""

from django.conf import settings

from portal import grammar
from search.answer import Answer
from search.query import Query, Within
from search.understanding.gazetteer import Gazetteer
from search.understanding.parse import ParsedQuery


def heading(known: Gazetteer, what: str, query: Query, is_filtered: bool = False) -> str:
    """Return what is looked for and where: "« cordonnier » à Die". what: as typed, without the place."""
    what = f"« {what} »" if what else ""
    if query.category:
        name = known.categories[query.category].name
        what = f"{what}, {name}" if what else name
    place = query.place
    if not place or query.within == Within.ANYWHERE:
        return what or ("Commerces et produits" if is_filtered else "Chercher un commerce, un produit, une histoire")
    if place.area:
        return f"{what or 'Commerces et produits'} {place.at}" if place.at else f"{what or 'Commerces'}, {place.name}"
    if not place.department_code:
        return f"{what or 'Commerces et produits'} {place.name[:1].lower()}{place.name[1:]}"
    if not place.insee_code:
        return f"{what or 'Commerces'}, {place.label}"
    return f"{what or 'Commerces et produits'} {grammar.at(place.name)}"


def where_asked(reading: ParsedQuery) -> dict[str, str]:
    """Return the title and text that ask where, of a reading that nobody can place: {title, text, offer}.

    offer: what introduces the places to choose from.
    """
    if reading.outside:
        return {
            "title": f"{reading.outside.label} n’est pas {settings.REGION.at}",
            "text": "Tous les commerçants de ce site sont dans la région.",
            "offer": "Les communes les plus proches, de ce côté-ci\u00a0:",
        }
    if reading.near_me:
        return {
            "title": "Autour de vous, mais où\u00a0?",
            "text": "Tapez votre commune ou son code postal dans «\u00a0Où\u00a0?\u00a0». Ou touchez "
            "«\u00a0Autour de moi\u00a0»\u00a0: votre appareil demandera votre accord, et ne dira votre position "
            "qu’à un kilomètre près.",
            "offer": "",
        }
    return {
        "title": f"Nous ne connaissons pas «\u00a0{reading.unknown_place}\u00a0»",
        "text": f"Tapez dans «\u00a0Où\u00a0?\u00a0» une commune {settings.REGION.of}, un code postal "
        "ou un département.",
        "offer": "Vouliez-vous dire\u00a0:",
    }


def shortage(known: Gazetteer, query: Query, found: Answer) -> dict[str, str] | None:
    """Return the title and text that tell that others are shown than those looked for; None where they are not."""
    around = f"ce qui se trouve à moins de {found.opened_to}\u00a0km" if found.opened_to else ""
    if found.related_shown and not (query.place and query.within):
        guessed, near = (_names(known, slugs) for slugs in (query.inferred, found.related_shown))
        return {"title": f"Personne encore dans {guessed}", "text": f"Voici qui en est proche\u00a0: {near}."}
    if not (found.related_shown and query.place):
        return {"title": "Rien à l’endroit demandé", "text": f"Voici {around}."} if around else None
    guessed, there = (_names(known, slugs) for slugs in (query.inferred, found.related_shown))
    if found.is_apart:
        return {
            "title": f"Personne {query.place.at or grammar.at(query.place.name)} dans {guessed}",
            "text": f"Voici qui en est proche, à moins de {found.opened_to}\u00a0km\u00a0: {there}.",
        }
    return {
        "title": f"Personne {query.place.at or grammar.at(query.place.name)} dans {guessed}",
        "text": f"Voici, sur place, qui en est proche\u00a0: {there}" + (f", puis {around}." if around else "."),
    }


def _names(known: Gazetteer, slugs: tuple[str, ...]) -> str:
    return ", ".join(f"«\u00a0{known.categories[slug].name}\u00a0»" for slug in slugs)
