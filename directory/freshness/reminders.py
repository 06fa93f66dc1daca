"""Reminders to confirm opening hours: one for each stage of the contract that a page reaches."""

from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse

from directory.emails import send
from directory.freshness.links import token_of
from directory.freshness.models import HoursReminder
from directory.freshness.stages import CONTRACT, TERMS, Stage, stage_at
from directory.hours import confirmation, written_date
from directory.models import MerchantPage
from directory.querysets import MerchantQuerySet
from portal.dates import months_before

KNOWN_SINCE = Coalesce(F("confirmed_on"), TruncDate("first_published_at"))  # the day on which hours were known to be so
REMINDED_FROM = min(term.months for term in CONTRACT if term.subject)


def with_age(merchants: MerchantQuerySet) -> QuerySet:
    """Return those online that tell hours, with ``known_since``: when they were confirmed, else first published."""
    return merchants.live().exclude(opening_hours="").annotate(known_since=KNOWN_SINCE)


def in_stage(merchants: QuerySet, stage: Stage, today: date) -> QuerySet:
    """Narrow merchants of ``with_age`` to one stage."""
    begins = TERMS[stage].months
    ends = next((term.months for term in CONTRACT if term.months > begins), None)
    narrowed = merchants.filter(known_since__gt=months_before(today, ends)) if ends else merchants
    return narrowed.filter(known_since__lte=months_before(today, begins)) if begins else narrowed


def remind(today: date) -> int:
    """Write to who keeps the pages that reached a new stage; return of how many pages. One that nobody keeps waits."""
    due = with_age(MerchantPage.objects.all()).filter(known_since__lte=months_before(today, REMINDED_FROM))
    return sum(remind_of(pk, today) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def remind_of(pk: int, today: date) -> bool:
    """Write about one page, unless its stage has been written about; the lock holds two workers apart."""
    MerchantPage.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    merchant = with_age(MerchantPage.objects.filter(pk=pk)).first()
    if merchant is None or merchant.known_since is None:
        return False
    stage = stage_at(merchant.known_since, today)
    to = list(merchant.managers.filter(is_active=True).values_list("email", flat=True))
    if not TERMS[stage].subject or not to:
        return False
    told = HoursReminder.objects.filter(merchant=merchant, since=merchant.known_since)
    if any(TERMS[Stage(sent)].months >= TERMS[stage].months for sent in told.values_list("stage", flat=True)):
        return False
    HoursReminder.objects.create(merchant=merchant, stage=stage, since=merchant.known_since)
    context = {
        "merchant": merchant,
        "subject": TERMS[stage].subject,
        "visitors_read": confirmation(merchant.confirmed_on, today),
        "since": written_date(merchant.known_since),
        "was_confirmed": merchant.confirmed_on is not None,
        "path": reverse("confirm_by_link", args=[token_of(merchant)]),
        "contract": reverse("freshness"),
    }
    for address in to:  # each alone: helpers do not read each other's addresses
        send(TERMS[stage].subject, "directory/freshness/reminder.txt", address, context)
    return True
