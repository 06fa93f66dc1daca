"""BODACC, the official bulletin of announcements: whether a legal unit is being wound up or was struck off.

Announcements are read in the order in which they appeared: a later one may close a procedure, mend or cancel an earlier
one. A safeguard or a recovery plan is no ground to refuse or suspend anybody: it is told, so that it can be followed.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.dateparse import parse_date

from directory.vetting.public_service import PATIENCE, Away, PublicService
from portal.slugs import slug_of

SERVICE = PublicService("bodacc", "BODACC_URL")
ROWS = 100  # announcements of one unit that are read; nobody has as many of these families


class Standing(StrEnum):
    CLEAR = "clear"
    MONITORED = "monitored"  # safeguard, recovery: trade goes on
    LIQUIDATED = "liquidated"
    STRUCK_OFF = "struck_off"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Announcement:
    """What decides, or the last that was told. number: BODACC's own. nature: its words, in French."""

    number: str
    published_on: date
    nature: str


@dataclass(frozen=True)
class Proceedings:
    """standing: where the unit stands after all its announcements. by: the one that says so, None if none does."""

    standing: Standing
    by: Announcement | None = None
    reason: str = ""

    @property
    def stops_sales(self) -> bool:
        return self.standing in (Standing.LIQUIDATED, Standing.STRUCK_OFF)


def proceedings(siren: str, patience: float = PATIENCE) -> Proceedings:
    """Return where a legal unit stands; never inside a transaction. siren: 9 digits, else ValueError."""
    if not re.fullmatch("[0-9]{9}", siren):
        raise ValueError("A SIREN has 9 digits.")
    parameters = {
        "dataset": "annonces-commerciales",
        "q": f"registre:{siren}",
        "sort": "dateparution",
        "rows": str(ROWS),
        "start": "0",
    }
    try:
        found = SERVICE.ask("/api/records/1.0/search/", parameters, patience)
        records = found["records"]
        fields = [record["fields"] for record in records]
    except Away as error:
        return Proceedings(Standing.UNAVAILABLE, reason=str(error))
    except (KeyError, TypeError):
        return Proceedings(Standing.UNAVAILABLE, reason="no records")
    return read(siren, [one for one in fields if isinstance(one, dict)])


def read(siren: str, announcements: Iterable[Mapping[str, Any]]) -> Proceedings:
    """Return where a unit stands after these announcements, in whatever order they come."""
    own = [one for one in announcements if siren in str(one.get("registre", "")).replace(" ", "").split(",")]
    in_force: list[Mapping[str, Any]] = []
    for one in sorted(own, key=lambda one: (str(one.get("dateparution", "")), str(one.get("id", "")))):
        kind = slug_of(str(one.get("typeavis_lib") or one.get("typeavis") or ""))
        if "annulation" in kind or "rectificatif" in kind:
            _take_back(in_force, one)
        if "annulation" not in kind:
            in_force.append(one)
    standing = Proceedings(Standing.CLEAR)
    for one in in_force:
        standing = _after(one, standing)
    return standing


def _after(one: Mapping[str, Any], before: Proceedings) -> Proceedings:
    """Return where a unit stands once this was announced. Whoever was struck off stays so until entered anew."""
    words = _words(one)
    announced = Announcement(str(one.get("id", "")), _day(one), _nature(one))
    if one.get("familleavis") == "radiation":
        return Proceedings(Standing.STRUCK_OFF, announced)
    if one.get("familleavis") in ("immatriculation", "creation"):
        return Proceedings(Standing.CLEAR, announced)
    if one.get("familleavis") != "collective":
        return before
    if "infirmant" in words or "retractant" in words:
        return Proceedings(Standing.CLEAR, announced)
    if "insuffisance-d-actif" in words or ("liquidation" in words and "cloture" not in words):
        return Proceedings(Standing.LIQUIDATED, announced)
    if "cloture" in words or "fin-de-la-procedure" in words:
        # Of a liquidation, only one whose debts were all paid leaves a business that may go on.
        ended = before.standing == Standing.LIQUIDATED and "extinction-du-passif" not in words
        return Proceedings(Standing.LIQUIDATED if ended else Standing.CLEAR, announced)
    if "redressement" in words or "sauvegarde" in words or "plan" in words:
        return Proceedings(Standing.MONITORED, announced)
    return before


def _take_back(in_force: list[Mapping[str, Any]], by: Mapping[str, Any]) -> None:
    """Remove the announcement that a later one mends or cancels: the one it names, else the last of its family."""
    earlier = _inner(by.get("parutionavisprecedent"))
    letter = str(earlier.get("nomPublication") or "")[-1:]
    number = f"{letter}{earlier.get('numeroParution', '')}{earlier.get('numeroAnnonce', '')}"
    named = [one for one in in_force if one.get("id") == number]
    alike = [one for one in in_force if one.get("familleavis") == by.get("familleavis")]
    if found := (named or alike)[-1:]:
        in_force.remove(found[0])


def _inner(text: Any) -> dict[str, Any]:
    """Return the object that BODACC writes as JSON within a text."""
    if isinstance(text, dict):
        return text
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _nature(one: Mapping[str, Any]) -> str:
    judgement = _inner(one.get("jugement"))
    return " ".join(str(judgement.get("nature") or one.get("familleavis_lib") or "").split())


def _words(one: Mapping[str, Any]) -> str:
    judgement = _inner(one.get("jugement"))
    return slug_of(" ".join(str(judgement.get(key) or "") for key in ("famille", "nature", "complementJugement")))


def _day(one: Mapping[str, Any]) -> date:
    try:
        return parse_date(str(one.get("dateparution", ""))[:10]) or date.min
    except ValueError:
        return date.min
