"""What the region's shops sell: products of the lists in data/, priced and counted for one merchant."""

import csv
import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from random import Random
from typing import Any
from zlib import crc32

from PIL import Image

from home.demo import DATA, OF_REGION, SEED, french
from home.demo.merchants import Merchant, showcase
from home.demo.safety_facts import safety_facts
from portal import grammar
from shop.bulk import NewProduct

SHARE_WITH_A_SHOP = 0.243  # 120 of the 493 merchants of the chosen towns
SHOWCASE = 16  # articles of the demo's merchant
PRODUCTS_A_SHOP = 15  # more shops open when there are more products to sell
NEAR = 0.5  # degrees, about fifty kilometres: whose harvest a farm may sell
HOME_GROWN = 0.9  # a regional product costs a tenth less in its own department
OWN_HARVEST = {"vigneron", "fromager-fermier", "maraicher", "apiculteur", "eleveur-viande", "plantes-aromatiques"}
# Sold by the kilo in the list, by the portion at the counter: grams.
PORTIONS = {
    "fromagerie-cremerie": 250, "fromager-fermier": 250, "boucherie-charcuterie": 500, "poissonnerie": 400,
    "pisciculture-escargots": 500,
}  # fmt: skip
WHOLE_BIRD = re.compile(r"Poulet|Chapon|Volaille|Pintad")
BIRD = 1_600  # grams
NOT_BY_MEASURE = {"mercerie-laine", "jardinerie-pepiniere", "papeterie", "maroquinerie", "parfumerie"}
MEASURE = re.compile(r"(\d+(?:,\d+)?) (kg|g|l|cl|ml)$")
COUNT = re.compile(r"(?:lot|boîte|botte|paquet|jeu) de (\d+)$|^(\d+) parts$")
IN_KILOS_OR_LITRES = {
    "kg": ("kg", 1), "g": ("kg", 1_000), "l": ("l", 1), "cl": ("l", 100), "ml": ("l", 1_000),
}  # fmt: skip
ARTICLES = {
    "pièce": "la pièce", "paire": "la paire", "coffret": "le coffret", "mètre": "le mètre", "boîte": "la boîte",
    "stère": "le stère", "douzaine": "la douzaine", "pot": "le pot",
}  # fmt: skip
BESIDE_FOOD = "a-cote"  # tips for what a food shop sells that is not eaten
# Columns that are more than text.
READ: dict[str, Callable[[str], Any]] = {
    "price_min": Decimal, "price_max": Decimal, "is_food": "oui".__eq__, "contains": lambda codes: tuple(codes.split()),
    "traces": lambda codes: tuple(codes.split()),
}  # fmt: skip
SOLD_OUT, NEARLY = 0.04, 0.08  # shares of the stock


@dataclass(frozen=True)
class SampleProduct:
    """A line of the lists. Prices in euros, VAT included; origin_insee: the town it is typical of, or "".

    picture: a name in pictures/, "" where no drawing shows the thing itself. contains, traces: codes of
    shop.allergens.Allergen, as reviewed line by line; empty for what is no food.
    """

    category: str
    title: str
    unit: str
    vat_rate: str
    price_min: Decimal
    price_max: Decimal
    origin_insee: str
    label: str
    picture: str
    is_food: bool
    contains: tuple[str, ...]
    traces: tuple[str, ...]


@cache
def sample_products() -> tuple[SampleProduct, ...]:
    rows: list[SampleProduct] = []
    for path in (OF_REGION / "products-regional.csv", DATA / "products-trades.csv"):
        with path.open() as file:
            for row in csv.DictReader(file):
                fields: dict[str, Any] = row | {name: read(row[name]) for name, read in READ.items()}
                rows.append(SampleProduct(**fields))
    return tuple(rows)


@cache
def samples_of(category: str) -> tuple[SampleProduct, ...]:
    return tuple(sample for sample in sample_products() if sample.category == category)


@cache
def tips() -> dict[str, list[str]]:
    return tomllib.loads((DATA / "tips.toml").read_text())


@cache
def picture_name(picture: str) -> str:
    """Return the name, in the media storage, of a picture of data/pictures/; what it tells: portal/picture_names.py."""
    with Image.open(DATA / "pictures" / f"{picture}.webp") as image:
        return f"demo/{picture}.{image.width}x{image.height}.webp"


def shelves(merchants: list[Merchant], count: int, towns: dict) -> dict[Merchant, list[NewProduct]]:
    """Return what each merchant with a shop sells, ``count`` articles in all.

    towns: by INSEE code, to know how far a product comes from.
    """
    shops = max(round(len(merchants) * SHARE_WITH_A_SHOP), math.ceil(count / PRODUCTS_A_SHOP))
    sellers = _sellers(merchants)[:shops]
    assortments = {merchant: _assortment(merchant, towns) for merchant in sellers}
    sizes = _sizes(assortments, count)
    return {
        merchant: [
            _product(merchant, number, sample, towns) for number, sample in enumerate(assortment[: sizes[merchant]])
        ]
        for merchant, assortment in assortments.items()
    }


def _sellers(merchants: list[Merchant]) -> list[Merchant]:
    """Return those who could sell online, in the order they open: emblems of towns, then one of each trade in turn."""
    by_trade = defaultdict(list)
    for merchant in sorted(merchants, key=lambda merchant: (not merchant.is_emblem, merchant.number)):
        if merchant.trade.sells and merchant.opening_hours:
            by_trade[merchant.trade.slug].append(merchant)
    ranks = {merchant: rank for found in by_trade.values() for rank, merchant in enumerate(found)}
    return sorted(ranks, key=lambda merchant: (not merchant.is_emblem, ranks[merchant], merchant.number))


def _assortment(merchant: Merchant, towns: dict) -> list[SampleProduct]:
    """Return all that a merchant could sell: what comes from nearby, then the main trade, then the others."""
    random = Random(f"{SEED} shelf {merchant.slug}")
    near, others = [], []
    for category in merchant.trade.sells:
        found = samples_of(category)
        for sample in random.sample(found, len(found)):
            if _is_near(merchant, sample, towns):
                near.append(sample)
            elif merchant.trade.slug not in OWN_HARVEST or not sample.origin_insee:  # a farm sells its own harvest
                others.append(sample)
    if merchant.number == 0:
        shelf = showcase()["shelf"]
        return sorted(
            near + others, key=lambda sample: shelf.index(sample.title) if sample.title in shelf else len(shelf)
        )
    return near + others


def _is_near(merchant: Merchant, sample: SampleProduct, towns: dict) -> bool:
    return bool(sample.origin_insee) and math.dist(towns[sample.origin_insee].point, merchant.town.point) < NEAR


def _sizes(assortments: dict[Merchant, list[SampleProduct]], count: int) -> dict[Merchant, int]:
    """Share ``count`` articles between shops, none with more than it could sell; about as many each, not quite.

    The one that the demo's merchant keeps fills its shelf first: enough for a page of products of its own.
    """
    rooms = {
        merchant: min(len(assortment), (10 if merchant.is_emblem else 5) + crc32(merchant.slug.encode()) % 12)
        for merchant, assortment in assortments.items()
    }
    sizes = dict.fromkeys(assortments, 0)
    sizes |= {merchant: min(SHOWCASE, len(assortments[merchant]), count) for merchant in sizes if merchant.number == 0}
    wanted = count - sum(sizes.values())
    for limits in (rooms, {merchant: len(assortment) for merchant, assortment in assortments.items()}):
        open_shops = [merchant for merchant in limits if sizes[merchant] < limits[merchant]]
        while wanted and open_shops:
            for merchant in open_shops[:wanted]:
                sizes[merchant] += 1
            wanted -= min(wanted, len(open_shops))
            open_shops = [merchant for merchant in open_shops if sizes[merchant] < limits[merchant]]
    return sizes


def _product(merchant: Merchant, number: int, sample: SampleProduct, towns: dict) -> NewProduct:
    random, reference = Random(f"{SEED} {merchant.slug} {sample.title}"), f"{merchant.number}-{number + 1}"
    unit, price_share = _portion(sample)
    measure, quantity = measure_of(unit, sample.category)
    origin = towns.get(sample.origin_insee)
    price = Decimal(str(random.uniform(float(sample.price_min), float(sample.price_max)))) * price_share
    if origin is not None and origin.department_code == merchant.town.department_code:
        price *= Decimal(str(HOME_GROWN))
    tip = random.choice(tips()[BESIDE_FOOD if _is_beside_food(sample) else sample.category])
    return NewProduct(
        reference=f"DEMO-{reference}",
        category=sample.category,
        title=sample.title,
        description=f"{_origin_text(origin)}{tip}",
        unit=_unit_text(unit),
        measure=measure,
        quantity=quantity,
        price=_rounded(price),
        vat_rate=sample.vat_rate,
        label=sample.label,
        image=picture_name(sample.picture) if sample.picture else "",
        stock=_stock(random),
        is_food=sample.is_food,
        allergens=sample.contains if sample.is_food else None,
        traces=sample.traces,
        facts={} if sample.is_food else safety_facts(sample.category, reference, random, is_drawn=bool(sample.picture)),
        price_per_kilo=_rounded(price / quantity) if merchant.number == 0 and sample.unit == "kg" else None,
    )


def _is_beside_food(sample: SampleProduct) -> bool:
    return not sample.is_food and any(other.is_food for other in samples_of(sample.category))


def _portion(sample: SampleProduct) -> tuple[str, Decimal]:
    """Return the unit at the counter and its share of the listed price."""
    if sample.unit != "kg":
        return sample.unit, Decimal(1)
    grams = BIRD if WHOLE_BIRD.match(sample.title) else PORTIONS.get(sample.category, 1_000)
    unit = f"{grams} g" if grams < 1_000 else f"{grams / 1_000:g} kg".replace(".", ",")
    return unit, Decimal(grams) / 1_000


def measure_of(unit: str, category: str) -> tuple[str, Decimal]:
    """Return ("kg" | "l" | "piece", how many) of a unit as the lists write it: "pot 500 g" is ("kg", 0.5)."""
    if (found := MEASURE.search(unit)) and category not in NOT_BY_MEASURE:
        measure, share = IN_KILOS_OR_LITRES[found[2]]
        return measure, Decimal(found[1].replace(",", ".")) / share
    if found := COUNT.search(unit):
        return "piece", Decimal(found[1] or found[2])
    return "piece", Decimal(12 if unit == "douzaine" else 1)


def _unit_text(unit: str) -> str:
    """Return the unit as a price tag says it: "pièce 300 g" is "la pièce de 300 g"."""
    name, space, size = unit.partition(" ")
    if name in ARTICLES:
        name = ARTICLES[name]
    if name[0].isdigit() or not space:
        text = f"{name}{space}{size}"
    else:
        text = f"{name} {size}" if size.startswith("de ") else f"{name} de {size}"
    return re.sub(r"(\d) (\w+)", "\\1\N{NO-BREAK SPACE}\\2", text)


def _origin_text(origin: Any) -> str:
    if origin is None:
        return ""
    return f"Une spécialité {grammar.of(french.spoken(origin.name))} ({origin.department_name}). "


def _rounded(price: Decimal) -> Decimal:
    """Return a price as shops write them: to five cents, to ten, or ending in ninety."""
    if price >= 40:
        return price.to_integral_value(ROUND_HALF_UP)
    if price >= 15:
        return price.to_integral_value(ROUND_HALF_UP) - Decimal("0.10")
    step = Decimal("0.05") if price < 3 else Decimal("0.10")
    return (price / step).to_integral_value(ROUND_HALF_UP) * step


def _stock(random: Random) -> int:
    chance = random.random()
    if chance < SOLD_OUT:
        return 0
    return random.randint(1, 3) if chance < SOLD_OUT + NEARLY else random.randint(4, 48)
