"""Identifies buyers, and whether an e-mail address is confirmed."""

from contextlib import suppress

from allauth.account.models import EmailAddress
from django.utils.crypto import salted_hmac
from django.utils.encoding import punycode

from portal.client_address import UNKNOWN
from portal.models import User
from portal.phone import telephone_url

DOTS_DO_NOT_COUNT = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def email_key(email: str) -> str:
    """Return the mailbox behind an address, whatever its case and tag: "Camille+test@Gmail.com" -> "camille@gmail.com".

    A domain in another alphabet is written in ASCII, as it is asked for ("exämple.fr" -> "xn--exmple-cua.fr").

    Two addresses of one key reach one person as a rule; it counts limits, and never says whose a purchase is.
    """
    name, _, domain = email.strip().lower().rpartition("@")
    with suppress(UnicodeError):
        domain = punycode(domain)
    name = name.partition("+")[0] or name
    if domain in DOTS_DO_NOT_COUNT:
        name, domain = name.replace(".", ""), DOTS_DO_NOT_COUNT[domain]
    return f"{name}@{domain}"[:254]


def phone_key(phone: str) -> str:
    """Return a stored number as it is dialled from anywhere: "06 39 98 21 40" -> "+33639982140"."""
    return telephone_url(phone).removeprefix("tel:")[:20]


def visitor_key(address: str) -> str:
    """Return what stands for a network address as long as a hold lasts, or "" when the network tells none.

    A keyed hash, not the address: who reads the table cannot tell where a visitor was.
    """
    return "" if address == UNKNOWN else salted_hmac("shop.visitor", address, algorithm="sha256").hexdigest()


def is_verified(user: User | None, email: str) -> bool:
    """Return whether an address is one that this account has proved to be its own."""
    if user is None:
        return False
    return EmailAddress.objects.filter(user=user, verified=True, email__iexact=email.strip()).exists()
