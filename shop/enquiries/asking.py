"""Asking a merchant, confirming it, taking it back."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from directory.models import MerchantPage
from portal import database_clock, rate_limits
from portal.client_address import UNKNOWN
from portal.dependencies import depends_on_tags
from portal.rate_limits import Limit
from shop import answering
from shop.buyers import email_key
from shop.enquiries import emails
from shop.enquiries.models import TAKEN, Enquiry, Kind
from shop.wording import written_hour

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_VISITOR = Limit("enquiries of a visitor", 5, HOUR)
ALL_TOGETHER = Limit("enquiries", 300, HOUR)
CONFIRMATIONS = Limit("enquiry confirmations of a mailbox", 5, DAY)
MOST_WAITING, MOST_OPEN, MOST_OF_PHONE, MOST_OF_MERCHANT = 3, 5, 2, 40
AHEAD = timedelta(days=7)  # the days whose opening hours count
REMIND_AFTER = timedelta(days=2)  # where the hours are not known

State = Enquiry.State


class NotTaken(Exception):
    """The merchant takes no such request, or no more."""


class TooMany(Exception):
    """A limit is reached; the message says which, in French."""


def kinds_taken(merchant: MerchantPage) -> tuple[Kind, ...]:
    """Return the requests that a merchant takes; one query."""
    depends_on_tags(f"page:{merchant.pk}")
    with connection.cursor() as cursor:
        asked = TAKEN.format("%(merchant)s", "%(reserve)s"), TAKEN.format("%(merchant)s", "%(call)s")
        values = {"merchant": merchant.pk, "reserve": Kind.RESERVE.value, "call": Kind.CALL.value}
        cursor.execute(f"select {asked[0]}, {asked[1]}", values)
        taken = cursor.fetchone()
    return tuple(kind for kind, is_taken in zip((Kind.RESERVE, Kind.CALL), taken, strict=True) if is_taken)


@transaction.atomic
def ask(merchant: MerchantPage, kind: str, said: dict[str, Any], visitor: str, is_proved: bool) -> Enquiry:
    """Keep a request and have it confirmed; of a proved address it is sent at once. Return it.

    said: name, email, phone, wanted, when. visitor: the network address. The very same that still waits or is open is
    returned as it is, and nobody is written to again. Raises TooMany, NotTaken.
    """
    rate_limits.wait_for_turn("enquiries", email_key(said["email"]))
    if same := Enquiry.objects.filter(
        merchant=merchant, kind=kind, state__in=[State.WAITING, State.SENT], **said
    ).first():
        return same
    _check(merchant, said["email"], visitor)
    try:
        with transaction.atomic():
            enquiry = Enquiry.objects.create(merchant=merchant, kind=kind, made_at=database_clock.now(), **said)
    except IntegrityError as error:
        raise NotTaken from error
    if is_proved:
        confirm(enquiry)
    else:
        if again := rate_limits.take(CONFIRMATIONS, enquiry.email_key):
            raise TooMany(
                f"Nous envoyons {CONFIRMATIONS.most} demandes de confirmation par jour à une même adresse. Réessayez "
                f"après {written_hour(again)}."
            )
        emails.ask_to_confirm(enquiry)
    return enquiry


@transaction.atomic
def confirm(enquiry: Enquiry) -> bool:
    """Send a request to its merchant; return False if that is done already. Raises NotTaken, TooMany."""
    rate_limits.wait_for_turn("enquiries", enquiry.email_key)
    enquiry = Enquiry.objects.select_for_update(of=("self",)).select_related("merchant__town").get(pk=enquiry.pk)
    if enquiry.state != State.WAITING:
        return False
    _check_open(enquiry)
    now = database_clock.now()
    clock = answering.clock(enquiry.merchant, now, localdate(now) + AHEAD)
    enquiry.state, enquiry.confirmed_at = State.SENT, now
    enquiry.answer_by = clock.answer_by or now + AHEAD
    enquiry.remind_from = clock.remind_from if clock.answer_by else now + REMIND_AFTER
    try:
        with transaction.atomic():
            enquiry.save()
    except IntegrityError as error:
        raise NotTaken from error
    emails.tell_merchant(enquiry)
    return True


@transaction.atomic
def give_up(enquiry: Enquiry) -> None:
    """Take a request back: one that was never sent is deleted, of another the merchant is told."""
    found = Enquiry.objects.select_for_update(of=("self",)).select_related("merchant").filter(pk=enquiry.pk).first()
    if found is None or found.state == State.GIVEN_UP:
        return
    if found.state == State.WAITING:
        found.delete()
        return
    matters = found.state in (State.SENT, State.UNANSWERED, State.YES)
    Enquiry.objects.filter(pk=found.pk).update(state=State.GIVEN_UP)
    if matters:
        emails.tell_given_up(found)


def _check(merchant: MerchantPage, email: str, visitor: str) -> None:
    """Raise TooMany when a request cannot be kept. What else is open for an address is told to its reader only."""
    if visitor != UNKNOWN and (again := rate_limits.take(BY_VISITOR, visitor)):
        raise TooMany(f"Trop de demandes sont parties de votre connexion. Réessayez après {written_hour(again)}.")
    if Enquiry.objects.waiting().filter(email_key=email_key(email)).count() >= MOST_WAITING:
        raise TooMany("Des demandes attendent déjà votre accord : ouvrez d’abord les liens des e-mails reçus.")
    _check_merchant(merchant)
    if rate_limits.take(ALL_TOGETHER, rate_limits.EVERYBODY):
        raise TooMany("Trop de demandes arrivent en ce moment. Réessayez dans une heure.")


def _check_open(enquiry: Enquiry) -> None:
    """Raise TooMany when one more open request would be too many."""
    rows = Enquiry.objects.open()
    own = rows.filter(email_key=enquiry.email_key)
    if own.filter(merchant=enquiry.merchant, kind=enquiry.kind).exists():
        raise TooMany("Ce commerce a déjà une demande de votre part : attendez sa réponse, ou retirez-la d’abord.")
    if own.count() >= MOST_OPEN:
        raise TooMany(f"{MOST_OPEN} de vos demandes attendent déjà une réponse. Attendez-en une, ou retirez-en une.")
    if phone := enquiry.phone_key:
        rate_limits.wait_for_turn("enquiries of a phone", phone)
        if rows.filter(phone_key=phone).count() >= MOST_OF_PHONE:
            raise TooMany("Ce numéro de téléphone figure déjà dans des demandes qui attendent une réponse.")
    _check_merchant(enquiry.merchant)


def _check_merchant(merchant: MerchantPage) -> None:
    rate_limits.wait_for_turn("enquiries of a merchant", str(merchant.pk))
    if Enquiry.objects.open().filter(merchant=merchant).count() >= MOST_OF_MERCHANT:
        raise TooMany("Trop de demandes attendent déjà ce commerce. Téléphonez-lui, ou réessayez demain.")
