"""A search, named as a heading."""

from portal.templatetags.portal import at_town
from search.gazetteer import Gazetteer
from search.query import Query, Within


def heading(known: Gazetteer, what: str, query: Query, is_filtered: bool = False) -> str:
    """Return what is looked for and where: "« cordonnier » à Die". what: as typed, without the place."""
    what = f"« {what} »" if what else ""
    if query.category:
        name = known.aisles[query.category].name
        what = f"{what}, {name}" if what else name
    place = query.place
    if not place or query.within == Within.ANYWHERE:
        return what or ("Commerces et produits" if is_filtered else "Chercher un commerce, un produit, une histoire")
    if not place.department_code:
        return f"{what or 'Commerces et produits'} {place.name[:1].lower()}{place.name[1:]}"
    if not place.insee_code:
        return f"{what or 'Commerces'}, {place.label}"
    return f"{what or 'Commerces et produits'} {at_town(place.name)}"
