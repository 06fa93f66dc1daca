"""Giving access to a merchant's page and taking it away: at once, and noted in the journal."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.urls import reverse

from directory.emails import send
from directory.models import MerchantManager, MerchantPage
from directory.people.models import Invitation, Role
from directory.vetting import journal
from directory.vetting.journal import Act
from portal import database_clock
from portal.models import User

VALID = timedelta(days=7)  # an invitation
MOST = 20  # people and invitations of one merchant
SALT = "directory.people.invitation"


@dataclass(frozen=True)
class Mandate:
    """For which body somebody acts, and until which day included."""

    agency: str
    until: date


def give(
    merchant: MerchantPage, user: User, role: str, by: User, application: str = "", mandate: Mandate | None = None
) -> None:
    """Give access, inside the caller's transaction; who has it keeps the role they have, a new mandate its own day.

    application: number of the one that it follows from, for the journal.
    """
    told = {"role": role} | (asdict(mandate) if mandate else {})
    MerchantManager.objects.filter(merchant=merchant, user=user, role=Role.MANDATE).delete()
    _, is_new = MerchantManager.objects.get_or_create(merchant=merchant, user=user, defaults=told)
    if is_new:
        journal.note(Act.ACCESS_GIVEN, by, application=application, merchant=merchant.pk, account=user.pk, role=role)


@transaction.atomic
def remove(access_id: int, merchant: MerchantPage, by: User) -> bool:
    """Take access away at once; return False where that would leave the merchant without an owner."""
    accesses = list(MerchantManager.objects.select_for_update().filter(merchant=merchant))
    access = next((one for one in accesses if one.pk == access_id), None)
    if access is None:
        return True
    if not any(one.role == Role.OWNER for one in accesses if one.pk != access_id):
        return False
    journal.note(Act.ACCESS_WITHDRAWN, by, merchant=merchant.pk, account=access.user_id, role=access.role)
    access.delete()
    return True


@transaction.atomic
def invite(merchant: MerchantPage, email: str, role: str, by: User, mandate: Mandate | None = None) -> bool:
    """Send an invitation, in the place of an earlier one; return False where there are too many already."""
    MerchantPage.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
    merchant.invitations.filter(email__iexact=email).delete()
    if merchant.accesses.count() + merchant.invitations.count() >= MOST:
        return False
    expires_at = database_clock.now() + VALID
    told = {"email": email, "role": role, "inviter": by, "expires_at": expires_at}
    invitation = Invitation.objects.create(merchant=merchant, **told, **(asdict(mandate) if mandate else {}))
    context = {
        "merchant": merchant,
        "inviter": by.get_full_name() or by.email,
        "path": reverse("invitation", args=[token_of(invitation)]),
        "expires_at": expires_at,
    }
    send(f"Invitation à tenir la page : {merchant.title}", "directory/people/emails/invited.txt", email, context)
    return True


def token_of(invitation: Invitation) -> str:
    return signing.dumps(invitation.pk, salt=SALT)


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation of a link, None where it was used, cancelled, or has expired."""
    try:
        number = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    valid = Invitation.objects.filter(pk=number, expires_at__gt=database_clock.now())
    return valid.select_related("merchant", "merchant__town", "inviter").first()


def is_for(invitation: Invitation, user: User) -> bool:
    return EmailAddress.objects.filter(user=user, verified=True, email__iexact=invitation.email).exists()


@transaction.atomic
def accept(invitation: Invitation, user: User) -> bool:
    """Use an invitation up; return False if somebody, or another click, has done so before."""
    held = Invitation.objects.select_for_update(of=("self",)).select_related("merchant", "inviter")
    found = held.filter(pk=invitation.pk, expires_at__gt=database_clock.now()).first()
    if found is None:
        return False
    found.delete()
    mandate = Mandate(found.agency, found.until) if found.until else None
    if mandate and mandate.until < database_clock.today():
        return False
    give(found.merchant, user, found.role, found.inviter, mandate=mandate)
    return True
