"""Asking to keep a page that is there already, and being told."""

from django.db import IntegrityError, transaction
from django.urls import reverse

from directory.emails import send
from directory.models import MerchantPage
from directory.people.access import give
from directory.people.models import AccessRequest, Role
from portal import database_clock
from portal.editors import addresses_to_notify
from portal.models import User

Kind, State = AccessRequest.Kind, AccessRequest.State


def waiting_of(merchant: MerchantPage, user: User) -> AccessRequest | None:
    return AccessRequest.objects.filter(merchant=merchant, requester=user, state=State.WAITING).first()


def ask(merchant: MerchantPage, user: User, kind: str, text: str) -> None:
    """Store a request and tell who answers it: who keeps the page; the Region, where nobody does or they claim it."""
    try:
        with transaction.atomic():
            AccessRequest.objects.create(merchant=merchant, requester=user, kind=kind, text=text)
            keepers = [access.user.email for access in merchant.accesses.select_related("user")]
            to_keepers = bool(keepers) and kind == Kind.JOIN
            path = reverse("people:list", args=[merchant.pk]) if to_keepers else reverse("access_requests")
            context = {"merchant": merchant, "requester": user, "text": text, "kind": kind, "path": path}
            for address in keepers if to_keepers else addresses_to_notify("access request"):
                send(f"Demande d’accès : {merchant.title}", "directory/people/emails/asked.txt", address, context)
    except IntegrityError:
        return  # a double click: one is waiting already


@transaction.atomic
def answer(request_id: int, by: User, given: bool) -> AccessRequest | None:
    """Give or refuse what was asked, once; return it, None if somebody has answered before."""
    request = AccessRequest.objects.select_for_update(of=("self",)).filter(pk=request_id, state=State.WAITING).first()
    if request is None:
        return None
    request.state = State.GIVEN if given else State.REFUSED
    request.answered_at = database_clock.now()
    request.answerer = by.get_full_name() or by.email
    request.save()
    if given:
        give(request.merchant, request.requester, Role.OWNER if request.kind == Kind.OWN else Role.HELPER, by)
    subject = f"{'Acceptée' if given else 'Refusée'} : votre demande pour {request.merchant.title}"
    path = reverse("space:profile", args=[request.merchant_id]) if given else ""
    send(
        subject,
        "directory/people/emails/answered.txt",
        request.requester.email,
        {"request": request, "given": given, "path": path},
    )
    return request
