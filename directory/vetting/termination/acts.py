"""What becomes of a termination. Each act is one transaction with its entry in the journal and its e-mails."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from directory.hours import written_date
from directory.models import MerchantPage
from directory.vetting import journal
from directory.vetting.journal import Act, signature
from directory.vetting.sanctions import effects
from directory.vetting.termination import emails
from directory.vetting.termination.models import LONGEST_NOTICE, OPEN, Stage, Termination
from portal.models import User

ALREADY = "La fermeture est déjà demandée : annulez-la d’abord pour choisir un autre jour."
NOT_SO = "Quelqu’un a changé d’avis entre-temps : rechargez la page."


def last_day(today: date) -> date:
    """Return the last day on which a termination asked for today may take effect."""
    return today + LONGEST_NOTICE


@transaction.atomic
def announce(merchant: MerchantPage, by: User, day: date) -> Termination:
    """End a contract on a day after today, for an owner. Raises ValidationError."""
    today = timezone.localdate()
    if not today < day <= last_day(today):
        raise ValidationError(f"Choisissez un jour entre demain et le {written_date(last_day(today))}.")
    MerchantPage.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
    if merchant.terminations.filter(stage__in=OPEN).exists():
        raise ValidationError(ALREADY)
    asked = Termination.objects.create(
        merchant=merchant, merchant_title=merchant.title, asked_by=by, asker=signature(by), effective_on=day
    )
    journal.note(Act.LEAVING, by, merchant=merchant.pk, on=day.isoformat())
    emails.tell(asked, "announced")
    return asked


@transaction.atomic
def cancel(merchant: MerchantPage, by: User) -> Termination:
    """Let a contract go on that was to end. Raises ValidationError."""
    held = _held(merchant, Stage.ANNOUNCED)
    held.stage, held.ended_at = Stage.CANCELLED, timezone.now()
    held.save()
    journal.note(Act.STAYING, by, merchant=merchant.pk)
    emails.tell(held, "cancelled")
    return held


@transaction.atomic
def take_effect(merchant: MerchantPage, now: datetime) -> None:
    """Close a merchant whose day has come. Raises ValidationError where it was cancelled meanwhile."""
    held = _held(merchant, Stage.ANNOUNCED)
    held.stage, held.applied_at = Stage.IN_FORCE, now
    held.save()
    effects.close_for_termination(held)
    journal.note(Act.CLOSED, None, merchant=merchant.pk)
    emails.tell(held, "closed")


@transaction.atomic
def reverse(merchant: MerchantPage, by: User) -> bool:
    """Let a merchant come back; return whether the page is online. Raises ValidationError.

    It stays offline while a sanction is in effect or a required check lacks: then the Region looks at it again.
    """
    held = _held(merchant, Stage.IN_FORCE)
    held.stage, held.ended_at = Stage.REVERSED, timezone.now()
    held.save()
    journal.note(Act.REINSTATED, by, merchant=merchant.pk)
    is_online = effects.reopen_after_termination(held, by)
    emails.tell(held, "reversed", is_online=is_online)
    return is_online


def _held(merchant: MerchantPage, stage: Stage) -> Termination:
    """Return the merchant's termination at that stage, locked. Raises ValidationError where there is none."""
    found = Termination.objects.select_for_update(of=("self",)).filter(merchant=merchant, stage=stage).first()
    if found is None:
        raise ValidationError(NOT_SO)
    return found
