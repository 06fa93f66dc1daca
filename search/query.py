"""The query: what is asked, the same for every engine."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

PAGE_SIZE = 20
LAST_PAGE = 100  # deeper is refused: nobody reads it, and each deeper page costs an engine more
FOLD = 2  # products shown of one seller, where products are folded

RADII = (5, 10, 20, 50)  # kilometres around a place that can be asked for
# Cents: from, up to and without; None for no limit.
PRICE_BANDS: dict[str, tuple[int, int | None]] = {
    "0-5": (0, 500),
    "5-15": (500, 1_500),
    "15-30": (1_500, 3_000),
    "30-": (3_000, None),
}


# What a merchant offers, or a product's seller: fields of Query and Entry, keys of Results.services.
SERVICES = ("collect", "delivers", "step_free")

# What an entry may be certified for, as results name it.
LABELS = {"bio": "Bio", "aop": "AOP", "igp": "IGP", "artisan": "Artisan"}


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


class Order(StrEnum):
    """What decides the order of results. Those equal in it stand in the day's rotation."""

    POINTS = ""
    DISTANCE = "distance"  # from the place asked for; as POINTS where there is none
    NAME = "nom"


@dataclass(frozen=True, slots=True)
class Place:
    """A town or a whole department, as the gazetteer knows it; or where the visitor stands, which has no code.

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
        return f"{self.name} ({self.department_code})" if self.department_code else self.name


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say what is looked for. words, phrase, unexplained: as in Query.

    typed, meaning: the synonym it rests on, as its editor wrote it; "" for the visitor's own words.
    """

    words: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    typed: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """One request for results of one kind, already valid.

    words: folded words that say what is looked for; () matches everything.
    phrase: the same with the small words between them, in the order typed, for a name typed in full.
    inferred: slugs of categories that some of the words name; they raise results and never filter.
    unexplained: those of the words that name none of these categories.
    synonym: the same said in the words of an editor's synonym; what it finds counts as much. None without.
    related: slugs of categories that may have it too: in the very town they find and raise as those inferred do.
    category: the slug of a category chosen as a filter, "" for any.
    place, within: where, and how strictly. radius: kilometres, read when ``within`` is RADIUS.
    order: see Order.
    open_at: an aware time at which a merchant must be open. collect, delivers, step_free: the merchant must
    sell what one can order and collect, deliver by their own means, be entered without a step.
    price: a key of PRICE_BANDS. label: a key of LABELS. seller: a merchant's id; their products alone.
    tiles: the zoom of the map's tiles (slippy map) to count results by; None where no map is drawn.
    folded: at most FOLD products of one seller, and pages count sellers.
    unfinished: the words begin names, the last one being typed still. uncounted: no facet is asked for; nor is any
    while words are unfinished.
    day: whose daily rotation decides among equals; None for today's.
    page: from 1. size: results a page.
    """

    kind: Kind = Kind.MERCHANT
    words: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    synonym: Wording | None = None
    related: tuple[str, ...] = ()
    category: str = ""
    place: Place | None = None
    within: Within = Within.ANYWHERE
    radius: int = 25
    order: Order = Order.POINTS
    open_at: datetime | None = None
    collect: bool = False
    delivers: bool = False
    step_free: bool = False
    price: str = ""
    label: str = ""
    seller: int | None = None
    folded: bool = False
    unfinished: bool = False
    tiles: int | None = None
    uncounted: bool = False
    day: date | None = None
    page: int = 1
    size: int = PAGE_SIZE

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """The ways to say what is looked for: a result is worth the best tier that one of them reaches."""
        own = Wording(self.words, self.phrase, self.unexplained)
        return (own, self.synonym) if self.synonym else (own,)

    @property
    def point(self) -> tuple[float, float] | None:
        """(latitude, longitude) that distances count from, or None."""
        return self.place.point if self.place else None

    @property
    def related_in_town(self) -> tuple[str, ...]:
        """The related categories that count: those of a town, where something was inferred."""
        return self.related if self.inferred and self.place and self.place.insee_code else ()

    @property
    def is_counted(self) -> bool:
        """Whether facets are counted."""
        return not (self.unfinished or self.uncounted)

    @property
    def shows_passages(self) -> bool:
        """Whether results need their whole text, to show the passage that holds the words."""
        return bool(self.words) and self.kind != Kind.PRODUCT and not self.unfinished

    @property
    def start(self) -> int:
        return (self.page - 1) * self.size
