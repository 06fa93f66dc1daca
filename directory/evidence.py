"""Which facts of a merchant's page were verified, when and how; only what is recorded.

Identity and premises are checked when merchants are vetted; as long as nothing of it is recorded, nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.utils.timezone import localtime
from wagtail.models import Page, TaskState

from directory.hours import is_confirmed, written_date
from portal.memory import memoized

if TYPE_CHECKING:
    from directory.models import MerchantPage


@dataclass(frozen=True)
class Fact:
    """what: what was checked. who: by whom or how, and when."""

    what: str
    who: str


def evidence(merchant: MerchantPage, today: date) -> tuple[Fact, ...]:
    """Return what is recorded of a live merchant's page; one query."""
    facts = []
    if merchant.siret:
        facts.append(Fact(f"SIRET {merchant.siret}", "Numéro complet et clé juste, contrôlés par le portail."))
    if reviewed := _last_review(merchant):
        facts.append(
            Fact("Fiche relue par une personne de la Région", f"Le {written_date(localtime(reviewed).date())}.")
        )
    if merchant.confirmed_on and is_confirmed(merchant.confirmed_on, today):
        facts.append(Fact("Horaires", f"Confirmés par le commerce le {written_date(merchant.confirmed_on)}."))
    if merchant.first_published_at:
        since = written_date(localtime(merchant.first_published_at).date())
        facts.append(Fact(f"Fiche en ligne depuis le {since}", f"Origine : {merchant.get_source_display()}."))
    return tuple(facts)


@memoized
def _last_review(merchant: MerchantPage) -> datetime | None:
    """Return when an editor last approved a change of the page."""
    approved = TaskState.objects.filter(
        status=TaskState.STATUS_APPROVED,
        workflow_state__base_content_type=ContentType.objects.get_for_model(Page),
        workflow_state__object_id=str(merchant.pk),
    )
    return approved.order_by("-finished_at").values_list("finished_at", flat=True).first()
