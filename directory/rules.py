"""Validation rules of a merchant's page, for every form, import and publication: place, postcode, hours.

Each fault is a sentence in French that says how to mend it. The database holds pages to what a column can tell alone
(``CheckConstraint`` in models.py); what needs the towns' table or the day stands here.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from directory.geography import distance
from portal.text import clean

if TYPE_CHECKING:
    from directory.models import MerchantPage, Town

FARTHEST = 30  # kilometres from the centre of one's own commune

EXPIRES = (
    "Un commerce ne disparaît pas à une date : videz ce champ. Pour le masquer, le suspendre ou le clore, ouvrez une "
    "procédure sous « Vérifications »."
)

Fault = tuple[str, str]  # the field, and what is wrong


def faults(page: "MerchantPage") -> Iterator[Fault]:
    """Yield what is wrong between the fields of a page; a field that is still empty says nothing."""
    if not clean(page.title or "").strip():
        yield "title", "Écrivez le nom du commerce."
    if page.confirmed_on and (fault := confirmation_fault(page.confirmed_on)):
        yield "confirmed_on", fault
    if page.expire_at:
        yield "expire_at", EXPIRES
    if page.town_id and page.postal_code and (fault := postal_code_fault(page.postal_code, page.town)):
        yield "postal_code", fault
    yield from position_faults(page.latitude, page.longitude, page.town if page.town_id else None)


def confirmation_fault(day: date) -> str:
    if day <= timezone.localdate():
        return ""
    return "Ce jour n’est pas encore venu : écrivez le dernier jour où le commerce a confirmé ses horaires."


def postal_code_fault(code: str, town: "Town") -> str:
    """Return what is wrong with a postal code in a town, or "".

    A CEDEX has a code of its own, which no list of towns holds: it is taken within the department's.
    """
    if code in town.postal_codes:
        return ""
    said = f"Le code postal {code} n’est pas celui de {town.name} ({', '.join(town.postal_codes)})"
    if code[:2] not in {known[:2] for known in town.postal_codes}:
        return f"{said} : écrivez le sien, ou choisissez une autre commune."
    others = type(town).objects.filter(postal_codes__contains=[code]).exclude(parent=town).order_by("-population")
    if (other := others.first()) is None:
        return ""
    return f"{said}, mais de {other.name} : écrivez le sien, ou choisissez cette commune."


def position_faults(latitude: float | None, longitude: float | None, town: "Town | None") -> Iterator[Fault]:
    """Yield what is wrong with a position in degrees: half of it, off the globe, or far from its town."""
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        missing = "latitude" if latitude is None else "longitude"
        yield missing, f"Il manque la {missing} : écrivez les deux, ou aucune."
        return
    if not (-90 <= latitude <= 90):  # NaN too
        yield "latitude", "Une latitude va de -90 à 90 degrés, par exemple 44,7354."
    if not (-180 <= longitude <= 180):
        yield "longitude", "Une longitude va de -180 à 180 degrés, par exemple 4,5990."
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or town is None:
        return
    away = distance(town.point, (latitude, longitude))
    if away <= FARTHEST:
        return
    if abs(longitude) <= 90 and distance(town.point, (longitude, latitude)) <= FARTHEST:
        yield "latitude", "La latitude et la longitude sont inversées : échangez-les."
    else:
        yield (
            "latitude",
            f"À {away:.0f} km de {town.name} : vérifiez les degrés et la commune, ou laissez la position vide.",
        )
