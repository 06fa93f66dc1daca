"""What makes a person look twice at an application: reasons that sort the queue, and decide nothing.

They come from what the register said, and from what other merchants and applications share with this one. They are kept
with the application, so that thousands can be sorted by them, and reckoned again when it is sent, when the register
answers, and each night.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q, TextChoices
from django.utils.dateparse import parse_date

from directory.models import MerchantPage
from directory.siret import CHECKSUM, written_siret
from directory.vetting import naf
from directory.vetting.calendar import months_after
from directory.vetting.kinds import Step
from directory.vetting.likeness import alike, host, street
from directory.vetting.located import town_of
from directory.vetting.models import Application
from directory.vetting.register import NOT_FOUND
from directory.vetting.sirene import StockEstablishment

NEW_FOR = 6  # months
CROWD = 3  # companies at one address, this one counted
DOMICILIATION = ("82.11Z", "82.10Y")  # offices for others, in both versions of NAF
RIVALS = (Step.SUBMITTED, Step.INCOMPLETE, Step.ACCEPTED)  # applications that are compared with


class Signal(TextChoices):
    """A reason to look twice. The label says what to do of it, where that is not plain."""

    SILENT = "silent", "le registre n’a pas répondu"
    UNKNOWN = "unknown", "inconnu du registre"
    CLOSED = "closed", "fermé d’après le registre"
    ELSEWHERE = "elsewhere", "hors de la région d’après le registre"
    CHECKSUM = "checksum", "SIRET dont la clé est fausse"
    NAME = "name", "un autre nom au registre"
    ADDRESS = "address", "une autre adresse au registre"
    MASKED = "masked", "adresse non publiée : une preuve du lieu est à demander"
    ABROAD = "abroad", "siège à l’étranger"
    NEW = "new", f"établissement de moins de {NEW_FOR} mois"
    DISTANCE = "distance", "vente à distance : une preuve du local est à demander"
    DOMICILED = "domiciled", "adresse d’une société de domiciliation : une preuve du local est à demander"
    CROWDED = "crowded", "plusieurs entreprises à cette adresse"
    PHONE = "phone", "téléphone d’une autre entreprise"
    SITE = "site", "site d’une autre entreprise"
    EMAIL = "email", "adresse e-mail d’une autre entreprise"


def signals(application: Application, today: date) -> list[Signal]:
    """Return the signals of an application, in the order of Signal; four queries at most."""
    found = {*_of_register(application, today), *_of_others(application)}
    return [signal for signal in Signal if signal in found]


def keep(application: Application, today: date) -> None:
    """Store the signals of an application. It counts as no change of it: who reads it meanwhile may decide."""
    application.signals = [signal.value for signal in signals(application, today)]
    Application.objects.filter(pk=application.pk).update(signals=application.signals)


def keep_all(today: date) -> int:
    """Reckon those of all applications that wait again; return of how many they changed."""
    changed = 0
    waiting = Application.objects.filter(state__in=(Step.SUBMITTED, Step.INCOMPLETE)).select_related("applicant")
    for application in waiting.iterator():
        before = application.signals
        if before != [signal.value for signal in signals(application, today)]:
            keep(application, today)
            changed += 1
    return changed


def labels(kept: Iterable[str]) -> list[str]:
    """Return what editors read of stored signals."""
    return [Signal(value).label for value in kept if value in Signal.values]


def _of_register(application: Application, today: date) -> Iterator[Signal]:
    if _has_wrong_checksum(application.siret):
        yield Signal.CHECKSUM
    found, declared = application.found, application.declared
    if not found:
        yield Signal.UNKNOWN if application.register_status == NOT_FOUND else Signal.SILENT
        return
    if not (found.get("is_active") and found.get("unit_is_active")):
        yield Signal.CLOSED
    if town_of(found.get("insee_code") or "") is None:
        yield Signal.ELSEWHERE
    names = [name for name in (found.get("trade_name"), found.get("name")) if name]
    if names and not any(alike(declared.get("title") or "", name) for name in names):
        yield Signal.NAME
    if found.get("address") and street(found["address"]) != street(declared.get("street") or ""):
        yield Signal.ADDRESS
    if not found.get("is_diffusible", True):
        yield Signal.MASKED
    if found.get("head_office_is_abroad"):
        yield Signal.ABROAD
    created = parse_date((found.get("created_on") or "")[:10])
    if created and today < months_after(created, NEW_FOR):
        yield Signal.NEW
    if naf.sells_at_a_distance(found.get("naf") or ""):
        yield Signal.DISTANCE


def _of_others(application: Application) -> Iterator[Signal]:
    declared, siren = application.declared, application.siret[:9]
    phone, site = declared.get("phone") or "", host(declared.get("website") or "")
    emails = {declared.get("email") or "", application.applicant.email if application.applicant else ""} - {""}
    code = declared.get("postal_code") or application.found.get("postal_code") or ""
    streets = {street(declared.get("street") or ""), street(application.found.get("address") or "")} - {""}
    others = [*_merchants(siren, phone, site, emails, code), *_applications(application, siren, phone, site, code)]
    if any(phone and other["phone"] == phone for other in others):
        yield Signal.PHONE
    if any(site and host(other["website"]) == site for other in others):
        yield Signal.SITE
    lower = {email.lower() for email in emails}
    if any(other["email"].lower() in lower for other in others if other["email"]):
        yield Signal.EMAIL
    here = {other["siren"] for other in others if other["postal_code"] == code and street(other["street"]) in streets}
    if len(here) + 1 >= CROWD:
        yield Signal.CROWDED
    if _is_domiciled(code, streets):
        yield Signal.DOMICILED


def _merchants(siren: str, phone: str, site: str, emails: Iterable[str], code: str) -> Iterator[dict[str, str]]:
    """Yield what may be shared of the merchants of other companies."""
    shared = Q(pk=None)
    if phone:
        shared |= Q(phone=phone)
    if site:
        shared |= Q(website__icontains=site)
    for email in emails:
        shared |= Q(email__iexact=email)
    if code:
        shared |= Q(postal_code=code)
    pages = MerchantPage.objects.filter(shared).exclude(siret=None).exclude(siret__startswith=siren)
    for row in pages.values("siret", "phone", "website", "email", "postal_code", "street"):
        yield {**row, "siren": row["siret"][:9]}


def _applications(application: Application, siren: str, phone: str, site: str, code: str) -> Iterator[dict[str, str]]:
    """Yield the same of applications of other companies, whether they wait or were accepted."""
    shared = Q(pk=None)
    if phone:
        shared |= Q(declared__phone=phone)
    if site:
        shared |= Q(declared__website__icontains=site)
    if code:
        shared |= Q(declared__postal_code=code)
    others = Application.objects.filter(shared, state__in=RIVALS).exclude(siret__startswith=siren)
    for siret, declared in others.exclude(pk=application.pk).values_list("siret", "declared"):
        fields = ("phone", "website", "email", "postal_code", "street")
        yield {"siren": siret[:9], **{name: declared.get(name) or "" for name in fields}}


def _is_domiciled(code: str, streets: Iterable[str]) -> bool:
    """Return whether our copy of the register knows a company at this address that lends it to others."""
    offices = StockEstablishment.objects.filter(postal_code=code, naf__in=DOMICILIATION) if code else ()
    return any(street(office.address) in streets for office in offices)


def _has_wrong_checksum(siret: str) -> bool:
    try:
        written_siret(siret)
    except ValidationError as error:
        return getattr(error, "code", "") == CHECKSUM
    return False
