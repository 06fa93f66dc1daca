"""How people sign what they do for a merchant: their name, and by a mandate « par X (organisme) pour Y »."""

from directory.models import MerchantManager, MerchantPage
from directory.people.models import Role
from portal.models import User


def mandate_of(user: User, merchant_id: int) -> MerchantManager | None:
    """Return the mandate by which somebody acts for a merchant today, or None."""
    found = MerchantManager.objects.holding().filter(user=user, merchant=merchant_id, role=Role.MANDATE)
    return found.select_related("merchant").first()


def signed_for(user: User, merchant: MerchantPage | None) -> str:
    """Return a person's name as they sign for a merchant."""
    name = user.get_full_name() or user.email
    mandate = mandate_of(user, merchant.pk) if merchant else None
    return f"{name} ({mandate.agency}) pour {mandate.merchant.title}" if mandate else name
