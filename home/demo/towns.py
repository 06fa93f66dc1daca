"""Market days and editors' words of the fictional region: invented, and said to be."""

from datetime import time
from random import Random

from directory.guides import TownGuide
from directory.markets import Market
from directory.models import Town
from home.demo import SEED
from home.demo.trades import anchors

SOURCE = "exemple fictif, pour la démonstration"
PLACES = (
    "place du Marché",
    "place de l’Église",
    "cours central",
    "halle couverte",
    "place de la République",
    "les quais",
)
NOTES = (
    "Fromages, fruits et fleurs",
    "Marché de producteurs",
    "Une trentaine d’étals, vêtements compris",
    "Poisson, volailles et légumes d’hiver",
    "",
)
MORNINGS = ((time(7), time(12, 30)), (time(8), time(12)), (time(8), time(13)), (time(7, 30), time(12, 30)))
EVENINGS = ((time(15), time(19)), (time(16), time(20)))
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def enliven() -> int:
    """Give each chosen town its markets and some an editor's words, unless there are any; return how many markets."""
    if Market.objects.exists():
        return 0
    chosen = {anchor.insee_code: anchor for anchor in anchors()}
    towns = {town.insee_code: town for town in Town.objects.filter(insee_code__in=chosen)}
    markets = [market for _, town in sorted(towns.items()) for market in _markets(town)]
    Market.objects.bulk_create(markets)
    TownGuide.objects.bulk_create(
        TownGuide(town=town, text=chosen[code].guide) for code, town in sorted(towns.items()) if chosen[code].guide
    )
    return len(markets)


def market_hours(town: Town) -> str:
    """Return when the markets of a town are held, as OpenStreetMap writes it: "We 08:00-13:00; Sa 08:00-13:00"."""
    return "; ".join(f"{DAYS[m.weekday]} {m.opens:%H:%M}-{m.closes:%H:%M}" for m in _markets(town))


def _markets(town: Town) -> list[Market]:
    random = Random(f"{SEED}-{town.insee_code}")
    told = next((anchor.market for anchor in anchors() if anchor.insee_code == town.insee_code), None)
    if told:  # a story tells of it too
        place = told["place"]
        return [
            Market(
                town=town,
                weekday=day,
                opens=time(8),
                closes=time(13),
                place=told["place"],
                note=NOTES[0],
                source=SOURCE,
            )
            for day in told["days"]
        ]
    count = 1 if town.population < 5_000 else 2 if town.population < 40_000 else 3
    markets = []
    for weekday in sorted(random.sample(range(1, 7), count)):
        opens, closes = random.choice(EVENINGS if random.random() < 0.15 else MORNINGS)
        place, note = random.choice(PLACES), random.choice(NOTES)
        markets.append(
            Market(town=town, weekday=weekday, opens=opens, closes=closes, place=place, note=note, source=SOURCE)
        )
    return markets
