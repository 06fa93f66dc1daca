"""The link by which hours are confirmed without a login: for one page, one state of its hours, and a while."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from directory.models import MerchantPage

VALID = timedelta(days=60)
SALT = "directory.freshness.confirm"


@dataclass(frozen=True)
class Asked:
    """What a link asks. is_used: the hours were confirmed, or changed, since it was sent."""

    merchant: MerchantPage
    is_used: bool


def token_of(merchant: MerchantPage) -> str:
    return signing.dumps([merchant.pk, _state(merchant)], salt=SALT)


def asked_by(token: str, is_locked: bool = False) -> Asked | None:
    """Return what a link asks, None where it is forged, has expired, or its page is no longer online.

    is_locked: nobody else confirms meanwhile; inside a transaction.
    """
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=VALID)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    merchants = MerchantPage.objects.live()
    if is_locked:
        merchants = merchants.select_for_update(of=("self",))
    merchant = merchants.filter(pk=pk).first()
    return merchant and Asked(merchant, is_used=_state(merchant) != state)


def _state(merchant: MerchantPage) -> str:
    """Return what a link is good for: these hours, confirmed last on that day. Once tapped it is another."""
    return f"{merchant.confirmed_on or ''} {merchant.opening_hours}"
