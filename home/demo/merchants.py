"""Which merchants the fictional region has, drawn the same way at each run.

The first few hundred live in chosen towns (demo/towns.toml of the region's folder) and cover every category. The rest
follow population, as merchants-synthetic-spec asks, with the accidents of real files: names in capitals, homonyms in
other towns, duplicates. A longer list begins with the shorter one.
"""

import itertools
import math
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from directory.models import Town
from home.demo import OF_REGION, SEED, hours, told
from home.demo.towns import market_hours
from home.demo.trades import Trade, anchors, trades
from home.demo.wording import ShopSign, TownWriter
from portal.slugs import slug_of

SCATTER = ((2_000, 250), (20_000, 600), (math.inf, 1_300))  # metres around the town's centre, by its inhabitants
METRES_A_DEGREE = 111_320
CITY = 40_000  # inhabitants: no farm there, nor in an arrondissement
TOWN_ATTRACTION = 0.78  # shops grow more slowly than inhabitants
NOT_OF_THE_PAGE = ("keeper", "kept", "shelf", "town", "trade")  # in showcase.toml
IN_CAPITALS, HOMONYMS, DUPLICATES = 0.20, 0.05, 0.03  # shares, beyond the chosen towns


@dataclass(frozen=True)
class Merchant:
    """A fictional merchant, ready to be stored. number: from 0, the same for ever. is_emblem: the town is known
    for that trade, and the merchant surely sells online."""

    number: int
    title: str
    slug: str
    trade: Trade
    town: Town
    street: str
    postal_code: str
    latitude: float
    longitude: float
    phone: str
    email: str
    website: str
    opening_hours: str
    story: str
    is_emblem: bool


def merchants(towns: list[Town], count: int) -> list[Merchant]:
    """Return ``count`` merchants in the region's towns, all of which ``towns`` must hold."""
    return list(itertools.islice(_all_merchants(towns), count))


@cache
def showcase() -> dict:
    """Return what is told of the first merchant (demo/showcase.toml)."""
    return tomllib.loads((OF_REGION / "showcase.toml").read_text())


@cache
def _known_for() -> dict[tuple[str, str], int]:
    """Return how many times as common a trade is in a town known for it, by INSEE code and trade."""
    return {(anchor.insee_code, slug): times for anchor in anchors() for slug, times in anchor.known_for.items()}


def anchored_count() -> int:
    """Return how many merchants live in the chosen towns: what the demo shows by default."""
    return sum(anchor.merchants for anchor in anchors())


def _all_merchants(towns: list[Town]) -> Iterator[Merchant]:
    divided = {town.parent_id for town in towns if town.parent_id}
    towns = [town for town in towns if town.pk not in divided]  # a big city's shops are in its arrondissements
    draw = Draw(Random(SEED))
    yield from draw.in_chosen_towns({town.insee_code: town for town in towns})
    yield from draw.everywhere(sorted(towns, key=lambda town: town.insee_code))


class Draw:
    """One run of the draw: what has been drawn so far decides what comes next."""

    def __init__(self, random: Random):
        self.random = random
        self.number = itertools.count()
        self.writers: dict[Town, TownWriter] = {}
        self.in_town: dict[Town, Counter] = defaultdict(Counter)
        self.by_trade: dict[str, list[Merchant]] = defaultdict(list)
        self.slugs: set[str] = set()
        self.domains: set[str] = set()

    def in_chosen_towns(self, by_code: dict[str, Town]) -> Iterator[Merchant]:
        yield self._showcase(by_code[showcase()["town"]])
        for anchor in anchors():
            town = by_code[anchor.insee_code]
            for rank, slug in enumerate(anchor.first):
                yield self._merchant(trades()[slug], town, is_emblem=rank < anchor.emblems)
            for _ in range(anchor.merchants - self.in_town[town].total()):
                yield self._merchant(self._rarest(town), town)

    def everywhere(self, towns: list[Town]) -> Iterator[Merchant]:
        attraction = list(itertools.accumulate(town.population**TOWN_ATTRACTION for town in towns))
        while True:
            town = self.random.choices(towns, cum_weights=attraction)[0]
            already = self.in_town[town]
            found = [trade for trade in trades().values() if self._possible(trade, town)]
            weights = [
                trade.weight * _known_for().get((town.insee_code, trade.slug), 1) / (1 + 3 * already[trade.slug])
                for trade in found
            ]
            trade = self.random.choices(found, weights)[0]
            merchant = self._merchant(trade, town, as_in_files=True)
            yield merchant
            if self.random.random() < DUPLICATES:
                yield self._duplicate(merchant)

    def _possible(self, trade: Trade, town: Town) -> bool:
        if trade.departments and town.department_code not in trade.departments:
            return False
        if trade.is_rural and (town.population > CITY or town.parent_id):
            return False
        return town.population >= trade.from_population or (town.insee_code, trade.slug) in _known_for()

    def _rarest(self, town: Town) -> Trade:
        """Return the trade the region lacks most, among those this town could have and has not."""
        found = [trade for trade in trades().values() if self._possible(trade, town)]
        return min(
            found,
            key=lambda trade: (
                self.in_town[town][trade.slug],
                (len(self.by_trade[trade.slug]) + self.random.random()) / trade.weight**0.5,
            ),
        )

    def _merchant(self, trade: Trade, town: Town, is_emblem: bool = False, as_in_files: bool = False) -> Merchant:
        writer = self.writers.setdefault(town, TownWriter(town))
        sign = writer.sign(trade, self.random)
        if as_in_files:
            sign = self._as_in_files(sign, trade, town)
        return self._complete(sign, trade, town, writer.story(trade, sign, self.random), is_emblem)

    def _as_in_files(self, sign: ShopSign, trade: Trade, town: Town) -> ShopSign:
        """Return a sign with the accidents of a file typed by many hands."""
        title, elsewhere = sign.title, self.by_trade[trade.slug]
        if elsewhere and self.random.random() < HOMONYMS:
            namesake = self.random.choice(elsewhere)
            title = namesake.title if namesake.town != town else title
        elif self.random.random() < IN_CAPITALS:
            title = _unaccented(title).upper()
        return ShopSign(title, sign.street, sign.keeper)

    def _duplicate(self, merchant: Merchant) -> Merchant:
        """Return the same shop under a shortened name, as a second source would list it."""
        words = merchant.title.split()
        title = " ".join(words[1:] if len(words) > 2 else [*words, "SARL"])
        sign = ShopSign(title, merchant.street, "")
        copy = self._complete(sign, merchant.trade, merchant.town, "", False)
        return replace(copy, latitude=merchant.latitude, longitude=merchant.longitude)

    def _complete(self, sign: ShopSign, trade: Trade, town: Town, story: str, is_emblem: bool) -> Merchant:
        random, number = self.random, next(self.number)
        latitude, longitude = self._somewhere_in(town)
        domain = self._domain(sign.title, town)
        merchant = Merchant(
            number=number,
            title=sign.title,
            slug=self._slug(f"{sign.title} {town.name}"),
            trade=trade,
            town=town,
            street=sign.street,
            postal_code=random.choice(town.postal_codes[:2]),
            latitude=latitude,
            longitude=longitude,
            phone=_phone(number, mobile=random.random() < 0.25),
            email=f"bonjour@{domain}" if random.random() < 0.8 else "",
            website=f"https://{domain}/" if random.random() < 0.45 else "",
            opening_hours=hours.draw(trade.hours, random) or (hours.usual(trade.hours) if is_emblem else ""),
            story=story,
            is_emblem=is_emblem,
        )
        if trade.slug == "marche-local" and town.insee_code in {anchor.insee_code for anchor in anchors()}:
            merchant = replace(merchant, opening_hours=market_hours(town))  # one market, told one way
        self.in_town[town][trade.slug] += 1
        self.by_trade[trade.slug].append(merchant)
        return merchant

    def _showcase(self, town: Town) -> Merchant:
        """Return the merchant that the demo's accounts and stories lead to."""
        facts = {name: value for name, value in showcase().items() if name not in NOT_OF_THE_PAGE}
        sign = ShopSign(facts["title"], facts["street"], showcase()["keeper"])
        merchant = self._complete(sign, trades()[showcase()["trade"]], town, facts["story"], is_emblem=True)
        return replace(merchant, **facts)

    def _slug(self, text: str) -> str:
        base = slug_of(text)
        slug = next(s for n in itertools.count(1) if (s := base if n == 1 else f"{base}-{n}") not in self.slugs)
        self.slugs.add(slug)
        return slug

    def _domain(self, title: str, town: Town) -> str:
        name = slug_of(title)[:40].strip("-")
        domain = f"{name}.example" if f"{name}.example" not in self.domains else f"{name}-{town.slug}.example"
        self.domains.add(domain)
        return domain

    def _somewhere_in(self, town: Town) -> tuple[float, float]:
        """Return (latitude, longitude) around the town's centre."""
        metres = next(metres for inhabitants, metres in SCATTER if town.population < inhabitants)
        north, east = (max(-2.0, min(2.0, self.random.gauss(0, 1))) * metres for _ in range(2))
        latitude = town.latitude + north / METRES_A_DEGREE
        longitude = town.longitude + east / METRES_A_DEGREE / math.cos(math.radians(town.latitude))
        return round(latitude, 5), round(longitude, 5)


def _phone(number: int, mobile: bool) -> str:
    """Return a number of the ranges ARCEP keeps for fiction: nobody will ever answer (decision 2018-0881)."""
    prefix = "06 39 98" if mobile else told()["phone"]
    return f"{prefix} {number // 100 % 100:02} {number % 100:02}"


def _unaccented(text: str) -> str:
    text = text.replace("œ", "oe").replace("Œ", "Oe").replace("’", "'")
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
