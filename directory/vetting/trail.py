"""What everybody reads of the checks of a merchant: what was verified, how, when, until when; « Local vérifié ».

The seal is not stored: it is there while a person of the Region has decided so and each required check is in force.
All words come from the lists of kinds and means (kinds.py), so that nothing private can be in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.utils.timezone import localtime
from wagtail.models import Page, TaskState

from directory.hours import written_date
from directory.vetting.kinds import REQUIRED, Kind, Means, Result, State
from directory.vetting.models import Check, Vetting
from portal.memory import memoized

if TYPE_CHECKING:
    from directory.models import MerchantPage


@dataclass(frozen=True)
class Fact:
    """what: what was checked. who: how, and when. until: until when it holds, or since when not."""

    what: str
    who: str
    until: str = ""


@dataclass(frozen=True)
class Trail:
    """is_sealed: whether they are « Local vérifié ». verified: checks in force. lacking: required ones that are not."""

    is_sealed: bool
    verified: tuple[Fact, ...]
    lacking: tuple[Fact, ...]


@dataclass(frozen=True)
class Proof:
    """The latest check of a kind, for the SIRET that a merchant has now."""

    kind: Kind
    result: Result
    means: Means
    day: date
    expires_on: date | None

    def is_in_force(self, today: date) -> bool:
        return self.result == Result.PASSED and (self.expires_on is None or self.expires_on >= today)


def trail(merchant: MerchantPage, today: date) -> Trail:
    """Return what is to be read of a merchant's checks on a day; two queries, remembered until they change."""
    proofs = {proof.kind: proof for proof in _proofs(merchant)}
    in_force = [kind for kind in Kind if kind in proofs and proofs[kind].is_in_force(today)]
    lacking = [kind for kind in REQUIRED if kind not in in_force]
    return Trail(
        is_sealed=not lacking and _is_decided(merchant),
        verified=tuple(_in_force(proofs[kind]) for kind in in_force),
        lacking=tuple(_lacking(kind, proofs.get(kind)) for kind in lacking),
    )


@memoized
def _proofs(merchant: MerchantPage) -> tuple[Proof, ...]:
    rows = Check.objects.filter(merchant=merchant, siret=merchant.siret or "").order_by("kind", "-day", "-pk")
    values = rows.distinct("kind").values_list("kind", "result", "source", "day", "expires_on")
    return tuple(
        Proof(Kind(kind), Result(result), Means(means), day, until) for kind, result, means, day, until in values
    )


@memoized
def _is_decided(merchant: MerchantPage) -> bool:
    return Vetting.objects.filter(merchant=merchant, state=State.VERIFIED).exists()


def _in_force(proof: Proof) -> Fact:
    until = f"Valable jusqu’au {written_date(proof.expires_on)}." if proof.expires_on else ""
    return Fact(proof.kind.label, f"{proof.means.label}, le {written_date(proof.day)}.", until)


def _lacking(kind: Kind, proof: Proof | None) -> Fact:
    if proof is None:
        return Fact(kind.label, "Pas encore contrôlé.")
    if proof.result == Result.PASSED and proof.expires_on:
        return Fact(
            kind.label, f"Contrôlé le {written_date(proof.day)}.", f"Expiré le {written_date(proof.expires_on)}."
        )
    return Fact(kind.label, "À éclaircir.")


def of_page(merchant: MerchantPage) -> tuple[Fact, ...]:
    """Return what is known of the page itself, which is no check of the merchant; one query, remembered."""
    facts = []
    if merchant.first_published_at:
        since = written_date(localtime(merchant.first_published_at).date())
        facts.append(Fact(f"En ligne depuis le {since}", f"Origine de la fiche : {merchant.get_source_display()}."))
    if read_on := _last_reading(merchant):
        facts.append(Fact("Relue par une personne de la Région", f"Le {written_date(read_on)}."))
    return tuple(facts)


@memoized
def _last_reading(merchant: MerchantPage) -> date | None:
    """Return the day when an editor last approved a change of the page."""
    approved = TaskState.objects.filter(
        status=TaskState.STATUS_APPROVED,
        workflow_state__base_content_type=ContentType.objects.get_for_model(Page),
        workflow_state__object_id=str(merchant.pk),
    )
    moment = approved.order_by("-finished_at").values_list("finished_at", flat=True).first()
    return localtime(moment).date() if moment else None
