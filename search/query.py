"""What is asked: the same for every engine."""

from dataclasses import dataclass
from enum import StrEnum

PAGE_SIZE = 20
LAST_PAGE = 100  # deeper is refused: nobody reads it, and each deeper page costs an engine more


class Kind(StrEnum):
    """What a result is; each kind has its own block in the page and its own index."""

    MERCHANT = "merchant"
    PRODUCT = "product"
    STORY = "story"


class Within(StrEnum):
    """How a place binds the results."""

    ANYWHERE = ""  # it only raises what is near
    PLACE = "place"  # inside the town or department
    RADIUS = "radius"  # inside a circle around the town


@dataclass(frozen=True, slots=True)
class Place:
    """A town or a whole department, as the gazetteer knows it.

    insee_code: "" for a department. point: (latitude, longitude), of the town.
    """

    name: str
    department_code: str
    department_name: str
    insee_code: str = ""
    slug: str = ""
    population: int = 0
    point: tuple[float, float] | None = None

    @property
    def label(self) -> str:
        """What the visitor reads in « Où ? », and what « Où ? » understands: "Die (26)"."""
        return f"{self.name} ({self.department_code})"


@dataclass(frozen=True, slots=True)
class Query:
    """One request for results of one kind, already valid.

    words: folded words that say what is looked for; () matches everything.
    phrase: the same with the small words between them, in the order typed, for a name typed in full.
    guesses: slugs of categories that some of the words name; they raise and never filter.
    rest: those of the words that the guess leaves unexplained.
    category: the slug of a category chosen as a filter, "" for any.
    place, within: where, and how strictly. radius: kilometres, read when ``within`` is RADIUS.
    nearest: sort by distance from the place alone.
    page: from 1. size: results a page.
    """

    kind: Kind = Kind.MERCHANT
    words: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    category: str = ""
    place: Place | None = None
    within: Within = Within.ANYWHERE
    radius: int = 25
    nearest: bool = False
    page: int = 1
    size: int = PAGE_SIZE

    @property
    def point(self) -> tuple[float, float] | None:
        """(latitude, longitude) that distances count from, or None."""
        return self.place.point if self.place else None

    @property
    def start(self) -> int:
        return (self.page - 1) * self.size
