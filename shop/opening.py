"""Opens a merchant's shop, step by step, and pauses it. docs/orders.md tells the steps.

The last step is a rehearsal: a fake order at the desk, told by e-mail as a real one is, that somebody must make ready.
Nothing else proves that the shop's orders reach a person.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from directory.models import MerchantPage
from directory.vetting.termination.models import OPEN, Termination
from portal import database_clock
from shop import emails
from shop import terms as versions
from shop.models import Storefront
from shop.pickup import new_code
from shop.storefronts import TermsAcceptance
from shop.terms import TermsVersion

LONGEST_PAUSE = timedelta(days=365)


@dataclass(frozen=True)
class Step:
    """One step of opening, as the shop's page lists it."""

    label: str
    is_done: bool


def terms() -> TermsVersion:
    """Return the version in force; migration 0019 stores the first."""
    version = versions.in_force()
    assert version is not None
    return version


def accept_terms(storefront: Storefront, by: Any, shown: str) -> bool:
    """Keep that ``by`` accepts the terms whose hash the page showed; return False if there is a newer text since.

    A version that is published may be accepted before it applies.
    """
    for version in (versions.newest(), versions.in_force()):
        if version is not None and shown == version.sha256:
            TermsAcceptance.objects.get_or_create(
                storefront=storefront, sha256=shown, defaults={"version": version.version, "by": by}
            )
            return True
    return False


def acceptance(storefront: Storefront, current: TermsVersion | None = None) -> TermsAcceptance | None:
    """Return the acceptance of the terms in force, or of newer ones, if there is one. current: those, where known."""
    accepted = storefront.acceptances.filter(version__gte=(current or terms()).version)
    return accepted.select_related("by").order_by("version", "pk").first()


def steps(storefront: Storefront, has_accepted: bool | None = None) -> list[Step]:
    """Return all that must be done before the shop opens, in order. has_accepted: the terms; None: not known yet."""
    if has_accepted is None:
        has_accepted = acceptance(storefront) is not None
    has_mediator = all((storefront.mediator_name, storefront.mediator_address, storefront.mediator_site))
    return [
        Step("Les conditions acceptées", has_accepted),
        Step(
            "Qui vend : raison sociale, téléphone et e-mail",
            all((storefront.legal_name, storefront.legal_form, storefront.merchant.phone, storefront.merchant.email)),
        ),
        Step("Votre régime de TVA", bool(storefront.vat_regime)),
        Step("Votre médiateur de la consommation", has_mediator),
        Step("La commande d’essai", storefront.rehearsed_at is not None),
    ]


@transaction.atomic
def rehearse(storefront: Storefront) -> str:
    """Send the shop a fake order; return its code. One that waits already is told again, with the same code."""
    locked = Storefront.objects.select_for_update(of=("self",)).select_related("merchant__town").get(pk=storefront.pk)
    if not locked.rehearsal_code:
        locked.rehearsal_code = new_code(locked)
        locked.save(update_fields=["rehearsal_code"])
    emails.rehearse(locked)
    return locked.rehearsal_code


@transaction.atomic
def finish_rehearsal(storefront: Storefront) -> bool:
    """Keep that the fake order was made ready at the desk; return whether there was one, or has been."""
    locked = Storefront.objects.select_for_update().get(pk=storefront.pk)
    if locked.rehearsal_code:
        locked.rehearsal_code, locked.rehearsed_at = "", database_clock.now()
        locked.save(update_fields=["rehearsal_code", "rehearsed_at"])
    return locked.rehearsed_at is not None


@transaction.atomic
def open_if_ready(storefront: Storefront) -> bool:
    """Open a shop if all its steps are done; return whether that was done now."""
    locked = Storefront.objects.select_for_update().get(pk=storefront.pk)
    if locked.opened_at is not None or not all(step.is_done for step in steps(locked)) or _ends(locked):
        return False
    locked.opened_at = database_clock.now()
    locked.save(update_fields=["opened_at"])
    return True


def close(merchant: MerchantPage) -> None:
    """Take no order any longer, for a merchant who leaves; orders already placed go on."""
    Storefront.objects.filter(merchant=merchant).update(opened_at=None)


def open_again(merchant: MerchantPage) -> None:
    """Open the shop that was closed for a merchant who stays after all, or comes back, if its steps are done."""
    for storefront in Storefront.objects.filter(merchant=merchant, opened_at=None):
        if storefront.skipped_steps and not _ends(storefront):
            Storefront.objects.filter(pk=storefront.pk).update(opened_at=database_clock.now())
        else:
            open_if_ready(storefront)


def _ends(storefront: Storefront) -> bool:
    """Return whether the merchant is leaving, or has left."""
    return Termination.objects.filter(merchant=storefront.merchant_id, stage__in=OPEN).exists()


def may_return(day: date) -> bool:
    """Return whether a pause can end on that day: after today, within a year."""
    today = database_clock.today()
    return today < day <= today + LONGEST_PAUSE


def pause(storefront: Storefront, until: date) -> None:
    """Sell nothing before ``until``, whose first minute ends the pause; orders already placed go on."""
    Storefront.objects.filter(pk=storefront.pk).update(paused_until=until)


def resume(storefront: Storefront) -> None:
    Storefront.objects.filter(pk=storefront.pk).update(paused_until=None)


def end_pauses() -> int:
    """End the pauses whose day has come; return how many. A job of every minute."""
    return Storefront.objects.filter(paused_until__lte=database_clock.today()).update(paused_until=None)
