"""Areas as places that words can name: those of areas.csv of the region's folder, and every intercommunality."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from directory.areas import Area, areas
from directory.geography import DEGREE, distance
from directory.models import Town
from search.query import Place
from search.understanding.normalize import fold
from search.understanding.place_spelling import AREA_KINDS

# What people put before an area's name, by its kind.
_BEFORE = {
    "massif": ("massif", "montagnes", "plateau", "parc", "parc naturel", "parc naturel régional", "pnr"),
    "vallée": ("vallée",),
    "parc": ("parc", "parc naturel", "parc naturel régional", "pnr", "massif", "mont", "monts"),
    "vignoble": ("vignoble", "vignobles", "vignes", "pays"),
    "pays": ("pays", "plaine", "plateau", "région"),
    "province": ("pays", "région"),
    "lac": ("bords", "rives", "tour"),
    "quartier": ("quartier",),
}
_OF = ("", "de ", "de la ", "du ", "des ", "de l’")
_CITY = ("métropole", "intercommunalité")  # of one city, which is meant before its neighbours


class _Members:
    """Which towns are of what."""

    def __init__(self, towns: Iterable[Town]) -> None:
        self.towns = [town for town in towns if town.parent is None]
        self._of: dict[str, list[Town]] = defaultdict(list)
        for town in self.towns:
            for name in (town.epci_name, f"dept:{town.department_code}", town.insee_code):
                self._of[name].append(town)

    def of(self, members: Sequence[str]) -> list[Town]:
        return list({town.insee_code: town for member in members for town in self._of.get(member, ())}.values())

    def within(self, circle: tuple[float, float, float] | None) -> list[Town]:
        """Return the towns of a circle; the difference of latitudes, cheap, leaves most of them out."""
        if circle is None:
            return []
        latitude, _, kilometres = circle
        near = (town for town in self.towns if abs(town.latitude - latitude) * DEGREE <= kilometres)
        return [town for town in near if distance(town.point, circle[:2]) <= kilometres]

    @property
    def intercommunalities(self) -> list[str]:
        return list(dict.fromkeys(town.epci_name for town in self.towns if town.epci_name))


def named_areas(towns: Iterable[Town], names: Mapping[str, Place]) -> Iterator[tuple[Place, list[str], list[str]]]:
    """Yield each area as a place, with its names, and with what people say around one of these.

    towns: biggest first. names: places by INSEE code.
    """
    members = _Members(towns)
    for area in areas():
        own = members.of(area.members)
        if own or not area.members:
            yield _place(area, own or members.within(area.circle)), list(_names(area)), list(_said_around(area))
    for name in members.intercommunalities:
        own = members.of([name])
        said = _plain_name(name)
        if len(said.split()) > 1 or "-" in said:
            biggest = own[0]
            area = Area("", said, "intercommunalité", "", (), (name,), None)
            yield _place(area, own), [said, name, *_agglomeration(names[biggest.insee_code].name)], []


def _place(area: Area, towns: Sequence[Town]) -> Place:
    """Return an area as a place: a circle, or its towns, around their middle weighed by who lives there."""
    codes = tuple(sorted(town.insee_code for town in towns))
    people = sum(town.population for town in towns)
    departments = {town.department_code for town in towns}
    circle = area.circle
    if circle:
        point = circle[:2]
    else:
        weights = [max(town.population, 1) for town in towns]
        mean = [
            sum(w * at for w, at in zip(weights, side, strict=True)) / sum(weights)
            for side in zip(*(town.point for town in towns), strict=True)
        ]
        point = (round(mean[0], 4), round(mean[1], 4))
    own = [town for town in towns if area.name.endswith(f" {town.name}")]  # « Pays de Gex »
    city = next(iter(own or (towns if area.kind in _CITY else [])), None)
    return Place(
        name=area.name,
        department_code=towns[0].department_code if len(departments) == 1 else "",
        department_name=towns[0].department_name if len(departments) == 1 else "",
        insee_code=city.insee_code if city else "",
        population=people,
        point=point,
        area=area.kind,
        at=area.at,
        towns=() if circle else codes,
        circle=circle[2] if circle else 0,
    )


def _names(area: Area) -> Iterator[str]:
    own = area.name.split(" (")[0]
    if area.kind != "quartier":
        yield area.name
    else:
        city = area.name[len(own) + 2 : -1]
        yield from (area.name, f"{own} {city}", f"{city} {own}")
    yield from dict.fromkeys((own, *area.also))


def _said_around(area: Area) -> Iterator[str]:
    for name in dict.fromkeys((area.name.split(" (")[0], *area.also)):
        for before in _BEFORE.get(area.kind, ()):
            yield from (f"{before} {of}{name}" for of in _OF)


def _plain_name(name: str) -> str:
    """Return an intercommunality's name without its kind: "CC de la Dombes" -> "Dombes"."""
    words = name.split(" (")[0].replace("l’", "l’ ").replace("d’", "d’ ").split()
    while len(words) > 1 and fold(words[0]).rstrip("'’") in AREA_KINDS - {"metropole"}:
        words = words[1:]
    return " ".join(words).replace("’ ", "’")


def _agglomeration(city: str) -> Iterator[str]:
    """Yield how people call the surroundings of a city."""
    for word in ("métropole", "agglo", "agglomération", "communauté"):
        yield f"{city} {word}"
        yield f"{word} de {city}"
