"""Places wider or narrower than a commune, as people say them: « le Vercors », « Grand Lyon », « Vieux Lyon ».

Source: areas.csv of the region's folder. An area is a list of communes, or a circle where no list of communes is one.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Area:
    """One line of the file.

    kind: massif, vallée, parc, pays, province, vignoble, métropole, lac, quartier. at: "dans le Vercors". also: other
    names. members: names of intercommunalities, INSEE codes, "dept:03"; of a quarter, its commune. circle: (latitude,
    longitude, kilometres), or None where the members are the area.
    """

    slug: str
    name: str
    kind: str
    at: str
    also: tuple[str, ...]
    members: tuple[str, ...]
    circle: tuple[float, float, float] | None

    @property
    def is_quarter(self) -> bool:
        return self.kind == "quartier"

    @property
    def communes(self) -> frozenset[str]:
        """The INSEE codes among its members."""
        return frozenset(member for member in self.members if member[:2].isdigit())

    @property
    def department_codes(self) -> frozenset[str]:
        return frozenset(member.removeprefix("dept:") for member in self.members if member.startswith("dept:"))

    @property
    def intercommunalities(self) -> frozenset[str]:
        return frozenset(self.members) - self.communes - {f"dept:{code}" for code in self.department_codes}

    def get_absolute_url(self) -> str:
        return f"/commerces/{self.slug}/"


@lru_cache(maxsize=1)
def by_slug() -> dict[str, Area]:
    return {area.slug: area for area in areas()}


@lru_cache(maxsize=1)
def areas() -> tuple[Area, ...]:
    """Return the areas of the file, in its order."""
    with (settings.REGION.folder / "areas.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_area(row) for row in csv.DictReader(file))


def _area(row: dict[str, str]) -> Area:
    circle = tuple(map(float, row["circle"].split(","))) if row["circle"] else None
    return Area(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        at=row["at"],
        also=tuple(filter(None, row["also"].split("|"))),
        members=tuple(filter(None, row["members"].replace("'", "’").split("|"))),  # as towns have them
        circle=(circle[0], circle[1], circle[2]) if circle else None,
    )
