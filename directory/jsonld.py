"""schema.org data of merchants: their exact type, place and hours, equal to what their page says."""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from functools import lru_cache

from django.conf import settings

from directory.hours import Place
from directory.hours.reading import begun, read, usual
from directory.hours.rules import DAY as MINUTES
from directory.hours.rules import Kind, Span
from directory.models import MerchantPage
from portal.jsonld import absolute, without_empty
from portal.phone import international

MIDNIGHT = time(0)
DAY = timedelta(days=1)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HORIZON = 8 * 7  # days looked ahead: whole weeks, far enough for a shop closed a month in August

Hours = tuple[time, time]  # (opens, closes) of one day; closing at or before opening: the next day

# The most specific type schema.org has for each category; a list where two categories live under one roof.
# schema.org has no market, no producer and no optician outside medicine: these take the nearest true type.
TYPES: dict[str, str | list[str]] = {
    "alimentation": "GroceryStore",
    "boulangerie-patisserie": "Bakery",
    "boucherie-charcuterie": "GroceryStore",
    "fromagerie-cremerie": "GroceryStore",
    "primeur": "GroceryStore",
    "poissonnerie": "GroceryStore",
    "epicerie-superette": ["GroceryStore", "ConvenienceStore"],
    "epicerie-fine": "GroceryStore",
    "bio-vrac": "GroceryStore",
    "caviste": "LiquorStore",
    "traiteur": "FoodEstablishment",
    "chocolaterie-confiserie": "GroceryStore",
    "glacier": "IceCreamShop",
    "torrefacteur-the": "GroceryStore",
    "producteurs": "GroceryStore",
    "ferme-vente-directe": "GroceryStore",
    "maraicher": "GroceryStore",
    "vigneron": "Winery",
    "fromager-fermier": "GroceryStore",
    "eleveur-viande": "GroceryStore",
    "apiculteur": "GroceryStore",
    "brasserie-distillerie": ["Brewery", "Distillery"],
    "moulin-huilerie": "GroceryStore",
    "plantes-aromatiques": "GroceryStore",
    "pisciculture-escargots": "GroceryStore",
    "amap-paniers": "GroceryStore",
    "magasin-producteurs": "GroceryStore",
    "marche-local": "ShoppingCenter",
    "restauration": "FoodEstablishment",
    "restaurant": "Restaurant",
    "bouchon-auberge": "Restaurant",
    "pizzeria": "Restaurant",
    "creperie": "Restaurant",
    "restauration-rapide": "FastFoodRestaurant",
    "bar-cafe": ["BarOrPub", "CafeOrCoffeeShop"],
    "salon-de-the": "CafeOrCoffeeShop",
    "mode": "ClothingStore",
    "vetements-femme": "ClothingStore",
    "vetements-homme": "MensClothingStore",
    "vetements-enfant": "ClothingStore",
    "lingerie": "ClothingStore",
    "chaussures": "ShoeStore",
    "maroquinerie": "Store",
    "bijouterie": "JewelryStore",
    "friperie": "ClothingStore",
    "mercerie-laine": "HobbyShop",
    "maison": "HomeGoodsStore",
    "decoration": "HomeGoodsStore",
    "meubles-literie": "FurnitureStore",
    "arts-de-la-table": "HomeGoodsStore",
    "linge-maison": "HomeGoodsStore",
    "electromenager": "ElectronicsStore",
    "bricolage-quincaillerie": "HardwareStore",
    "antiquites-brocante": "Store",
    "artisanat-art": "Store",
    "ceramiste-potier": "HomeGoodsStore",
    "coutelier": "Store",
    "ebeniste-bois": "FurnitureStore",
    "verrier-bijoux": "JewelryStore",
    "textile-soie": "Store",
    "savonnerie-cosmetique": ["Store", "HealthAndBeautyBusiness"],
    "luthier-instruments": "MusicStore",
    "galerie-art": "ArtGallery",
    "beaute": "HealthAndBeautyBusiness",
    "coiffeur": "HairSalon",
    "barbier": "HairSalon",
    "institut-beaute": ["BeautySalon", "NailSalon"],
    "spa-massage": "DaySpa",
    "parfumerie": ["Store", "HealthAndBeautyBusiness"],
    "tatouage": "TattooParlor",
    "sante": "MedicalBusiness",
    "pharmacie": "Pharmacy",
    "opticien": "Optician",
    "audioprothesiste": "Audiology",
    "materiel-medical": ["Store", "MedicalBusiness"],
    "culture-loisirs": "Store",
    "librairie": "BookStore",
    "presse-tabac": "Store",
    "papeterie": "OfficeEquipmentStore",
    "jouets-jeux": "ToyStore",
    "disquaire-photo": "MusicStore",
    "loisirs-creatifs": "HobbyShop",
    "sport-montagne": "SportingGoodsStore",
    "cycles": "BikeStore",
    "fleurs-animaux": "Store",
    "fleuriste": "Florist",
    "jardinerie-pepiniere": "GardenStore",
    "animalerie-toilettage": "PetStore",
    "veterinaire": ["LocalBusiness", "VeterinaryCare"],
    "services": "LocalBusiness",
    "cordonnier-cles": "LocalBusiness",
    "pressing-laverie": "DryCleaningOrLaundry",
    "couture-retouches": "LocalBusiness",
    "reparation-numerique": ["MobilePhoneStore", "ComputerStore"],
    "imprimerie-copie": "ProfessionalService",
    "tapissier": "HomeAndConstructionBusiness",
    "point-relais": "LocalBusiness",
    "pompes-funebres": "ProfessionalService",
    "batiment-auto": "HomeAndConstructionBusiness",
    "plombier-chauffagiste": ["Plumber", "HVACBusiness"],
    "electricien": "Electrician",
    "menuisier-charpentier": "HomeAndConstructionBusiness",
    "peintre-macon": ["HousePainter", "GeneralContractor"],
    "serrurier-ferronnier": "Locksmith",
    "paysagiste-bois": "HomeAndConstructionBusiness",
    "garage-auto": ["AutoRepair", "AutoBodyShop"],
}


def local_business(merchant: MerchantPage, today: date, pictures: tuple[str, ...] = ()) -> dict:
    """Return the LocalBusiness of a merchant: its town and category must be loaded.

    today: first day of the special hours. pictures: addresses, the first one the most telling.
    """
    latitude, longitude = merchant.point
    return without_empty(
        {
            **reference(merchant),
            "image": [absolute(picture) for picture in pictures],
            "description": merchant.search_description,
            "address": postal_address(merchant),
            "geo": {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude},
            "telephone": international(merchant.phone),
            "email": merchant.email,
            "sameAs": merchant.website,
            "identifier": merchant.siret and {"@type": "PropertyValue", "propertyID": "SIRET", "value": merchant.siret},
            **hours(merchant.opening_hours, today, merchant.place),
        }
    )


def reference(merchant: MerchantPage) -> dict:
    """Return what names a merchant on any page: type, "@id", name and page."""
    return {
        "@type": TYPES.get(merchant.category.slug, "LocalBusiness"),
        "@id": absolute(f"{merchant.public_path}#commerce"),
        "name": merchant.title,
        "url": absolute(merchant.public_path),
    }


def postal_address(merchant: MerchantPage) -> dict:
    """Return where the merchant is; a merchant without a street is found at the town itself."""
    return {
        "@type": "PostalAddress",
        "streetAddress": merchant.street or merchant.town.name,
        "postalCode": merchant.postal_code,
        "addressLocality": merchant.town.name,
        "addressRegion": settings.REGION.name,
        "addressCountry": "FR",
    }


@lru_cache(maxsize=8192)
def hours(opening_hours: str, today: date, place: Place | None = None) -> dict:
    """Return the properties that tell when a merchant is open, from its hours at a place; {} when they tell nothing.

    The rule of a weekday is what it is most often over the weeks ahead, public holidays apart; each day that differs
    (holiday, leave, season) is special. A day that is closed by exception opens and closes at midnight, and one open
    around the clock closes at 23:59: both are Google's convention. What is by appointment, or to be confirmed, promises
    nothing and is not told.
    """
    schedule = read(opening_hours, place)
    if schedule is None:
        return {}
    rule: list[list[Hours]] = [[] for _ in range(7)]
    for weekday, times in enumerate(usual(schedule, today)):
        for later, period in _open_hours(times):
            rule[(weekday + later) % 7].append(period)
    actual: dict[date, list[Hours]] = {today + DAY * number: [] for number in range(HORIZON)}
    for number in range(-1, HORIZON):
        day = today + DAY * number
        for later, period in _open_hours(begun(schedule, day)):
            actual.get(day + DAY * later, []).append(period)
    if not any(actual.values()) and not any(rule):
        return {}
    special = {day: periods for day, periods in actual.items() if periods != rule[day.weekday()]}
    return without_empty(
        {
            "openingHoursSpecification": list(_weekly(rule)),
            "specialOpeningHoursSpecification": list(_dated(special)),
        }
    )


def _open_hours(times: Iterable[Span]) -> Iterator[tuple[int, Hours]]:
    """Yield (days later, hours) for the times of a day when it is open, none of them longer than a day."""
    for span in times:
        if span.kind is not Kind.OPEN:
            continue
        start, end, later = span.start, span.end, 0
        while end - start >= MINUTES:
            yield later, (_time(start), MIDNIGHT)
            start, end, later = 0, end - MINUTES, later + 1
        if start < end:
            yield later, (_time(start), _time(end))


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _weekly(rule: list[list[Hours]]) -> Iterator[dict]:
    """Yield one specification a period, with all the weekdays that share it."""
    weekdays: dict[tuple[time, time], list[str]] = {}
    for weekday, periods in enumerate(rule):
        for period in periods:
            weekdays.setdefault(period, []).append(f"https://schema.org/{DAYS[weekday]}")
    for period, names in sorted(weekdays.items()):
        yield {"@type": "OpeningHoursSpecification", "dayOfWeek": names, **_period(*period)}


def _dated(special: dict[date, list[Hours]]) -> Iterator[dict]:
    for day, periods in special.items():
        valid = {"validFrom": day.isoformat(), "validThrough": day.isoformat()}
        for period in [_period(*period) for period in periods] or [{"opens": "00:00", "closes": "00:00"}]:
            yield {"@type": "OpeningHoursSpecification", **period, **valid}


def _period(opens: time, closes: time) -> dict:
    around_the_clock = opens == closes == MIDNIGHT
    return {"opens": f"{opens:%H:%M}", "closes": "23:59" if around_the_clock else f"{closes:%H:%M}"}
