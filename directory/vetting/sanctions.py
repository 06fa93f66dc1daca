"""Suspending a merchant at once, and reinstating her: with reasons, signed, told to who keeps the page, journalled.

A suspension without hearing is for urgency alone (code des relations entre le public et l'administration, article
L121-2): its e-mail asks for her observations, and another person may reinstate her.
"""

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from directory.models import MerchantPage
from directory.vetting import journal
from directory.vetting.acts import given, verify
from directory.vetting.journal import Act, signature
from directory.vetting.kinds import State
from directory.vetting.models import JournalEntry, Vetting
from directory.vetting.rules import latest_checks, missing
from portal.models import User

ALREADY = "C’est déjà décidé : rechargez la page."
NOT_SUSPENDED = "Ce commerce n’est pas suspendu : il n’y a rien à rétablir."
REMEDIES = (
    "Répondez à ce message avec vos observations, par écrit ou en demandant à être entendu : elles sont examinées "
    "avant toute suite. Vous avez six mois pour contester cette décision auprès de nous, gratuitement, et deux mois "
    "pour saisir le tribunal administratif."
)


@transaction.atomic
def suspend(merchant: MerchantPage, by: User, reasons: str) -> None:
    """Take a merchant's page offline until she is reinstated. Raises ValidationError without reasons."""
    vetting = Vetting.objects.select_for_update().get(merchant=merchant)
    if vetting.state in (State.SUSPENDED, State.CLOSED):
        raise ValidationError(ALREADY)
    told = given(reasons)
    page = MerchantPage.objects.get(pk=merchant.pk)
    online = page.live_revision_id if page.live else None
    if page.live:
        page.offline_comment = f"{told}\n\nDécision de {signature(by)}, pour la Région. {REMEDIES}"
        page.unpublish(user=by)
    vetting.visible_until = None
    _sign(vetting, State.SUSPENDED, by, told)
    journal.note(Act.SUSPENDED, by, merchant=merchant.pk, reasons=told, revision=online)


@transaction.atomic
def reinstate(merchant: MerchantPage, by: User, reasons: str) -> None:
    """Undo a suspension: what was online is online again, if her checks are in force. Raises ValidationError."""
    vetting = Vetting.objects.select_for_update().get(merchant=merchant)
    if vetting.state != State.SUSPENDED:
        raise ValidationError(NOT_SUSPENDED)
    told = given(reasons)
    _sign(vetting, State.PENDING, by, "")
    journal.note(Act.REINSTATED, by, merchant=merchant.pk, reasons=told)
    checks = latest_checks([merchant.pk]).get((merchant.pk, merchant.siret or ""), {})
    is_online = False
    if not missing(checks, timezone.localdate()):
        verify(merchant, by)
        if revision := _was_online(merchant):
            revision.publish(user=by)
            is_online = True
    _tell(merchant, by, told, is_online=is_online)


def _was_online(merchant: MerchantPage) -> Revision | None:
    entries = JournalEntry.objects.filter(merchant_number=merchant.pk, act=Act.SUSPENDED)
    facts = entries.values_list("facts", flat=True).first() or {}
    return Revision.objects.filter(pk=facts.get("revision") or 0).first()


def _sign(vetting: Vetting, state: State, by: User, reasons: str) -> None:
    vetting.state, vetting.reasons = state, reasons
    vetting.decided_at, vetting.decided_by, vetting.decider = timezone.now(), by, signature(by)
    vetting.save()


def _tell(merchant: MerchantPage, by: User, reasons: str, *, is_online: bool) -> None:
    what = "votre page est de nouveau en ligne" if is_online else "des contrôles restent à refaire avant sa publication"
    for manager in merchant.managers.filter(is_active=True):
        EmailMessage(
            f"« {merchant.title} » est rétabli",
            f"Bonjour,\n\nLa suspension de « {merchant.title} » est levée : {what}.\n\n{reasons}\n\n"
            f"Décision de {signature(by)}, pour la Région.\n\nJ’achète dans ma région\n",
            to=[manager.email],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
