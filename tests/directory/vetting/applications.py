"""Applications as they are sent, for tests."""

from django.utils import timezone

from directory.models import Application
from directory.vetting import checking
from directory.vetting.kinds import Kind, Means, Result

SIRET = "73282932000074"
DECLARED = {
    "title": "Les Ruches du Coiron",
    "category": "boulangerie-patisserie",
    "town": "07186",
    "town_name": "Privas",
    "street": "4 place du Foiral",
    "postal_code": "07000",
    "phone": "04 75 64 01 01",
    "opening_hours": "Tu-Sa 09:00-12:00",
    "remark": "Je tiens aussi un étal.",
}
FOUND = {
    "siret": SIRET,
    "name": "LES RUCHES DU COIRON",
    "trade_name": "",
    "address": "4 PL DU FOIRAL",
    "postal_code": "07000",
    "insee_code": "07186",
    "town_name": "PRIVAS",
    "naf": "01.49Z",
    "is_active": True,
    "unit_is_active": True,
    "is_diffusible": True,
    "fetched_at": "2026-11-29T10:00:00Z",
}


def draft(applicant, **fields):
    """Store an application that is complete and not sent."""
    terms = {"terms_version": "1", "terms_sha256": "0" * 64, "terms_accepted_at": timezone.now()}
    known = {"siret": SIRET, "declared": DECLARED, "found": FOUND, "register_status": "found"}
    return Application.objects.create(applicant=applicant, **{**known, **terms, **fields})


def check_by_hand(application, by, *kinds):
    for kind in kinds or (Kind.ACTIVITY, Kind.IDENTITY):
        checking.record(application.merchant, kind, Result.PASSED, Means.VISIT, by=by)
