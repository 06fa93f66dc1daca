"""Several places said together, as one that holds them all: « Voiron ou Moirans », « entre Valence et Romans »."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from portal import grammar
from search.query import Place
from search.understanding.gazetteer import Gazetteer

KIND = "communes"
MOST = 4  # places


def together(gazetteer: Gazetteer, places: Sequence[Place]) -> Place | None:
    """Return the place that is all of these; None where one of them is a circle, which no list of communes is.

    It bears the codes of the first, whose name comes first in its own. Its point is the middle of theirs.
    """
    places = list(dict.fromkeys(places))[:MOST]
    if len(places) < 2 or any(place.circle for place in places):
        return None
    points = [point for place in places if (point := place.point or _middle(gazetteer, place))]
    latitudes, longitudes = zip(*points, strict=True)
    departments = {place.department_code for place in places}
    return replace(
        places[0],
        name=_listed([place.name for place in places]),
        department_code=departments.pop() if len(departments) == 1 else "",
        slug="",
        population=sum(place.population for place in places),
        point=(sum(latitudes) / len(points), sum(longitudes) / len(points)),
        area=KIND,
        at=_listed([_at(place) for place in places]),
        towns=tuple(sorted({code for place in places for code in _codes(gazetteer, place)})),
    )


def _codes(gazetteer: Gazetteer, place: Place) -> Iterator[str]:
    if place.towns:
        yield from place.towns
    elif place.insee_code:
        yield place.insee_code
    else:
        yield from (town.insee_code for town in _of_department(gazetteer, place))


def _middle(gazetteer: Gazetteer, department: Place) -> tuple[float, float] | None:
    biggest = max(_of_department(gazetteer, department), key=lambda town: town.population)
    return biggest.point


def _of_department(gazetteer: Gazetteer, place: Place) -> list[Place]:
    return [town for town in gazetteer.places.values() if town.department_code == place.department_code]


def _at(place: Place) -> str:
    return place.at or (grammar.at(place.name) if place.insee_code else place.name)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} et {names[-1]}"
