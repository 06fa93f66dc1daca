"""Validates a row of an import; each error is in French and says how to correct it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from directory.departments import BY_CODE
from directory.hours import validate_opening_hours
from directory.importing.reading import Line
from directory.models import Category, MerchantPage, Town
from directory.rules import position_faults, postal_code_fault
from directory.siret import written_siret
from portal.phone import french_phone
from portal.slugs import slug_of
from portal.text import pasted_code
from portal.website import website

NAMES = {"category": "catégorie", "insee": "code INSEE", "name": "nom", "postal_code": "code postal"}


@dataclass(frozen=True)
class Row:
    """A row that may become a merchant.

    values: by field of MerchantPage, keys of town and category as ids, as a revision holds them; an empty cell says
    nothing and has no value. remark: what was mended, and what is odd but no fault.
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
    categories: dict[str, int] = field(default_factory=lambda: _categories())
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
            told = " ; ".join([line.short, *reasons] if line.short else reasons)
            return Refusal(line.number, cells.get("siret", ""), cells.get("name", ""), told)
        self.seen[siret] = line.number
        town = self.towns[_code(cells["insee"])]
        values = {
            "title": cells["name"],
            "category": self.categories[slug_of(cells["category"])],
            "town": town.pk,
            "street": cells["address"],
            "postal_code": _code(cells["postal_code"]),
            "latitude": _number(cells.get("latitude", "")),
            "longitude": _number(cells.get("longitude", "")),
            "phone": french_phone(cells.get("phone", "")),
            "website": website(cells.get("website", "")),
            "opening_hours": _hours(cells),
        }
        said = {name: value for name, value in values.items() if value not in ("", None)}
        return Row(line.number, siret, said, " ; ".join(_remarks(line, siret, town, values)))

    def _faults(self, cells: dict[str, str]) -> Iterator[str]:
        yield from _invalid(_siret, cells["siret"]) if cells["siret"] else ["SIRET manquant"]
        for name, label in NAMES.items():
            if not cells[name]:
                yield f"{label} manquant{'e' if name == 'category' else ''}"
        for name, column, label in (("title", "name", "nom"), ("street", "address", "adresse")):
            limit = MerchantPage._meta.get_field(name).max_length
            if len(cells[column]) > limit:
                yield f"{label} : plus de {limit} caractères"
        if cells["category"] and slug_of(cells["category"]) not in self.categories:
            yield f"catégorie inconnue : {cells['category']}"
        yield from self._misplaced(cells)
        yield from (f"téléphone : {reason}" for reason in _invalid(french_phone, cells.get("phone", "")))
        yield from _website_faults(cells.get("website", ""))

    def _misplaced(self, cells: dict[str, str]) -> Iterator[str]:
        """Yield what is wrong with the town, the postal code and the position."""
        code, postal_code = _code(cells["insee"]), _code(cells["postal_code"])
        town = self.towns.get(code)
        if code and town is None:
            inside = code[:2] in BY_CODE
            yield f"commune inconnue : {code}" if inside else f"commune hors de la région : {code}"
        if postal_code and not re.fullmatch(r"[0-9]{5}", postal_code):
            yield f"code postal : « {cells['postal_code']} » ne compte pas cinq chiffres"
        elif postal_code and town and (fault := postal_code_fault(postal_code, town)):
            yield _uncapitalised(fault)
        latitude, longitude = cells.get("latitude", ""), cells.get("longitude", "")
        try:
            point = _number(latitude), _number(longitude)
        except ValueError:
            yield f"position : « {latitude} ; {longitude} » ne sont pas des degrés"
            return
        yield from (f"position : {_uncapitalised(fault)}" for _, fault in position_faults(*point, town))


def _uncapitalised(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _categories() -> dict[str, int]:
    """Return the categories by their address, and by their name in the same writing."""
    known = Category.objects.values_list("pk", "slug", "name")
    return {slug_of(name): pk for pk, _, name in known} | {slug: pk for pk, slug, _ in known}


def _website_faults(typed: str) -> Iterator[str]:
    try:
        address = website(typed)
    except ValidationError as error:
        told = f" : {error.messages[0]}" if error.code == "email" else " n’est pas une adresse"
        yield f"site internet : « {typed} »{told}"
        return
    if len(address) > MerchantPage._meta.get_field("website").max_length:
        yield "site internet : adresse trop longue"


def _remarks(line: Line, siret: str, town: Town, values: dict[str, Any]) -> Iterator[str]:
    """Yield what was mended in a row, so that nobody is surprised, and what is odd."""
    if line.remark:
        yield line.remark
    if line.short:
        yield f"{line.short} : les dernières sont prises pour vides"
    read = {
        "SIRET": (line.cells["siret"], siret),
        "code INSEE": (line.cells["insee"], town.insee_code),
        "code postal": (line.cells["postal_code"], values["postal_code"]),
        "téléphone": (line.cells.get("phone", ""), values["phone"]),
    }
    for label, (typed, stored) in read.items():
        if _is_mended(typed, stored):
            yield f"{label} lu {stored}"
    if values["postal_code"] not in town.postal_codes:
        yield f"le code postal {values['postal_code']} n’est pas celui de {town.name} (CEDEX ?)"
    yield from _hours_faults(line.cells)


def _is_mended(typed: str, stored: str) -> bool:
    """Return whether a code was more than freed of its spaces: digits were added, taken away or replaced."""
    plain = re.sub(r"[\s.\-/()]", "", typed)
    return plain != stored.replace(" ", "") and not plain.startswith(("+33", "0033"))


def _invalid(validator: Callable[[str], object], value: str) -> Iterator[str]:
    """Yield the validator's reasons to refuse a value, if any."""
    try:
        validator(value)
    except ValidationError as error:
        yield from error.messages


def _siret(typed: str) -> str:
    return written_siret(typed, may_lack_zeros=True)


def _code(typed: str) -> str:
    """Return an INSEE or postal code as it was before a spreadsheet: "7000.0", ="07000" and "7 000" are 07000."""
    code = re.sub(r"\s", "", re.sub(r"[.,]0+$", "", pasted_code(typed)))
    return code.zfill(5) if re.fullmatch(r"[0-9]{4,5}", code) else code


def _hours(cells: dict[str, str]) -> str:
    """Return the hours of a row, "" where they can't be kept: a merchant is worth more than the hours."""
    return "" if any(_hours_faults(cells)) else cells.get("opening_hours", "").rstrip("; ")


def _hours_faults(cells: dict[str, str]) -> Iterator[str]:
    text = cells.get("opening_hours", "").rstrip("; ")
    if len(text) > MerchantPage._meta.get_field("opening_hours").max_length:
        yield "horaires laissés vides : texte trop long"
    elif text:
        yield from (f"horaires laissés vides : {reason}" for reason in _invalid(validate_opening_hours, text))


def _number(text: str) -> float | None:
    return float(pasted_code(text).replace(",", ".")) if text else None
