"""The region that this portal is for: names, departments, words, all read from one folder of ``regions/``.

settings.REGION names the folder; regions/README.md says what stands in it. No other module knows a region by name.
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

REGIONS = Path(__file__).parents[1] / "regions"


@dataclass(frozen=True, slots=True)
class Department:
    """A department. slug: its public address; no town's looks like it, for they end in a number."""

    code: str
    name: str
    slug: str

    def get_absolute_url(self) -> str:
        return f"/commerces/{self.slug}/"

    @property
    def url(self) -> str:
        return self.get_absolute_url()


@dataclass(frozen=True, slots=True)
class Example:
    """A town that forms and the gallery of components name. postal_code, street: of its centre; other: one nearby.

    product: an article as its label has it; speciality: one word of what people look for there.
    """

    town: str
    insee_code: str
    postal_code: str
    street: str
    department_code: str
    other: str
    product: str
    speciality: str


@dataclass(frozen=True, slots=True)
class Region:
    """A Region of France. code: INSEE's.

    of, at: how a sentence says it, "d’Auvergne-Rhône-Alpes", "en Auvergne-Rhône-Alpes". institution: who publishes,
    "Région Bretagne". also: other names of the region as people search for it, folded. centre: (latitude, longitude)
    where times are told of nowhere in particular, in the department of centre_department. departments: by their codes.
    map_height: of the drawing of templates/region/, which is 1000 wide. colour: of browsers' frames, "#4a1030".
    metropolis: names of its biggest city with its surroundings, folded; districts_of: its city that has
    arrondissements, folded, "" if none has.
    """

    folder: Path
    code: str
    name: str
    of: str
    at: str
    institution: str
    also: tuple[str, ...]
    centre: tuple[float, float]
    centre_department: str
    departments: tuple[Department, ...]
    map_height: int
    colour: str
    example: Example
    districts_of: str = ""

    @property
    def slug(self) -> str:
        return self.folder.name

    @property
    def search_data(self) -> Path:
        """Words and places that searches know in this region alone."""
        return self.folder / "search"

    @property
    def demo_data(self) -> Path:
        """Who lives and sells in the fictional region of the demo."""
        return self.folder / "demo"

    @property
    def departments_in_words(self) -> str:
        """How many departments it has, as a sentence says it: "douze départements"."""
        count = len(self.departments)  # no Region has more than thirteen
        return f"{_NUMBERS[count]} département{'s' if count > 1 else ''}"


_NUMBERS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
)  # fmt: skip


def known_regions() -> list[str]:
    """Return the names of the folders that a region can be read from."""
    return sorted(file.parent.name for file in REGIONS.glob("*/region.toml"))


def read(slug: str) -> Region:
    """Read a region's folder. Raises ValueError, in one sentence, where there is none or its region.toml is wrong."""
    folder = REGIONS / slug
    if slug not in known_regions():
        raise ValueError(f"No region {slug!r}: choose one of {', '.join(known_regions())}, the folders of regions/.")
    told = tomllib.loads((folder / "region.toml").read_text(encoding="utf-8"))
    try:
        return _region(folder, told)
    except (KeyError, TypeError) as error:
        raise ValueError(f"regions/{slug}/region.toml is not what portal/region.py reads: {error}.") from error


def _region(folder: Path, told: dict[str, Any]) -> Region:
    if unknown := told.keys() - {field.name for field in fields(Region)}:
        raise KeyError(*sorted(unknown))
    latitude, longitude = told["centre"]
    return Region(
        **{
            **told,
            "folder": folder,
            "also": tuple(told["also"]),
            "centre": (float(latitude), float(longitude)),
            "departments": tuple(Department(**department) for department in told["departments"]),
            "example": Example(**told["example"]),
        }
    )
