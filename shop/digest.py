"""The Monday digest: what waits for a merchant and the unusual days to come, one tap each; else nothing at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from directory import hours
from directory.emails import send
from directory.freshness.links import token_of
from directory.models import MerchantManager, MerchantPage
from directory.people.digest import digest_path
from shop.space.today import KINDS, Task

AHEAD = 14  # days whose public holidays are told
NOT_AGAIN_FOR = timedelta(days=6)  # a job that is run again, or twice, writes nobody twice


@dataclass(frozen=True)
class Digest:
    """What one merchant reads. holidays: the public holidays to come, as "Vendredi 25 décembre (Noël) : fermé".

    confirm: the path of the link that confirms the hours, "" while nobody need.
    """

    tasks: Sequence[Task]
    holidays: Sequence[str]
    confirm: str

    def __bool__(self) -> bool:
        return bool(self.tasks or self.holidays or self.confirm)


def digest_of(merchant: MerchantPage, today: date) -> Digest:
    days = hours.days_ahead(merchant.opening_hours, today, AHEAD, merchant.place)
    needs_confirming = merchant.live and days and not hours.is_confirmed(merchant.confirmed_on, today)
    return Digest(
        tasks=[task for kind in KINDS for task in kind(merchant, today)],
        holidays=[f"{day.day} ({day.note})\u00a0: {', '.join(day.ranges) or 'fermé'}" for day in days if day.note],
        confirm=reverse("confirm_by_link", args=[token_of(merchant)]) if needs_confirming else "",
    )


def send_all(today: date) -> int:
    """Write to all who want it and for whom something waits; return how many e-mails."""
    return sum(_send(pk, today) for pk in _due(today).values_list("pk", flat=True))


def _due(today: date) -> QuerySet[MerchantManager]:
    lately = Q(digest_on__gt=today - NOT_AGAIN_FOR)
    return MerchantManager.objects.filter(wants_digest=True, user__is_active=True, merchant__live=True).exclude(lately)


@transaction.atomic
def _send(pk: int, today: date) -> bool:
    """Write to one person of one page; the lock holds two workers apart."""
    access = _due(today).select_for_update(of=("self",)).select_related("user").filter(pk=pk).first()
    if access is None:
        return False
    merchants = MerchantPage.objects.with_place().prefetch_workflow_states().prefetch_related("answers")
    merchant = merchants.get(pk=access.merchant_id)
    digest = digest_of(merchant, today)
    if not digest:
        return False
    MerchantManager.objects.filter(pk=pk).update(digest_on=today)
    leave = f"{settings.SITE_URL}{digest_path(access)}"
    send(
        f"Cette semaine, {merchant.title}",
        "shop/emails/digest.txt",
        access.user.email,
        {"merchant": merchant, "digest": digest, "leave": leave},
        headers={"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    return True
