"""Filters of a results page: as a form with true counts, and as links."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from directory.hours import clock
from portal import grammar
from portal.dates import date_format
from search import open_hours
from search.filters import AROUND, DAY_ASKED, EVERYONE, HERE, HOUR_ASKED, NOW, SERVICE_NAMES, Filters
from search.links import Address
from search.query import LABELS, RADII, Kind, Order, Query, Within, price_limits
from search.results import Results
from search.understanding.gazetteer import Gazetteer

OFFERED_HOURS, USUAL_HOUR = range(6, 24), time(10)
FEW = 12  # categories shown one by one; beyond, their top categories first

PRICE_NAMES = {
    "0-5": "Moins de 5\u00a0€",
    "5-15": "De 5 à 15\u00a0€",
    "15-30": "De 15 à 30\u00a0€",
    "30-": "30\u00a0€ et plus",
}

ALL_SHOWN = "Tout afficher, même sans horaires confirmés"
ORDERS = {Order.DISTANCE: "Distance", Order.NAME: "Nom", Order.PRICE: "Prix"}

SERVICES_OFFERED = {
    "collect": "Commande et retrait sur place",
    "delivers": "Livre à domicile",
    "step_free": "Accès de plain-pied",
}


def groups(gazetteer: Gazetteer, results: Results, query: Query, address: Address) -> list[dict]:
    """Return what components/facets.html shows; groups that could not change anything are left out."""
    filters = address.filters
    kind = results.query.kind
    prices_known = kind == Kind.PRODUCT or filters.of_products or filters.order == Order.PRICE
    offered = {Order.DISTANCE: bool(query.point), Order.NAME: True, Order.PRICE: prices_known}
    orders = [(order, name, None) for order, name in ORDERS.items() if offered[order]]
    found = [_radios("Trier par", "tri", filters.order, "Pertinence", orders)]
    found.append(_radios("Catégorie", "categorie", query.category, "Toutes", _categories(gazetteer, results, query)))
    if kind == Kind.MERCHANT or filters.of_merchants:
        found.append(_opening(results, filters))
    found.append({"title": "Services", "type": "checkbox", "choices": _services(results, filters)})
    labels = [(label, name, results.labels.get(label, 0)) for label, name in LABELS.items()]
    found.append(_radios("Label", "label", filters.label, "Tous", labels))
    if kind == Kind.PRODUCT or filters.of_products:
        prices = [(band, PRICE_NAMES[band], results.prices.get(band, 0)) for band in PRICE_NAMES]
        if filters.price and filters.price not in PRICE_NAMES:
            prices.append((filters.price, _price_name(filters.price), results.total))
        found.append(_radios("Prix", "prix", filters.price, "Tous", prices))
    if query.point and query.within:
        here = f"{AROUND} km" if filters.around else "La commune seule"
        found.append(_radios("Distance", "rayon", str(filters.radius or ""), here, _radii(filters)))
    if not filters.around:
        where, towns = address.where, _towns(gazetteer, results, query, address.where)
        found.append(_radios("Commune", "ou", where, "Toute la région", towns))
        found.append(_radios("Département", "ou", where, "", _departments(gazetteer, results)))
    return [group for group in found if len(group["choices"]) > (group["type"] == "radio")]


def _radios(title: str, name: str, chosen: str, anything: str, offered: Sequence[tuple[str, str, int | None]]) -> dict:
    """Return a group of which one is chosen. anything: the name of no filter, "" if another group offers that."""
    choices = [
        {"name": name, "value": value, "label": label, "count": count, "checked": value == chosen}
        for value, label, count in offered
        if count != 0 or value == chosen
    ]
    if anything and choices:
        choices.insert(0, {"name": name, "value": "", "label": anything, "count": None, "checked": not chosen})
    return {"title": title, "type": "radio", "choices": choices}


def _services(results: Results, filters: Filters) -> list[dict]:
    offered = [
        (service, name, results.services.get(service, 0), getattr(filters, service))
        for service, name in SERVICES_OFFERED.items()
    ]
    return [
        {"name": SERVICE_NAMES[service], "value": "1", "label": name, "count": count, "checked": checked}
        for service, name, count, checked in offered
        if count or checked
    ]


def _opening(results: Results, filters: Filters) -> dict:
    now = {"name": "ouvert", "value": NOW, "label": "Ouvert maintenant", "count": results.open_now}
    everyone = {"name": EVERYONE, "value": "1", "label": ALL_SHOWN, "count": None, "checked": filters.everyone}
    return {
        "title": "Ouverture",
        "type": "checkbox",
        "choices": [{**now, "checked": filters.is_now}, everyone],
        "moment": _moments(None if filters.is_now else filters.open_at),
    }


def _moments(chosen: datetime | None) -> list[dict]:
    """Return a list of days, those that opening hours are indexed for, and one of hours: {name, label, options}."""
    today, last = timezone.localdate(), open_hours.last_moment().date()
    day, hour = (chosen.date(), chosen.time()) if chosen else (None, USUAL_HOUR)
    days = {today + timedelta(days=ahead) for ahead in range((last - today).days + 1)} | ({day} if day else set())
    hours = {*map(time, OFFERED_HOURS), hour}
    return [
        {
            "name": DAY_ASKED,
            "label": "ou ouvert",
            "options": [{"value": "", "label": "Peu importe", "selected": not day}]
            + [{"value": f"{each}", "label": _day_name(each, today), "selected": each == day} for each in sorted(days)],
        },
        {
            "name": HOUR_ASKED,
            "label": "à",
            "options": [
                {"value": f"{each:%H:%M}", "label": clock(each), "selected": each == hour} for each in sorted(hours)
            ],
        },
    ]


def _day_name(day: date, today: date) -> str:
    names = {today: "aujourd’hui", today + timedelta(days=1): "demain"}
    return names.get(day) or date_format(day, "l j F")


def _radii(filters: Filters) -> list[tuple[str, str, int | None]]:
    return [(str(radius), f"{radius} km", None) for radius in RADII if not filters.around or radius != AROUND]


def narrower(gazetteer: Gazetteer, results: Results, query: Query, address: Address, count: int = 6) -> list[dict]:
    """Return links to the fullest categories, as chips, unless one is chosen already."""
    if query.category:
        return []
    fullest = Counter(results.categories).most_common(count)
    return [
        {
            "name": gazetteer.categories[slug].name,
            "url": address.but(category=slug).url,
            "count": found,
            "active": False,
        }
        for slug, found in fullest
        if slug in gazetteer.categories and len(fullest) > 1
    ]


def active(gazetteer: Gazetteer, query: Query, address: Address, seller: str) -> list[dict]:
    """Return a chip for each filter in force, whose link takes it away. seller: the name of the one chosen."""
    filters = address.filters
    found: list[tuple[str, Address]] = []
    if query.category:
        found.append((gazetteer.categories[query.category].name, address.but(category="")))
    if address.where and query.place and query.within:
        found.append((query.place.label, address.but(where="").filtered(radius=0)))
    if filters.around:
        found.append((HERE, address.filtered(around=None, radius=0)))
    if filters.radius and query.within == Within.RADIUS:
        found.append((f"À moins de {filters.radius} km", address.filtered(radius=0)))
    found += [(named_filter(name, filters, seller), address.but(filters=rest)) for name, rest in filters.each_without()]
    return [{"name": name, "url": without.url, "count": None, "active": True} for name, without in found]


def _price_name(price: str) -> str:
    """Return limits of price in a few words: "20 € au plus"."""
    if price in PRICE_NAMES:
        return PRICE_NAMES[price]
    lowest, below = price_limits(price) or (0, None)
    if below is None:
        return f"{lowest // 100}\u00a0€ et plus"
    return f"De {lowest // 100} à {below // 100}\u00a0€" if lowest else f"{below // 100}\u00a0€ au plus"


def named_filter(name: str, filters: Filters, seller: str) -> str:
    """Return what a filter in force asks for, in a few words."""
    match name:
        case "open_at":
            return "Ouvert maintenant" if filters.is_now or not filters.open_at else _moment(filters.open_at)
        case "price":
            return _price_name(filters.price)
        case "excluded":
            return f"Sans {', '.join(filters.excluded)}"
        case "label":
            return LABELS[filters.label]
        case "everyone":
            return ALL_SHOWN
        case "order":
            return f"Trié par {ORDERS[filters.order].lower()}"
        case "seller":
            return grammar.sentence(grammar.chez(seller)) if seller else "Chez un seul commerçant"
    return SERVICES_OFFERED[name]


def _moment(moment: datetime) -> str:
    return f"Ouvert {date_format(moment, 'l j F')} à {clock(moment.time())}"


def _categories(gazetteer: Gazetteer, results: Results, query: Query) -> list[tuple[str, str, int | None]]:
    """Return (slug, label, count) of the categories to offer: a tree, opened where it is small or chosen."""
    categories, chosen = gazetteer.categories, query.category
    totals: Counter[str] = Counter()
    for slug, count in results.categories.items():
        if slug in categories:
            totals[categories[slug].parent] += count
            if categories[slug].parent != slug:
                totals[slug] += count
    if chosen in categories:
        totals[chosen] += 0
        totals[categories[chosen].parent] += 0
    tops = [slug for slug in categories if slug in totals and categories[slug].parent == slug]
    leaves = [slug for slug in categories if slug in totals and categories[slug].parent != slug]
    opened = set(tops) if len(leaves) <= FEW else {categories[chosen].parent} if chosen in categories else set()
    offered: list[tuple[str, str, int | None]] = []
    for top in sorted(tops, key=lambda slug: -totals[slug]):
        offered.append((top, categories[top].name, totals[top]))
        if top in opened:
            below = sorted((slug for slug in leaves if categories[slug].parent == top), key=lambda slug: -totals[slug])
            offered += [(slug, f"– {categories[slug].name}", totals[slug]) for slug in below]
    return offered


def _towns(gazetteer: Gazetteer, results: Results, query: Query, where: str) -> list[tuple[str, str, int | None]]:
    """Return the fullest towns, the chosen one among them, whatever it is."""
    places = [
        (gazetteer.places[code].label, count) for code, count in results.towns.items() if code in gazetteer.places
    ]
    counts: dict[str, int | None] = dict(places)
    is_department = query.place is not None and not query.place.insee_code
    if where and query.within and not is_department and where not in counts:
        # A commune with districts, an empty town: chosen, though not among the counted.
        counts = {where: results.total if results.query.within == Within.PLACE else None, **counts}
    return [(label, label, count) for label, count in counts.items()]


def _departments(gazetteer: Gazetteer, results: Results) -> list[tuple[str, str, int | None]]:
    known = gazetteer.departments
    counted = sorted(results.departments.items(), key=lambda item: -item[1])
    return [(known[code].label, known[code].label, count) for code, count in counted if code in known]
