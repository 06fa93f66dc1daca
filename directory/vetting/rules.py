"""Whether a merchant's page may be online, told in French before the database refuses it (guards.py).

A page is online because a person of the Region verified the merchant on checks that are in force for the SIRET, or, for
a while, because it was online before anybody had to be vetted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.utils.timezone import localdate
from wagtail.models import Page

from directory.vetting.kinds import FICTIONAL, REQUIRED, SET_ASIDE, Kind, State
from directory.vetting.models import Check, Vetting

if TYPE_CHECKING:
    from directory.models import MerchantPage

WHERE = "Ouvrez « Vérifications » dans le menu, enregistrez ce qui manque, puis publiez."
ASIDE = "Ce commerce est {} par une décision : levez-la sous « Vérifications » avant de le publier."
NO_SIRET = "Sans SIRET, un commerce ne peut pas être vérifié, ni publié : écrivez le sien."
NEW_SIRET = "Ce SIRET n’est pas celui qui a été vérifié : un autre établissement se vérifie à nouveau."
UNSIGNED = "Tous les contrôles sont là : il reste à déclarer le commerce vérifié, sous « Vérifications »."


def latest_checks(merchants: Collection[int]) -> dict[tuple[int, str], dict[Kind, Check]]:
    """Return the latest check of each kind, by merchant and SIRET; one query."""
    found: dict[tuple[int, str], dict[Kind, Check]] = defaultdict(dict)
    rows = Check.objects.filter(merchant__in=merchants).order_by("merchant", "siret", "kind", "-day", "-pk")
    for proof in rows.distinct("merchant", "siret", "kind"):
        found[proof.merchant_id, proof.siret][Kind(proof.kind)] = proof
    return found


def missing(checks: dict[Kind, Check], today: date) -> list[Kind]:
    """Return which of the required checks lack, failed or have expired. checks: the latest of each kind."""
    return [kind for kind in REQUIRED if kind not in checks or not checks[kind].is_in_force(today)]


def publication_faults(pages: Iterable["MerchantPage"], today: date | None = None) -> dict[int, str]:
    """Return why each of these pages, as it is in memory, may not be published; those that may are left out.

    Three queries for all of them.
    """
    today = today or localdate()
    by_key = {page.pk: page for page in pages}
    stored = {
        pk: row
        for pk, *row in Page.objects.filter(pk__in=by_key).values_list(
            "pk", "live", "merchantpage__siret", "merchantpage__source"
        )
    }
    vettings = {vetting.merchant_id: vetting for vetting in Vetting.objects.filter(merchant__in=by_key)}
    checks = latest_checks(by_key)
    faults = {}
    for pk, page in by_key.items():
        is_same = pk in stored and stored[pk] == [True, page.siret, page.source]
        of_her = checks.get((pk, page.siret or ""), {})
        is_new = not of_her and any(merchant == pk for merchant, _ in checks)
        if fault := _fault(page, vettings.get(pk), of_her, today, is_same=is_same, is_new=is_new):
            faults[pk] = fault
    return faults


def _fault(
    page: "MerchantPage",
    vetting: Vetting | None,
    checks: dict[Kind, Check],
    today: date,
    *,
    is_same: bool,
    is_new: bool,
) -> str:
    """Return why a page may not be published, or "".

    is_same: whether this very establishment is online already. is_new: whether another was checked, not this one.
    """
    state = vetting.state if vetting else State.PENDING
    if state in SET_ASIDE:
        return ASIDE.format(State(state).label)
    if is_same or (vetting and vetting.visible_until and vetting.visible_until >= today):
        return ""
    if not page.siret and page.source != FICTIONAL:
        return NO_SIRET
    if is_new and state == State.VERIFIED:
        return f"{NEW_SIRET} {WHERE}"
    if lacking := missing(checks, today):
        labels = ", ".join(f"« {kind.label} »" for kind in lacking)
        return f"Ce commerce n’est pas encore vérifié. Il manque : {labels}. {WHERE}"
    return "" if state == State.VERIFIED else UNSIGNED
