"""The query: what is asked, the same for every engine."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from directory.freshness.stages import HIDDEN_AFTER
from portal.dates import months_before

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
_LIMITS = re.compile(r"(\d{1,4})-(\d{1,4})?")  # euros, as words say them: "0-20", "20-40", "50-"


# What a merchant offers, or a product's seller: fields of Query and Entry, keys of Results.services.
SERVICES = ("collect", "delivers", "step_free")

# What an entry may be certified for, as results name it.
LABELS = {"bio": "Bio", "aop": "AOP", "igp": "IGP", "artisan": "Artisan"}


def price_limits(price: str) -> tuple[int, int | None] | None:
    """Return the cents from, up to and without, of a band or of limits in euros; None if it is neither.

    Limits that words say hold the highest price itself: « jusqu’à 20 € ».
    """
    if price in PRICE_BANDS:
        return PRICE_BANDS[price]
    if not (said := _LIMITS.fullmatch(price)):
        return None
    lowest, highest = int(said[1]), int(said[2]) if said[2] else None
    if highest is not None and highest <= lowest:
        return None
    return lowest * 100, None if highest is None else highest * 100 + 1


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
    PRICE = "prix"  # the lowest first; as POINTS for what has none


class Naming(StrEnum):
    """Whose names count for the words: a name that was typed is one, a trade is not."""

    ALL = ""
    OF_INFERRED = "inferred"  # of the categories inferred: the words name goods, « chartreuse verte »
    NONE = "none"  # the words are a trade, « boucher »: whoever is called so is no better butcher


@dataclass(frozen=True, slots=True)
class Place:
    """A town or a whole department, as the gazetteer knows it; or where the visitor stands, which has no code.

    insee_code: "" for a department. point: (latitude, longitude), of the town. area: the kind of one that is no
    commune, see directory/areas.py, else "". towns: the INSEE codes of those that an area is made of; circle: or the
    kilometres around its point. at: how a sentence says it, "dans le Vercors".
    """

    name: str
    department_code: str
    department_name: str
    insee_code: str = ""
    slug: str = ""
    population: int = 0
    point: tuple[float, float] | None = None
    area: str = ""
    at: str = ""
    towns: tuple[str, ...] = ()
    circle: float = 0

    @property
    def label(self) -> str:
        """What the visitor reads in « Où ? », and what « Où ? » understands: "Die (26)"."""
        return f"{self.name} ({self.department_code})" if self.department_code and not self.area else self.name


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
    naming: see Naming. names: whole names that the words may be, folded as IndexedEntry.name.
    heads: those of the words that say what is sold, where the others say how: « jouet » of « jouet en bois ».
    heads_of: slugs of the categories that articles found by
    the heads alone must be of, () for any. sold_by: ids of merchants who sell an article whose name holds the words.
    goods_of: slugs of the categories whose articles are all what the words name: a Picodon is a « fromage ».
    excluded: terms that no name may hold. excluded_categories: slugs that none may be of.
    category: the slug of a category chosen as a filter, "" for any.
    place, within: where, and how strictly. radius: kilometres, read when ``within`` is RADIUS.
    order: see Order.
    open_at: an aware time at which a merchant must be open. collect, delivers, step_free: the merchant must
    sell what one can order and collect, deliver by their own means, be entered without a step.
    everyone: merchants whose hours nobody has confirmed for HIDDEN_AFTER months as well; else their name alone finds
    them.
    price: as price_limits reads it. label: a key of LABELS. seller: a merchant's id; their products alone.
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
    naming: Naming = Naming.ALL
    names: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    heads_of: tuple[str, ...] = ()
    sold_by: tuple[int, ...] = ()
    goods_of: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    excluded_categories: tuple[str, ...] = ()
    category: str = ""
    place: Place | None = None
    within: Within = Within.ANYWHERE
    radius: int = 25
    order: Order = Order.POINTS
    open_at: datetime | None = None
    collect: bool = False
    delivers: bool = False
    step_free: bool = False
    everyone: bool = False
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
        """(latitude, longitude) that distances count from, or None. Inside an area, none is nearer than another."""
        if self.place is None or (self.place.towns and self.within == Within.PLACE):
            return None
        return self.place.point

    @property
    def ranking_day(self) -> date:
        """The day whose draw decides among equals, and on which ages are reckoned."""
        return self.day or timezone.localdate()

    @property
    def last_hidden(self) -> date | None:
        """The last day of which a confirmation of hours no longer suffices to be shown; None where all are.

        Names that are being typed still find everybody.
        """
        if self.kind != Kind.MERCHANT or self.everyone or self.unfinished:
            return None
        return months_before(self.ranking_day, HIDDEN_AFTER)

    @property
    def names_goods(self) -> bool:
        """Whether the words say what to buy, rather than who sells it."""
        return bool(self.words) and self.naming != Naming.NONE

    @property
    def names_of_sellers(self) -> tuple[str, ...]:
        """The words by which sellers are told where no article's name holds them all; none beside an unknown name."""
        return () if self.unexplained else self.heads

    @property
    def related_in_town(self) -> tuple[str, ...]:
        """The related categories that count: those of a town or an area, where something was inferred."""
        in_circle = bool(self.place and self.place.circle) and self.within == Within.PLACE
        return self.related if self.inferred and (self.places_asked or in_circle) else ()

    @property
    def places_asked(self) -> tuple[str, ...]:
        """The INSEE codes of the town asked for, or of the towns of an area."""
        if not self.place:
            return ()
        return self.place.towns or tuple(filter(None, [self.place.insee_code]))

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
