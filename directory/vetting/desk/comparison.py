"""What an editor compares before they decide: what was declared, beside what the register says; who looks alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from directory.models import Category, MerchantPage, Town
from directory.siret import grouped
from directory.vetting import naf
from directory.vetting.likeness import alike, host, street
from directory.vetting.located import town_of
from directory.vetting.models import Application

MASKED = "non publié, à la demande de l’entreprise"
MOST_ALIKE = 20


@dataclass(frozen=True)
class Line:
    """One fact. differs: whether the two sides do not say the same; an empty side says nothing."""

    label: str
    declared: str
    found: str
    differs: bool = False


@dataclass(frozen=True)
class Alike:
    """A merchant who has something in common with an application. what: in words."""

    merchant: MerchantPage
    what: str


def compared(application: Application) -> list[Line]:
    """Return what was declared beside what the register said of the establishment."""
    declared, found = application.declared, application.found
    if not found:
        return [Line(label, value, "") for label, value in _declared(declared)]
    is_masked = not found.get("is_diffusible", True)
    known = dict(_declared(declared))
    names = [name for name in (found.get("trade_name"), found.get("name")) if name]
    town = Town.objects.filter(insee_code=declared.get("town") or "").first()
    here = town_of(found.get("insee_code") or "")
    states = (
        "établissement actif" if found.get("is_active") else "établissement fermé",
        "entreprise active" if found.get("unit_is_active") else "entreprise cessée",
    )
    return [
        Line(
            "SIRET", grouped(application.siret), grouped(found.get("siret") or ""), found["siret"] != application.siret
        ),
        Line(
            "Nom",
            known["Nom"],
            " / ".join(names) or (MASKED if is_masked else ""),
            bool(names) and not any(alike(known["Nom"], name) for name in names),
        ),
        Line(
            "Adresse",
            known["Adresse"],
            found.get("address") or (MASKED if is_masked else ""),
            bool(found.get("address")) and street(known["Adresse"]) != street(found["address"]),
        ),
        Line(
            "Code postal",
            known["Code postal"],
            found.get("postal_code") or (MASKED if is_masked else ""),
            bool(found.get("postal_code")) and known["Code postal"] != found["postal_code"],
        ),
        Line("Commune", known["Commune"], _town(found), here is None or not _is_of(town, here)),
        Line("État", "", ", ".join(states), not (found.get("is_active") and found.get("unit_is_active"))),
        Line("Activité (NAF)", known["Catégorie"], _activity(found)),
        Line("Téléphone", known["Téléphone"], ""),
        Line("Site internet", known["Site internet"], ""),
    ]


def look_alikes(application: Application) -> list[Alike]:
    """Return other merchants with the same telephone, website or address, or of the same company; one query."""
    declared = application.declared
    phone, site = declared.get("phone") or "", host(declared.get("website") or "")
    address, code = declared.get("street") or "", declared.get("postal_code") or ""
    same = Q(siret__startswith=application.siret[:9])
    if phone:
        same |= Q(phone=phone)
    if site:
        same |= Q(website__icontains=site)
    if address and code:
        same |= Q(postal_code=code, street__iexact=address)
    others = MerchantPage.objects.filter(same).exclude(pk=application.merchant_id).select_related("town")
    found = []
    for other in others.order_by("title")[:MOST_ALIKE]:
        told = [
            word
            for word, is_so in (
                ("même téléphone", phone and other.phone == phone),
                ("même site", site and host(other.website) == site),
                ("même adresse", address and other.postal_code == code and street(other.street) == street(address)),
                ("même entreprise", (other.siret or "")[:9] == application.siret[:9]),
            )
            if is_so
        ]
        if told:
            found.append(Alike(other, ", ".join(told)))
    return found


def _declared(declared: dict[str, Any]) -> Iterator[tuple[str, str]]:
    category = Category.objects.filter(slug=declared.get("category") or "").first()
    yield "Nom", declared.get("title") or ""
    yield "Catégorie", category.name if category else ""
    yield "Adresse", declared.get("street") or ""
    yield "Code postal", declared.get("postal_code") or ""
    yield "Commune", declared.get("town_name") or declared.get("town") or ""
    yield "Téléphone", declared.get("phone") or ""
    yield "Site internet", declared.get("website") or ""


def _town(found: dict[str, Any]) -> str:
    name, code = found.get("town_name") or "", found.get("insee_code") or ""
    outside = "" if town_of(code) else ", hors de la région"
    return f"{name} ({code}){outside}".strip()


def _is_of(town: Town | None, here: Town) -> bool:
    """Return whether two towns are one, or one is a district of the other."""
    return town is not None and (town == here or town.parent_id == here.pk or here.parent_id == town.pk)


def _activity(found: dict[str, Any]) -> str:
    known = naf.known(found.get("naf") or "")
    label = f" {known.label}" if known else ""
    return f"{found.get('naf') or ''}{label}".strip()
