"""Who is written to about a plan, when, and who could not be reached.

Merchants' keepers, accounts, and guests whose purchase is not yet too old to be given back. A letter is stored before
it is sent, so that a job that is killed goes on where it was and writes to nobody twice.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.utils import timezone

from directory.models import MerchantManager
from home.closing.models import ClosingLetter, ClosingPlan
from home.closing.phases import Kind, Phase
from home.site_settings import site_settings
from portal import database_clock, mail
from portal.models import User
from shop.models import Purchase

Occasion = ClosingLetter.Occasion
GUESTS_SINCE = timedelta(days=60)  # longer than any withdrawal from a purchase that was collected late
AT_A_TIME = 200
HEADER = "X-Lettre"
SUBJECTS = {
    (Kind.CLOSING, Occasion.ANNOUNCED): "Le portail fermera le {day}",
    (Kind.CLOSING, Occasion.LAST_ORDERS): "Le portail ne prend plus de commande",
    (Kind.CLOSING, Occasion.ENDED): "Le portail ne ferme pas",
    (Kind.PAUSE, Occasion.ANNOUNCED): "Le portail fait une pause à partir du {day}",
    (Kind.PAUSE, Occasion.LAST_ORDERS): "Le portail est en pause",
    (Kind.PAUSE, Occasion.ENDED): "Le portail reprend les commandes",
}


def write_due() -> int:
    """List who is to be told of what has come, then write to some of them; return how many letters are left."""
    for plan in ClosingPlan.objects.filter(announced_on__isnull=False):
        for occasion in _come(plan):
            _list(plan, occasion)
    unreached = ClosingLetter.objects.filter(pk__in=mail.given_up(HEADER), unreached_at=None)
    unreached.update(unreached_at=database_clock.now())
    waiting = ClosingLetter.objects.filter(sent_at=None)
    with transaction.atomic():
        for letter in waiting.select_related("plan").select_for_update(of=("self",), skip_locked=True)[:AT_A_TIME]:
            _send(letter)
    return waiting.count()


def unreached(plan: ClosingPlan) -> QuerySet[ClosingLetter]:
    return plan.letters.exclude(unreached_at=None).order_by("-is_merchant", "address")


def _come(plan: ClosingPlan) -> Iterable[str]:
    """Yield what has come of a plan; one that was withdrawn is told only to those who had heard of it."""
    if plan.ended_at:
        if plan.letters.exists():
            yield Occasion.ENDED
        return
    phase = plan.plan.phase(timezone.localdate())
    if phase == Phase.CLOSED:
        return
    yield Occasion.ANNOUNCED
    if phase >= Phase.NO_ORDERS:
        yield Occasion.LAST_ORDERS


def _list(plan: ClosingPlan, occasion: str) -> None:
    if plan.letters.filter(occasion=occasion).exists():
        return
    if occasion == Occasion.ENDED:
        told = plan.letters.exclude(sent_at=None).order_by("address").distinct("address")
        people = dict(told.values_list("address", "is_merchant"))
    else:
        people = _people(merchants_only=occasion == Occasion.LAST_ORDERS)
    ClosingLetter.objects.bulk_create(
        (
            ClosingLetter(plan=plan, occasion=occasion, address=address, is_merchant=is_merchant)
            for address, is_merchant in people.items()
        ),
        ignore_conflicts=True,
        batch_size=5_000,
    )


def _people(merchants_only: bool) -> dict[str, bool]:
    """Return {address in lower case: whether a merchant's page is theirs to keep}."""
    keepers = MerchantManager.objects.filter(user__is_active=True).values_list(Lower("user__email"), flat=True)
    people = dict.fromkeys(keepers, True)
    if not merchants_only:
        since = database_clock.now() - GUESTS_SINCE
        guests = Purchase.objects.filter(placed_at__gte=since).exclude(email="")
        addresses = User.objects.filter(is_active=True).values_list(Lower("email"), flat=True)
        people = dict.fromkeys([*addresses, *guests.values_list(Lower("email"), flat=True)], False) | people
    return people


def _send(letter: ClosingLetter) -> None:
    plan, site = letter.plan, site_settings()
    context = {
        "plan": plan.plan,
        "is_pause": plan.kind == Kind.PAUSE,
        "occasion": letter.occasion,
        "is_merchant": letter.is_merchant,
        "publisher": site.publisher_name,
        "site": settings.SITE_URL,
    }
    subject = SUBJECTS[Kind(plan.kind), Occasion(letter.occasion)].format(day=f"{plan.day:%d/%m/%Y}")
    EmailMessage(
        subject,
        render_to_string("home/emails/closing.txt", context),
        to=[letter.address],
        reply_to=[site.email],
        headers={HEADER: str(letter.pk)},
    ).send()
    letter.sent_at = database_clock.now()
    letter.save(update_fields=["sent_at"])
