"""Days off in France: public holidays by their names, school holidays by zone."""

from datetime import date, datetime, time
from functools import lru_cache

from opening_hours import OpeningHours
from vacances_scolaires_france import SchoolHolidayDates

# Public holidays on a fixed date (Code du travail, L3133-1). The three others follow Easter, and the seasons in which
# they can fall never meet, so that the day of the week and the month tell them apart.
FIXED_HOLIDAYS = {
    (1, 1): "Jour de l’an",
    (5, 1): "Fête du Travail",
    (5, 8): "Victoire de 1945",
    (7, 14): "Fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "Armistice",
    (12, 25): "Noël",
}

# Departments of each zone, by académie (arrêtés on the school calendar, since 2016). Corsica and the overseas
# departments have calendars of their own, which the package does not know.
_ZONES = {
    "A": (
        "25 39 70 90 "  # Besançon
        "24 33 40 47 64 "  # Bordeaux
        "03 15 43 63 "  # Clermont-Ferrand
        "21 58 71 89 "  # Dijon
        "07 26 38 73 74 "  # Grenoble
        "19 23 87 "  # Limoges
        "01 42 69 "  # Lyon
        "16 17 79 86"  # Poitiers
    ),
    "B": (
        "04 05 13 84 "  # Aix-Marseille
        "02 60 80 "  # Amiens
        "59 62 "  # Lille
        "54 55 57 88 "  # Nancy-Metz
        "44 49 53 72 85 "  # Nantes
        "06 83 "  # Nice
        "14 27 50 61 76 "  # Normandie
        "18 28 36 37 41 45 "  # Orléans-Tours
        "08 10 51 52 "  # Reims
        "22 29 35 56 "  # Rennes
        "67 68"  # Strasbourg
    ),
    "C": (
        "77 93 94 "  # Créteil
        "11 30 34 48 66 "  # Montpellier
        "75 "  # Paris
        "09 12 31 32 46 65 81 82 "  # Toulouse
        "78 91 92 95"  # Versailles
    ),
}
ZONE_OF = {department: zone for zone, departments in _ZONES.items() for department in departments.split()}


@lru_cache(maxsize=4096)
def holiday(day: date) -> str:
    """Return the name of France's public holiday on that day, or ""."""
    if not _public_holidays().is_open(datetime.combine(day, time(12))):
        return ""
    if name := FIXED_HOLIDAYS.get((day.month, day.day)):
        return name
    if day.weekday() == 3:
        return "Ascension"
    return "Lundi de Pâques" if day.month < 5 else "Lundi de Pentecôte"


def is_school_holiday(day: date, zone: str) -> bool | None:
    """Return whether schools of a zone ("A", "B", "C") are on holiday; None where nobody knows yet.

    Nobody does after ``school_holidays_known_until``, nor in a zone "".
    """
    if zone not in _ZONES or not _first_known() <= day <= school_holidays_known_until():
        return None
    row = _school_holidays().get(day)
    return row is not None and row[f"vacances_zone_{zone.lower()}"]


@lru_cache(maxsize=1)
def school_holidays_known_until() -> date:
    """Return the last day for which the package knows the school holidays: the last one that it lists."""
    return max(_school_holidays())


@lru_cache(maxsize=1)
def _first_known() -> date:
    return min(_school_holidays())


@lru_cache(maxsize=1)
def _school_holidays() -> dict[date, dict]:
    return SchoolHolidayDates().data


@lru_cache(maxsize=1)
def _public_holidays() -> OpeningHours:
    return OpeningHours("PH", country="FR")
