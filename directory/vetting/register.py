"""« Recherche d’entreprises », the State's register of establishments: what it says of one SIRET.

It is asked for an establishment, and only that one is told: never its head office, which may be elsewhere. Whoever
asked not to be published (« P », statut de diffusion partielle) is told without name or place: nothing masked leaves
this module. Source: the interface's own documentation, and how it answered in July 2026.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.dateparse import parse_date

from directory.vetting import naf
from directory.vetting.public_service import PATIENCE, Away, PublicService
from portal import database_clock

SERVICE = PublicService("register", "REGISTER_URL")
KEPT = timedelta(hours=24)
UNKNOWN_KEPT = timedelta(hours=1)  # a new establishment is known the day after
MASKS = ("[NON-DIFFUSIBLE]", "[ND]")
NATURAL_PERSONS = "1"  # how legal form codes of sole traders begin


class Status(StrEnum):
    FOUND = "found"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"  # down, slow, limiting us, or answering nonsense


FOUND, NOT_FOUND, UNAVAILABLE = Status


@dataclass(frozen=True)
class Establishment:
    """What the register says of one establishment; "" or None where it says nothing, or may not.

    name: of the legal unit. trade_name: over the door. address: number and street. insee_code: of its own commune.
    naf: with its dot; naf_version: "NAFRev2" or "NAF2025". is_diffusible: False: name and place are not to be
    published. registered: whether the national register of companies (RNE) knows the unit, None if it is not said.
    open_head_office: the unit's head office, if it is another establishment and open: to tell, never to take instead.
    fetched_at: when the register said so.
    """

    siret: str
    siren: str
    name: str
    trade_name: str
    address: str
    postal_code: str
    insee_code: str
    town_name: str
    latitude: float | None
    longitude: float | None
    naf: str
    naf_version: str
    is_active: bool
    unit_is_active: bool
    is_head_office: bool
    is_diffusible: bool
    legal_form_code: str
    registered: bool | None
    created_on: date | None
    closed_on: date | None
    head_office_is_abroad: bool
    open_head_office: str
    fetched_at: datetime


@dataclass(frozen=True)
class Answer:
    """status: whether the register answered, and knows it. reason: why it is UNAVAILABLE, in English, for the log.

    Only what is FOUND has an establishment.
    """

    status: Status
    establishment: Establishment | None = None
    reason: str = ""


class Nonsense(Exception):
    """The register's answer is not of the shape it has, or tells of another establishment."""


def stored(establishment: Establishment) -> dict[str, Any]:
    """Return an establishment as JSON holds it, days and moments as text."""
    return json.loads(json.dumps(asdict(establishment), cls=DjangoJSONEncoder))


def look_up(siret: str, *, max_age: timedelta = KEPT, patience: float = PATIENCE) -> Answer:
    """Return what the register says of an establishment; never inside a transaction.

    siret: 14 digits, whatever their checksum. max_age: how old an answer may be, 24 hours at most. patience: seconds.
    Raises ValueError on anything but 14 digits.
    """
    if not re.fullmatch("[0-9]{14}", siret):
        raise ValueError("A SIRET has 14 digits.")
    if kept := _kept(siret, max_age):
        return kept
    parameters = {
        "q": siret,
        "minimal": "true",  # without the names and birthdays of directors
        "include": "siege,matching_etablissements",
        "per_page": "1",
        "page": "1",
    }
    try:
        answer = read(siret, SERVICE.ask("/search", parameters, patience), database_clock.now())
    except (Away, Nonsense) as error:
        return Answer(UNAVAILABLE, reason=str(error))
    _keep(siret, answer)
    return answer


def read(siret: str, payload: Mapping[str, Any], fetched_at: datetime) -> Answer:
    """Return what a payload of the register says of ``siret``. Raises Nonsense."""
    results = payload.get("results")
    if not isinstance(results, list):
        raise Nonsense("no results")
    if not results:
        return Answer(NOT_FOUND)
    unit = results[0]
    if not isinstance(unit, dict) or unit.get("siren") != siret[:9]:
        raise Nonsense("another unit")
    matching = [one for one in unit.get("matching_etablissements") or [] if isinstance(one, dict)]
    own = next((one for one in matching if one.get("siret") == siret), None)
    if own is None:
        raise Nonsense("another establishment")
    if unit.get("etat_administratif") not in ("A", "C") or own.get("etat_administratif") not in ("A", "F"):
        raise Nonsense("no state")
    if not re.fullmatch("[0-9][0-9AB][0-9]{3}", _text(own, "commune")):
        raise Nonsense("no commune")
    return Answer(FOUND, _establishment(unit, own, fetched_at))


def _establishment(unit: dict[str, Any], own: dict[str, Any], fetched_at: datetime) -> Establishment:
    code = naf.written(_text(own, "activite_principale")) or naf.written(_text(unit, "activite_principale"))
    unit_is_open = unit.get("statut_diffusion") == "O"
    is_diffusible = unit_is_open and own.get("statut_diffusion_etablissement") == "O"
    legal_form = _text(unit, "nature_juridique")
    has_public_name = unit_is_open or (legal_form != "" and not legal_form.startswith(NATURAL_PERSONS))
    siege = unit.get("siege")
    head_office: dict[str, Any] = siege if isinstance(siege, dict) else {}
    whole = Establishment(
        siret=_text(own, "siret"),
        siren=_text(unit, "siren"),
        name=(_text(unit, "nom_raison_sociale") or _text(unit, "nom_complet")) if has_public_name else "",
        trade_name=_trade_name(own),
        address=_street(own),
        postal_code=_text(own, "code_postal"),
        insee_code=_text(own, "commune"),
        town_name=_text(own, "libelle_commune"),
        latitude=_degrees(own, "latitude", 90),
        longitude=_degrees(own, "longitude", 180),
        naf=code,
        naf_version=naf.version(code),
        is_active=own["etat_administratif"] == "A",
        unit_is_active=unit["etat_administratif"] == "A",
        is_head_office=own.get("est_siege") is True,
        is_diffusible=is_diffusible,
        legal_form_code=legal_form,
        registered=bool(unit["date_mise_a_jour_rne"]) if "date_mise_a_jour_rne" in unit else None,
        created_on=_day(own, "date_creation"),
        closed_on=_day(own, "date_fermeture"),
        head_office_is_abroad=bool(_text(head_office, "code_pays_etranger")),
        open_head_office=_open_head_office(unit, head_office, own),
        fetched_at=fetched_at,
    )
    if None in (whole.latitude, whole.longitude):
        whole = replace(whole, latitude=None, longitude=None)
    if is_diffusible:
        return whole
    # What the register forgot to mask is masked here.
    return replace(whole, trade_name="", address="", postal_code="", latitude=None, longitude=None, open_head_office="")


def _text(of: Mapping[str, Any], name: str) -> str:
    """Return a text of the register, "" where there is none or a mask stands in its place."""
    value = of.get(name)
    if not isinstance(value, str) or any(mask in value.upper() for mask in MASKS):
        return ""
    return " ".join(value.split())


def _trade_name(own: Mapping[str, Any]) -> str:
    signs = own.get("liste_enseignes")
    named = [_text({"sign": sign}, "sign") for sign in signs] if isinstance(signs, list) else []
    return _text(own, "nom_commercial") or next((name for name in named if name), "")


def _street(own: Mapping[str, Any]) -> str:
    """Return the address without postal code and town, which stand in fields of their own."""
    address, code = _text(own, "adresse"), _text(own, "code_postal")
    before, found, _ = f" {address} ".rpartition(f" {code} ") if code else ("", "", "")
    return (before if found else address).strip(" ,")


def _degrees(own: Mapping[str, Any], name: str, most: float) -> float | None:
    try:
        degrees = float(_text(own, name) or own.get(name) or math.nan)
    except (TypeError, ValueError):
        return None
    return degrees if -most <= degrees <= most else None


def _day(own: Mapping[str, Any], name: str) -> date | None:
    try:
        return parse_date(_text(own, name)[:10])
    except ValueError:
        return None


def _open_head_office(unit: Mapping[str, Any], head_office: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    siret = _text(head_office, "siret")
    is_open = unit["etat_administratif"] == "A" and head_office.get("etat_administratif") == "A"
    return siret if is_open and siret != own.get("siret") and siret.startswith(str(unit["siren"])) else ""


def _keep(siret: str, answer: Answer) -> None:
    told = asdict(answer.establishment) if answer.establishment else None
    kept_for = KEPT if told else UNKNOWN_KEPT
    cache.set(_key(siret), {"at": database_clock.now(), "told": told}, kept_for.total_seconds())


def _kept(siret: str, max_age: timedelta) -> Answer | None:
    kept = cache.get(_key(siret)) if max_age else None
    if kept is None or database_clock.now() - kept["at"] > max_age:
        return None
    try:
        return Answer(FOUND, Establishment(**kept["told"])) if kept["told"] else Answer(NOT_FOUND)
    except TypeError:  # kept by another version of the portal
        return None


def _key(siret: str) -> str:
    return f"register:{siret}"
