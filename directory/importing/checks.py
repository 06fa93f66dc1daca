"""May this row become a merchant? Each reason is in French, and says what is wrong."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from directory.departments import BY_CODE
from directory.geography import distance
from directory.hours import validate_opening_hours
from directory.importing.reading import Line
from directory.models import Category, MerchantPage, Town
from directory.siret import written_siret
from portal.phone import french_phone

FARTHEST = 30  # kilometres from the centre of one's own commune
NAMES = {"category": "catégorie", "insee": "code INSEE", "name": "nom", "postal_code": "code postal"}


@dataclass(frozen=True)
class Row:
    """A row that may become a merchant.

    values: by field of MerchantPage, keys of town and category as ids, as a revision holds them; an empty cell says
    nothing and has no value. remark: what is odd but no fault.
    """

    line: int
    siret: str
    values: dict[str, Any]
    remark: str = ""


@dataclass(frozen=True)
class Refusal:
    """A row that may not. siret, name: as the file has them."""

    line: int
    siret: str
    name: str
    reason: str


@dataclass
class Checker:
    """Checks rows against the region's towns and categories, and against the rows before."""

    towns: dict[str, Town] = field(default_factory=lambda: {town.insee_code: town for town in Town.objects.all()})
    categories: dict[str, int] = field(default_factory=lambda: dict(Category.objects.values_list("slug", "pk")))
    seen: dict[str, int] = field(default_factory=dict)

    def check(self, lines: Iterable[Line]) -> Iterator[Row | Refusal]:
        for line in lines:
            yield self._checked(line)

    def _checked(self, line: Line) -> Row | Refusal:
        cells = line.cells
        reasons = [line.fault] if line.fault else list(self._faults(cells))
        siret = "" if reasons else _siret(cells["siret"])
        if not reasons and siret in self.seen:
            reasons = [f"ce SIRET est déjà à la ligne {self.seen[siret]}"]
        if reasons:
            return Refusal(line.number, cells.get("siret", ""), cells.get("name", ""), " ; ".join(reasons))
        self.seen[siret] = line.number
        town = self.towns[_code(cells["insee"])]
        postal_code = _code(cells["postal_code"])
        values = {
            "title": " ".join(cells["name"].split()),
            "category": self.categories[cells["category"]],
            "town": town.pk,
            "street": " ".join(cells["address"].split()),
            "postal_code": postal_code,
            "latitude": _number(cells.get("latitude", "")),
            "longitude": _number(cells.get("longitude", "")),
            "phone": french_phone(cells.get("phone", "")),
            "website": _address(cells.get("website", "")),
            "opening_hours": cells.get("opening_hours", ""),
        }
        said = {name: value for name, value in values.items() if value not in ("", None)}
        own = postal_code in town.postal_codes
        remark = "" if own else f"le code postal {postal_code} n’est pas celui de {town.name} (CEDEX ?)"
        return Row(line.number, siret, said, remark)

    def _faults(self, cells: dict[str, str]) -> Iterator[str]:
        yield from _invalid(_siret, cells["siret"]) if cells["siret"] else ["SIRET manquant"]
        for name, label in NAMES.items():
            if not cells[name]:
                yield f"{label} manquant{'e' if name == 'category' else ''}"
        for name, column, label in (("title", "name", "nom"), ("street", "address", "adresse")):
            limit = MerchantPage._meta.get_field(name).max_length
            if len(cells[column]) > limit:
                yield f"{label} : plus de {limit} caractères"
        if cells["category"] and cells["category"] not in self.categories:
            yield f"catégorie inconnue : {cells['category']}"
        yield from self._misplaced(cells)
        yield from (f"téléphone : {reason}" for reason in _invalid(french_phone, cells.get("phone", "")))
        if website := _address(cells.get("website", "")):
            if len(website) > MerchantPage._meta.get_field("website").max_length:
                yield "site internet : adresse trop longue"
            elif any(_invalid(URLValidator(schemes=["http", "https"]), website)):
                yield f"site internet : « {cells['website']} » n’est pas une adresse"
        if hours := cells.get("opening_hours", ""):
            if len(hours) > MerchantPage._meta.get_field("opening_hours").max_length:
                yield "horaires : texte trop long"
            else:
                yield from (f"horaires : {reason}" for reason in _invalid(validate_opening_hours, hours))

    def _misplaced(self, cells: dict[str, str]) -> Iterator[str]:
        """Yield what is wrong with the town, the postal code and the position."""
        code, postal_code = _code(cells["insee"]), _code(cells["postal_code"])
        town = self.towns.get(code)
        if code and town is None:
            inside = code[:2] in BY_CODE
            yield f"commune inconnue : {code}" if inside else f"commune hors de la région : {code}"
        if postal_code and not re.fullmatch(r"\d{5}", postal_code):
            yield f"code postal : « {postal_code} » ne compte pas cinq chiffres"
        elif postal_code and town and postal_code[:2] not in {own[:2] for own in town.postal_codes}:
            yield f"le code postal {postal_code} n’est pas celui de {town.name} ({', '.join(town.postal_codes)})"
        latitude, longitude = cells.get("latitude", ""), cells.get("longitude", "")
        if bool(latitude) != bool(longitude):
            yield "position : il manque la latitude ou la longitude"
        elif latitude:
            try:
                point = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
            except ValueError:
                yield f"position : « {latitude} ; {longitude} » ne sont pas des degrés"
                return
            if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
                yield f"position : « {latitude} ; {longitude} » ne sont pas des degrés"
            elif town and (away := distance(town.point, point)) > FARTHEST:
                yield f"position : à {away:.0f} km de {town.name}"


def _invalid(validator: Callable[[str], object], value: str) -> Iterator[str]:
    """Yield the validator's reasons to refuse a value, if any."""
    try:
        validator(value)
    except ValidationError as error:
        yield from error.messages


def _siret(typed: str) -> str:
    return written_siret(typed, may_lack_zeros=True)


def _code(text: str) -> str:
    """Return an INSEE or postal code of a French department whose leading zero a spreadsheet may have dropped."""
    return text.zfill(5) if text.isdecimal() else text


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None


def _address(text: str) -> str:
    return text if not text or "://" in text else f"https://{text}"
